// SPDX-License-Identifier: Apache-2.0
import type { StageError } from '@greenroom/plugin-triage-common';
import { Fields } from '../shared/Fields';
import { stageError } from '../shared/stageError';
import type { SarifRun } from './SarifRun';

const MAX_ERRORS = 20;

/**
 * What a run says went wrong: a tool that ended badly (§3.20.14), its
 * notifications of level `error` (§3.58.6), results kept in other files
 * (§3.14.2).
 */
export function sarifErrors(run: SarifRun, source: string): StageError[] {
  const { driver, fields } = run;
  const say = (code: string, message: string) =>
    stageError('sarif', code, `${driver}: ${message}`, source);
  const errors = fields.list('invocations').flatMap(each => {
    const invocation = new Fields(each);
    const notes = [
      ...invocation.list('toolExecutionNotifications'),
      ...invocation.list('toolConfigurationNotifications'),
    ].map(note => new Fields(note));
    const said = notes
      .filter(note => note.text('level') === 'error')
      .map(note => say('tool-error', noteText(note, run)));
    const failed = invocation.fails('executionSuccessful');
    return failed && said.length === 0
      ? [say('tool-failed', 'the tool did not end well')]
      : said;
  });
  const external = fields
    .object('externalPropertyFileReferences')
    .list('results');
  if (external.length > 0) {
    errors.push(say('external-results', 'results are in other files'));
  }
  return errors.slice(0, MAX_ERRORS);
}

function noteText(note: Fields, run: SarifRun): string {
  const message = note.object('message').text('text') ?? 'an error';
  const place = new Fields(note.list('locations')[0]);
  const file = run.pathOf(place.object('physicalLocation'));
  return file ? `${message} (${file})` : message;
}

// SPDX-License-Identifier: Apache-2.0
import type { Finding, StageError } from '@greenroom/plugin-triage-common';
import { hidePassword, holdsPassword } from '../bandit/hidePassword';
import { createFinding } from '../shared/createFinding';
import { Fields, isRecord } from '../shared/Fields';
import { advisoriesIn, cweOf } from '../shared/identifiers';
import { counted, stageError } from '../shared/stageError';
import type { ToolResult } from '../shared/types';
import { sarifErrors } from './sarifErrors';
import { sarifMessage } from './sarifMessage';
import { sarifPackage } from './sarifPackage';
import { type SarifRule, SarifRun } from './SarifRun';
import { sarifSeverity } from './sarifSeverity';
import { sarifKind, sarifTool } from './sarifTool';

/** Large, and of use to none who reads a finding. */
const LEFT_OUT = [
  'guid',
  'correlationGuid',
  'fixes',
  'relatedLocations',
  'codeFlows',
  'graphs',
  'stacks',
  'fingerprints',
  'partialFingerprints',
];
/** A result of these kinds says that all is well (§3.27.9). */
const NO_FINDINGS = new Set(['pass', 'notApplicable']);

/**
 * Reads SARIF 2.1.0 of any tool: one finding for each result of each run. Its
 * locations are places of the same finding (§3.27.12); the first is given.
 * Results that pass, that are suppressed (§3.27.23: all but those whose
 * suppression is rejected or under review) or that a baseline says are gone
 * (§3.27.24) are no findings.
 */
export function parseSarif(value: unknown, source: string): ToolResult {
  const findings: Finding[] = [];
  const errors: StageError[] = [];
  for (const each of new Fields(value).list('runs').filter(isRecord)) {
    const run = new SarifRun(new Fields(each));
    errors.push(...sarifErrors(run, source));
    let suppressed = 0;
    for (const result of run.fields.list('results').filter(isRecord)) {
      const fields = new Fields(result);
      if (isSuppressed(fields)) {
        suppressed += 1;
      } else if (isFinding(fields)) {
        findings.push(sarifFinding(fields, run));
      }
    }
    if (suppressed > 0) {
      const message = `${run.driver}: ${counted(suppressed, 'result is', 'results are')} suppressed in the report and left out`;
      errors.push(stageError('sarif', 'suppressed', message, source));
    }
  }
  return { findings, errors };
}

function isSuppressed(result: Fields): boolean {
  return result
    .list('suppressions')
    .map(each => new Fields(each).text('status') ?? 'accepted')
    .some(status => status === 'accepted');
}

function isFinding(result: Fields): boolean {
  return (
    !NO_FINDINGS.has(result.text('kind') ?? 'fail') &&
    result.text('baselineState') !== 'absent'
  );
}

function sarifFinding(result: Fields, run: SarifRun): Finding {
  const rule = run.ruleOf(result);
  const id = result.text('ruleId') ?? rule?.id ?? '';
  const ofDriver = sarifTool(run.driver);
  const { tool } = ofDriver;
  const name = rule?.fields.text('name');
  const tags = rule?.tags ?? [];
  const kind = sarifKind(tool, ofDriver.kind, { id, name, tags });
  const message = sarifMessage(result, rule, run);
  const locations = result.list('locations');
  const place = new Fields(locations[0]).object('physicalLocation');
  const region = place.object('region');
  const isSecret = kind === 'secret';
  const hidden = tool === 'bandit' && holdsPassword(id);
  const severity = sarifSeverity(result, rule);
  result.skip(...LEFT_OUT);
  const more = {
    locations: locations.length > 1 ? locations.length : undefined,
    tool: tool === 'sarif' ? run.driver : undefined,
  };
  return createFinding({
    tool,
    kind,
    rule: id,
    severity,
    message: isSecret
      ? (rule?.text ?? hideMatch(message))
      : hidePassword(hidden ? id : '', message),
    file: run.pathOf(place),
    line: region.number('startLine'),
    endLine: region.number('endLine'),
    column: region.number('startColumn'),
    ...sarifPackage(tool, message, new Fields(locations[0])),
    identifiers: identifiersOf(result, rule, id),
    url: result.text('hostedViewerUri') ?? rule?.url,
    // What else is said of a secret may hold it: snippets, fingerprints.
    extra: isSecret || hidden ? new Fields({}).rest(more) : result.rest(more),
  });
}

/** Trivy's message of a secret ends with the line that it stands in. */
function hideMatch(message: string): string {
  return message.replace(/\bMatch: .*/s, '').trim();
}

function identifiersOf(
  result: Fields,
  rule: SarifRule | undefined,
  id: string,
): string[] {
  const properties = result.object('properties');
  const tags = [...(rule?.tags ?? []), ...properties.texts('tags')];
  const relations = rule?.fields.list('relationships') ?? [];
  const targets = relations.map(each => new Fields(each).object('target'));
  const taxa = result.list('taxa').map(each => new Fields(each));
  const cwes = [...targets, ...taxa]
    .filter(each =>
      /^cwe/i.test(each.object('toolComponent').text('name') ?? ''),
    )
    .map(each => cweOf(each.text('id') ?? ''));
  const snyk = rule?.fields.object('properties').texts('cwe') ?? [];
  const texts = [id, rule?.fields.object('fullDescription').text('text') ?? ''];
  return [
    ...texts.flatMap(advisoriesIn),
    ...[...tags, ...snyk].flatMap(tag => cweOf(tag) ?? advisoriesIn(tag)),
    ...cwes,
  ].filter(each => each !== undefined);
}

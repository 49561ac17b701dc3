// SPDX-License-Identifier: Apache-2.0
import type { PipelineRun, EffectContext } from '@greenroom/plugin-triage-node';
import { renderMarkdown } from '@greenroom/triage-engine';

/** GitHub takes 65,536 characters. */
const MAX_BODY = 65_000;

/** The report, with the way to the portal. */
export function renderBody(
  { report, portalUrl, seen }: EffectContext,
  target: 'comment' | 'issue',
  extra: string[] = [],
): string {
  const footer = [
    '',
    '---',
    `[Report, log and answers in the portal](${portalUrl})${seen > 1 ? ` · seen ${seen} times in this repository` : ''}`,
    ...extra,
    '',
  ].join('\n');
  return `${renderMarkdown(report, { target, maxLength: MAX_BODY - footer.length }).trimEnd()}\n${footer}`;
}

const recoveredMarker = ({ runId, runAttempt }: PipelineRun) =>
  `<!-- greenroom-triage:v1 recovered=${runId}.${runAttempt} -->`;

/** Whether a text says already that this run passed. @public */
export function saysRecovered(body: string, passed: PipelineRun): boolean {
  return body.includes(recoveredMarker(passed));
}

/** That a later run passed. Its address comes from GitHub's API, its number is digits. @public */
export function renderRecovered(passed: PipelineRun): string {
  return `${recoveredMarker(passed)}\n**Recovered**: [run ${passed.runId}](${passed.url}) passed at commit ${passed.commit.slice(0, 7)}.`;
}

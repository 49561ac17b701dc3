// SPDX-License-Identifier: Apache-2.0
import type { TriageReport } from '@greenroom/plugin-triage-common';
import { neutralize } from './neutralize';
import { promptSources, promptSuspects } from './promptIds';
import { MAX_FIELD_CHARACTERS, shownDraft } from './shownDraft';

/** For what is not a line of a log; the lines have the rest. */
const MAX_FACT_CHARACTERS = 16_000;
const MAX_LINE_CHARACTERS = 2_000;

// Every value in quotes, so that none can pass for a field or a heading.
function field(name: string, value: string | number | undefined): string[] {
  return value === undefined || value === ''
    ? []
    : [
        `${name}=${JSON.stringify(neutralize(String(value), MAX_FIELD_CHARACTERS))}`,
      ];
}

function describeFailure({ incident, failure }: TriageReport): string[] {
  const { run, model, repository, workflow } = incident;
  const { step } = failure;
  return [
    'FAILURE',
    [
      ...field('type', failure.type),
      ...field('rule', failure.rule),
      ...field('reason', failure.reason),
    ].join(' '),
    [
      ...field('repository', repository),
      ...field('workflow', workflow),
      ...field('branch', run?.branch),
      ...field('commit', run?.commit),
      ...field('model', model),
    ].join(' '),
    [
      ...field('job', step?.job),
      ...field('step', step?.name),
      ...field('exitCode', step?.exitCode),
    ].join(' '),
  ].filter(line => line !== '');
}

function describeAlert({ incident }: TriageReport): string[] {
  const { alert } = incident;
  return alert
    ? [
        '',
        'ALERT',
        [
          ...field('name', alert.name),
          ...field('severity', alert.severity),
          ...field('startsAt', alert.startsAt),
          ...field('namespace', alert.namespace),
          ...field('service', alert.service),
          ...field('pod', alert.pod),
          ...field('container', alert.container),
        ].join(' '),
        [
          ...field('summary', alert.summary),
          ...field('description', alert.description),
          ...field('expression', alert.expression),
        ].join(' '),
      ]
    : [];
}

function describeTimeline({ timeline = [] }: TriageReport): string[] {
  return timeline.map(({ at, source, text }) =>
    [
      '-',
      ...field('at', at),
      ...field('of', source),
      ...field('what', text),
    ].join(' '),
  );
}

function describeFindings({ findings }: TriageReport): string[] {
  return findings.map(finding =>
    [
      '-',
      ...field('tool', finding.tool),
      ...field('rule', finding.rule),
      ...field('severity', finding.severity),
      ...field('file', finding.file),
      ...field('line', finding.line),
      ...field('package', finding.package),
      ...field('version', finding.version),
      ...field('fixedVersion', finding.fixedVersion),
      ...field('message', finding.message),
    ].join(' '),
  );
}

function describeTests({ tests }: TriageReport): string[] {
  return tests.flatMap(({ framework, failedTests }) =>
    failedTests.map(test =>
      [
        '-',
        ...field('framework', framework),
        ...field('name', test.name),
        ...field('file', test.file),
        ...field('line', test.line),
        ...field('message', test.message),
      ].join(' '),
    ),
  );
}

function describeChanges({ changes }: TriageReport): string[] {
  return changes.map(({ kind, name, before, after }) =>
    [
      '-',
      ...field('kind', kind),
      ...field('name', name),
      ...field('before', before),
      ...field('after', after),
    ].join(' '),
  );
}

function describeSuspects(draft: TriageReport): string[] {
  return promptSuspects(draft).map(({ id, suspect }) =>
    [
      id,
      ...field('sha', suspect.sha.slice(0, 12)),
      ...field('message', suspect.message),
      ...field('why', suspect.reasons.join('; ')),
    ].join(' '),
  );
}

function section(title: string, lines: string[], total: number): string[] {
  if (lines.length === 0) {
    return [];
  }
  const rest = total - lines.length;
  return ['', title, ...lines, ...(rest > 0 ? [`(${rest} more)`] : [])];
}

// From both ends, since the first error and the summary stand there.
function keepWithin(lines: string[], maxCharacters: number): string[] {
  let left = maxCharacters;
  const kept = new Set<number>();
  for (let step = 0; step < lines.length; step++) {
    const index = step % 2 === 0 ? step / 2 : lines.length - (step + 1) / 2;
    left -= lines[index].length + 1;
    if (left < 0) {
      break;
    }
    kept.add(index);
  }
  if (kept.size === lines.length) {
    return lines;
  }
  const firstGap = lines.findIndex((_, index) => !kept.has(index));
  return lines.flatMap((line, index) => {
    if (kept.has(index)) {
      return [line];
    }
    return index === firstGap
      ? [`(${lines.length - kept.size} lines left out)`]
      : [];
  });
}

function describeLogs(draft: TriageReport, maxCharacters: number): string[] {
  const sources = promptSources(draft);
  const share = Math.floor(maxCharacters / Math.max(1, sources.length));
  return sources.flatMap(({ id, excerpt }) => [
    '',
    `LOG ${id} ${[
      ...field('file', excerpt.source),
      ...field('lines', excerpt.totalLines),
      ...field('kept', excerpt.lines.length),
      ...field(
        'comparedWithPassingRun',
        excerpt.comparedWithPass ? 'yes' : 'no',
      ),
    ].join(' ')}`,
    ...keepWithin(
      excerpt.lines.map(
        ({ number, text }) =>
          `L${number}|${neutralize(text, MAX_LINE_CHARACTERS)}`,
      ),
      share,
    ),
  ]);
}

/**
 * All of a redacted draft that a model may see, as lines of bounded size.
 * Nothing else goes into a prompt.
 */
export function describeDraft(
  draft: TriageReport,
  maxCharacters: number,
): string[] {
  const shown = shownDraft(draft);
  const failedTests = draft.tests.reduce(
    (sum, { failedTests: failed }) => sum + failed.length,
    0,
  );
  const facts = keepWithin(
    [
      ...describeFailure(draft),
      ...describeAlert(draft),
      ...section(
        'WHAT HAPPENED AROUND THE ALERT',
        describeTimeline(shown),
        draft.timeline?.length ?? 0,
      ),
      ...section('FAILED TESTS', describeTests(shown), failedTests),
      ...section('FINDINGS', describeFindings(shown), draft.findings.length),
      ...section(
        'CHANGES SINCE THE LAST GREEN RUN, AGAINST THE CHAMPION OR BEFORE THE ALERT',
        describeChanges(shown),
        draft.changes.length,
      ),
      ...section(
        'COMMITS SINCE THE LAST GREEN RUN',
        describeSuspects(shown),
        draft.suspects.length,
      ),
    ],
    Math.min(MAX_FACT_CHARACTERS, maxCharacters / 2),
  );
  const used = facts.reduce((sum, line) => sum + line.length + 1, 0);
  return [...facts, ...describeLogs(draft, maxCharacters - used)];
}

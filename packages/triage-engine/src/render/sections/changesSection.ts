// SPDX-License-Identifier: Apache-2.0
import type { Change, TriageReport } from '@greenroom/plugin-triage-common';
import type { RenderLimits } from '../renderLimits';
import { codeSpan } from '../markup/codeSpan';
import { markdownTable } from '../markup/markdownTable';
import { andMore, counted } from './andMore';

const MODEL_KINDS = new Set<Change['kind']>([
  'parameter',
  'data',
  'library',
  'metric',
]);

const value = (text: string | undefined) =>
  text === undefined ? '–' : codeSpan(text, 80);

function difference({ before, after }: Change): string {
  const was = Number(before ?? NaN);
  const is = Number(after ?? NaN);
  if (
    before?.trim() === '' ||
    after?.trim() === '' ||
    !Number.isFinite(is - was)
  ) {
    return '';
  }
  const change = Number((is - was).toPrecision(4));
  return change === 0 ? '0' : `${change > 0 ? '+' : '−'}${Math.abs(change)}`;
}

/** How the candidate differs from the champion. */
export function championSection(
  report: TriageReport,
  limits: RenderLimits,
): string[] {
  const changes = report.changes.filter(({ kind }) => MODEL_KINDS.has(kind));
  if (changes.length === 0) {
    return [];
  }
  const shown = changes.slice(0, limits.changes);
  return [
    '#### Against the champion',
    markdownTable(
      ['', 'Name', 'Champion', 'This model', 'Difference'],
      shown.map(change => [
        change.kind,
        codeSpan(change.name, 80),
        value(change.before),
        value(change.after),
        change.kind === 'metric' ? difference(change) : '',
      ]),
    ),
    ...andMore(changes.length, shown.length),
  ];
}

function listFiles(files: Change[], max: number): string[] {
  if (files.length === 0) {
    return [];
  }
  const shown = files.slice(0, max);
  const names = shown.map(
    ({ name, after }) =>
      `${codeSpan(name, 120)}${after && after !== 'modified' ? ` (${codeSpan(after, 40)})` : ''}`,
  );
  return [
    `${counted(files.length, 'changed file')}: ${[...names, ...andMore(files.length, shown.length)].join(', ')}`,
  ];
}

/** What is other than in the last green run. */
export function changesSection(
  report: TriageReport,
  limits: RenderLimits,
): string[] {
  const changes = report.changes.filter(({ kind }) => !MODEL_KINDS.has(kind));
  if (changes.length === 0) {
    return [];
  }
  const isAlert = report.incident.kind === 'alert';
  const files = changes.filter(({ kind }) => kind === 'file');
  const others = changes.filter(({ kind }) => kind !== 'file');
  const shown = others.slice(0, limits.changes);
  return [
    isAlert ? '#### Changed before' : '#### Changed since the last green run',
    ...(shown.length > 0
      ? [
          markdownTable(
            isAlert
              ? ['', 'Name', 'Before', 'After']
              : ['', 'Name', 'Last green', 'This run'],
            shown.map(({ kind, name, before, after }) => [
              kind,
              codeSpan(name, 120),
              value(before),
              value(after),
            ]),
          ),
        ]
      : []),
    ...andMore(others.length, shown.length),
    ...listFiles(files, limits.changes),
  ];
}

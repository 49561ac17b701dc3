// SPDX-License-Identifier: Apache-2.0
import type { Finding, TriageReport } from '@greenroom/plugin-triage-common';
import { figure } from '../../evidence/parse/gate/parseGate';
import { codeSpan } from '../markup/codeSpan';
import { markdownProse } from '../markup/markdownProse';
import { markdownTable } from '../markup/markdownTable';

const MAX_GATES = 5;

function scalar(
  { extra = {} }: Finding,
  ...keys: string[]
): string | undefined {
  const value = keys
    .map(key => extra[key])
    .find(each => each !== undefined && each !== null);
  return typeof value === 'string' || typeof value === 'number'
    ? String(value)
    : undefined;
}

const WORDS: Record<string, string> = { maximize: 'higher', minimize: 'lower' };

/** The figures of the gate's console line, or of its `greenroom.gate.*` tags. */
const FIGURES: Array<
  [title: string, read: (gate: Finding) => string | undefined]
> = [
  ['Metric', gate => scalar(gate, 'metric')],
  ['This model', gate => figure(scalar(gate, 'value'))],
  ['Threshold', gate => figure(scalar(gate, 'threshold'))],
  [
    'Better is',
    gate => {
      const direction = scalar(gate, 'direction');
      return direction && (WORDS[direction] ?? direction);
    },
  ],
  [
    'Champion',
    gate => {
      const version = scalar(gate, 'championVersion', 'champion_version');
      return (
        [scalar(gate, 'champion'), version && `v${version}`]
          .filter(Boolean)
          .join(' ') || undefined
      );
    },
  ],
  [
    'Champion’s value',
    gate => figure(scalar(gate, 'championValue', 'champion_value')),
  ],
  [
    'This model on the same rows',
    gate => figure(scalar(gate, 'candidate_value')),
  ],
  ['Same answer to every row', gate => figure(scalar(gate, 'constant'))],
  ['Linear model', gate => figure(scalar(gate, 'linear'))],
];

/**
 * The verdicts of the gate, where it may be what failed: a test of a gate prints
 * verdicts too.
 */
export function gateFindings({ failure, findings }: TriageReport): Finding[] {
  return failure.type === 'gate' || failure.type === 'unknown'
    ? findings.filter(({ kind }) => kind === 'gate')
    : [];
}

/** What the quality gate measured, against which threshold and champion. */
export function gateSection(report: TriageReport): string[] {
  const gates = gateFindings(report).slice(0, MAX_GATES);
  if (gates.length === 0) {
    return [];
  }
  const figures = FIGURES.map(([title, read]) => ({
    title,
    values: gates.map(read),
  })).filter(({ values }) => values.some(value => value !== undefined));
  const rows = gates.map((_, index) =>
    figures.map(({ values }) =>
      values[index] === undefined ? '–' : codeSpan(values[index], 80),
    ),
  );
  // A model below the threshold and the champion has two findings of the same figures.
  const unique = rows.filter(
    (row, index) =>
      rows.findIndex(each => each.join() === row.join()) === index,
  );
  return [
    '#### Quality gate',
    gates.map(({ message }) => `- ${markdownProse(message, 400)}`).join('\n'),
    ...(figures.length > 0
      ? [
          markdownTable(
            figures.map(({ title }) => title),
            unique,
          ),
        ]
      : []),
  ];
}

import type { Finding, TriageReport } from '@greenroom/plugin-triage-common';
import { codeSpan } from '../text/codeSpan';
import { markdownProse } from '../text/markdownProse';
import { markdownTable } from '../text/markdownTable';

const MAX_GATES = 5;

/** The gate's own nouns (`greenroom.gate.*`), in the order of a sentence. */
const FIGURES: Array<[title: string, keys: string[]]> = [
  ['Metric', ['metric']],
  ['This model', ['value']],
  ['Threshold', ['threshold']],
  ['Better is', ['direction']],
  ['Champion', ['championVersion', 'champion_version', 'champion']],
  ['Champion’s value', ['championValue', 'champion_value']],
];

function figureOf({ extra = {} }: Finding, keys: string[]): string | undefined {
  const value = keys
    .map(key => extra[key])
    .find(each => each !== undefined && each !== null);
  return typeof value === 'string' || typeof value === 'number'
    ? String(value)
    : undefined;
}

/** What the quality gate measured, against which threshold and champion. */
export function gateSection(report: TriageReport): string[] {
  const gates = report.findings
    .filter(({ kind }) => kind === 'gate')
    .slice(0, MAX_GATES);
  if (gates.length === 0) {
    return [];
  }
  const figures = FIGURES.map(([title, keys]) => ({
    title,
    cells: gates.map(gate => figureOf(gate, keys)),
  })).filter(({ cells }) => cells.some(cell => cell !== undefined));
  return [
    '#### Quality gate',
    gates.map(({ message }) => `- ${markdownProse(message, 400)}`).join('\n'),
    ...(figures.length > 0
      ? [
          markdownTable(
            figures.map(({ title }) => title),
            gates.map((_, index) =>
              figures.map(({ cells }) =>
                cells[index] === undefined
                  ? '–'
                  : codeSpan(cells[index] ?? '', 80),
              ),
            ),
          ),
        ]
      : []),
  ];
}

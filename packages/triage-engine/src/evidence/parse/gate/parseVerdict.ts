// SPDX-License-Identifier: Apache-2.0
import type { Evidence, Finding } from '@greenroom/plugin-triage-common';
import { createFinding } from '../shared/createFinding';

const NUMBER = '-?(?:\\d{1,40}(?:\\.\\d{1,40})?(?:e[+-]?\\d{1,4})?|inf|nan)';
const HEAD = new RegExp(
  `^Gate (FAILED|passed): (.{1,200}?) (${NUMBER}) ([<>≥≤]) (${NUMBER}) \\(threshold\\)`,
);
const NOT_A_NUMBER =
  /^Gate FAILED: (.{1,200}?) is not a number on the held-out rows/;
const CHAMPION = new RegExp(
  `champion (.{1,300}) v(\\d{1,9}) has (${NUMBER})(, ${NUMBER} better)?`,
);

/** How the gate's other reasons begin, which stand after threshold and champion. */
const OTHERS: Array<[rule: string, begins: RegExp]> = [
  ['gate-constant-answer', /^The model has learnt nothing that /],
  ['gate-model-size', /^The model size is /],
  ['gate-latency', /^The latency is /],
  ['gate-library-versions', /^(?:KServe's server loads|the image has) /],
];

/**
 * Why a gate did not let a model pass, from its sentence (`describe` of
 * greenroom-ml's `evaluation/verdict.py`): below the threshold, worse than the
 * champion, not a number, no better than a constant answer, too large, too slow,
 * or made by other libraries than those that will serve it. One finding for each
 * of these; none where it passed.
 */
export function parseVerdict(sentence: string, evidence?: Evidence): Finding[] {
  if (!sentence.startsWith('Gate FAILED: ')) {
    return [];
  }
  const parts = sentence.slice(0, 8000).split('; ');
  const findings: Finding[] = [];
  const add = (rule: string, message: string, extra?: Finding['extra']) =>
    findings.push(
      createFinding({
        tool: 'gate',
        kind: 'gate',
        rule,
        severity: 'high',
        message,
        evidence,
        extra,
      }),
    );
  const head = HEAD.exec(parts[0]);
  const others = parts.slice(1).flatMap(part =>
    OTHERS.filter(([, begins]) => begins.test(part)).map(([rule]) => ({
      rule,
      part,
    })),
  );
  const figures: NonNullable<Finding['extra']> = {};
  if (head) {
    const [, , metric, value, sign, threshold] = head;
    Object.assign(figures, {
      metric,
      value: Number(value),
      threshold: Number(threshold),
      direction: sign === '<' || sign === '≥' ? 'maximize' : 'minimize',
    });
  }
  const champion = parts
    .slice(1)
    .map(part => CHAMPION.exec(part))
    .find(Boolean);
  if (champion) {
    Object.assign(figures, {
      champion: champion[1],
      championVersion: champion[2],
      championValue: Number(champion[3]),
    });
  }
  const finite = JSON.parse(JSON.stringify(figures)) as typeof figures;
  if (NOT_A_NUMBER.test(parts[0])) {
    add('gate-not-a-number', parts[0]);
  } else if (
    head &&
    (head[4] === '<' || head[4] === '>') &&
    // A threshold within the interval fails by itself only, where the owner wants that.
    !(others.length > 0 && parts.some(part => part.startsWith('cannot tell: ')))
  ) {
    add('gate-threshold', parts[0], finite);
  }
  if (champion?.[4]) {
    add('gate-champion', `${parts[0]}; ${champion[0]}`, finite);
  }
  for (const { rule, part } of others) {
    add(rule, part);
  }
  if (findings.length === 0) {
    add('gate', sentence);
  }
  return findings;
}

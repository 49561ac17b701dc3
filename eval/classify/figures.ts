// SPDX-License-Identifier: Apache-2.0
import { unpackLogReduction } from '../data';
import type { Figure } from '../figures';
import { formatConfusion } from './formatConfusion';
import { scoreClassification } from './score';

/** The share of labelled logs whose type of failure is right; the matrix goes to standard error. */
export async function classificationFigures(): Promise<Figure[]> {
  const score = await scoreClassification([unpackLogReduction()]);
  process.stderr.write(
    `Types of failure, labels down, answers across:\n${formatConfusion(score.confusion)}\n`,
  );
  for (const each of score.cases.filter(
    ({ type, answer }) => type !== answer,
  )) {
    process.stderr.write(
      `  ${each.id}: labelled ${each.type}, answered ${each.answer} (${each.rule})\n`,
    );
  }
  const recorded = score.cases.filter(({ set }) => set === 'pipelines');
  for (const { id, problems } of recorded) {
    for (const problem of problems) {
      process.stderr.write(`  ${id}: ${problem}\n`);
    }
  }
  return [
    {
      part: 'classify',
      what: 'failure type on labelled logs',
      value: score.right / score.total,
      target: 0.95,
      bound: 'min',
      unit: 'share',
      of: Object.entries(score.bySet)
        .map(([set, { right, total }]) => `${set} ${right}/${total}`)
        .join(', '),
    },
    {
      part: 'classify',
      what: 'recorded pipelines: step, proof and root cause',
      value:
        recorded.filter(({ problems }) => problems.length === 0).length /
        recorded.length,
      target: 1,
      bound: 'min',
      unit: 'share',
      of: `${recorded.length} pipelines`,
    },
  ];
}

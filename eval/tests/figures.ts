// SPDX-License-Identifier: Apache-2.0
import path from 'node:path';
import { unpackLogReduction } from '../data';
import type { Figure } from '../figures';
import { scoreTests } from './score';

/** Counts and names of tests, read from consoles. */
export async function testFigures(): Promise<Figure[]> {
  const score = await scoreTests(path.join(unpackLogReduction(), 'bugswarm'));
  const figure = (what: string, value: number): Figure => ({
    part: 'tests',
    what,
    value,
    target: 0.95,
    bound: 'min',
    unit: 'share',
    of: `${score.logs} logs`,
  });
  return [
    figure('counts of tests from console output', score.countsRight),
    figure('names of failing tests from console output', score.namesRecall),
  ];
}

// SPDX-License-Identifier: Apache-2.0
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Figure } from '../figures';
import { root, unpackLogReduction } from '../data';
import { loadCases, mostRecall } from './loadCases';

interface Row {
  set: 'cidiff' | 'bugswarm';
  cases: number;
  budget: number;
  who: 'tail' | 'reducer';
  overBudgetOrMissing: number;
  recall?: number;
  block?: number;
  first?: number;
  precision?: number;
  names?: number;
}

const TARGETS = [
  ['cidiff', 4000, 'first', 'CiDiff: first error line at 4k tokens', 0.96],
  ['cidiff', 4000, 'block', 'CiDiff: error blocks hit at 4k', 0.985],
  ['cidiff', 2000, 'block', 'CiDiff: error blocks hit at 2k', 0.975],
  ['cidiff', 1000, 'recall', 'CiDiff: recall at 1k', 0.8],
  ['cidiff', 4000, 'recall', 'CiDiff: recall at 4k', 0.9],
  ['bugswarm', 2000, 'names', 'BugSwarm: names of failing tests at 2k', 0.92],
  ['bugswarm', 4000, 'names', 'BugSwarm: names of failing tests at 4k', 0.95],
] as const;

/** Runs `score.mjs` on the command line that people use. */
export async function scoreReduction(): Promise<Figure[]> {
  const { bundleTriage } = await import(
    pathToFileURL(path.join(root, 'scripts', 'lib', 'bundleTriage.mjs')).href
  );
  const bundle: string = await bundleTriage();
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [
      path.join(root, 'eval', 'log-reduction', 'score.mjs'),
      '--data',
      unpackLogReduction(),
      '--json',
      '--',
      process.execPath,
      '-e',
      'require(process.argv[1]).main(["reduce"])',
      bundle,
    ],
    { encoding: 'utf8', maxBuffer: 64 * 1024 ** 2 },
  );
  if (status !== 0) {
    throw new Error(`score.mjs ended with ${status}: ${stderr}`);
  }
  const { table }: { table: Row[] } = JSON.parse(stdout);
  const find = (set: string, budget: number, who: string) => {
    const row = table.find(
      each => each.set === set && each.budget === budget && each.who === who,
    );
    if (!row) {
      throw new Error(`score.mjs says nothing of ${set} at ${budget}`);
    }
    return row;
  };
  const labelled = loadCases(unpackLogReduction());
  const figures = TARGETS.map(([set, budget, key, what, target]): Figure => {
    const row = find(set, budget, 'reducer');
    return {
      part: 'log-reduction',
      what,
      value: row[key] ?? 0,
      target,
      bound: 'min',
      unit: 'share',
      ...(key === 'recall' && {
        ceiling: mostRecall(labelled, budget),
      }),
      tail: find(set, budget, 'tail')[key],
      of: `${row.cases} logs`,
    };
  });
  return [
    ...figures,
    {
      part: 'log-reduction',
      what: 'answers over their budget, or missing',
      value: table.reduce(
        (sum, row) =>
          sum + (row.who === 'reducer' ? row.overBudgetOrMissing : 0),
        0,
      ),
      target: 0,
      bound: 'max',
      unit: 'count',
    },
  ];
}

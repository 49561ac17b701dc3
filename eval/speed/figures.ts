// SPDX-License-Identifier: Apache-2.0
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { root } from '../data';
import type { Figure } from '../figures';

interface Benchmark {
  rows: Array<{
    what: string;
    megabytes: number;
    megabytesPerCpuSecond: number;
    timesGrep: number;
    rssMB: number;
  }>;
}

/** Speed and memory of the reduction, by `benchmarks/reduce.mjs`. */
export async function speedFigures(): Promise<Figure[]> {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [path.join(root, 'benchmarks', 'reduce.mjs'), '--json'],
    { encoding: 'utf8' },
  );
  if (status !== 0) {
    throw new Error(`benchmarks/reduce.mjs ended with ${status}: ${stderr}`);
  }
  const { rows }: Benchmark = JSON.parse(stdout);
  return rows.flatMap((row): Figure[] => [
    {
      part: 'speed',
      what: `speed: ${row.what}`,
      value: row.megabytesPerCpuSecond,
      target: 40,
      bound: 'min',
      unit: 'MB/s',
      of: `${Math.round(row.megabytes)} MB on one core, ${row.timesGrep.toFixed(1)} times grep -c`,
      timed: true,
    },
    {
      part: 'speed',
      what: `memory: ${row.what}`,
      value: row.rssMB,
      target: 400,
      bound: 'max',
      unit: 'MB',
      timed: true,
    },
  ]);
}

// SPDX-License-Identifier: Apache-2.0
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { root } from '../data';
import { readFailedStep } from '../../packages/triage-engine/src/evidence/readFailedStep';
import type { ClassifyInput } from '../../packages/triage-engine/src/classify/types';
import { unpackRunLogs } from '../../packages/triage-engine/src/index';
import { findFailedSteps } from '../../packages/triage-engine/src/steps/findFailedSteps';

const threads = path.join(root, 'eval/threads');

const readShort = <T>(file: string): T =>
  JSON.parse(readFileSync(path.join(threads, file), 'utf8'));

/** What commands print that pass: much of it looks like errors. */
const passing = readShort<string[][]>('passing.json');

const passingLines = new Set(passing.flat());

/** Whether a line is of them. */
export const isOfPassing = (text: string): boolean => passingLines.has(text);

/** So many of them stand before what failed. */
const BLOCKS = 2;

/** What an expert says of a log: the types that are right, the lines that name the cause. */
export interface LabelledCase {
  name: string;
  /** The same case told twice is of one group: what checks holds back both. */
  group: number;
  log: string | Buffer;
  types: string[];
  decisive: string[];
}

interface Written {
  name: string;
  types: string[];
  decisive: string[];
  /** What one step ran and printed … */
  command?: string;
  output?: string[];
  exitCode?: number;
  /** … or the whole log, of a system other than GitHub Actions. */
  log?: string[];
}

const stamp = (second: number) =>
  new Date(Date.UTC(2026, 4, 4, 9, 0, second))
    .toISOString()
    .replace('Z', '4567Z ');

/** A job's log with what was written of it, and what the command printed before that. */
function toLog(
  { command = '', output = [], exitCode, log }: Written,
  before: string[] = [],
): Buffer {
  if (log) {
    return Buffer.from(log.join('\n'));
  }
  const lines = [
    '##[group]Run actions/checkout@v4',
    '##[endgroup]',
    'Syncing repository: acme/churn',
    `##[group]Run ${command.split('\n', 1)[0]}`,
    ...command.split('\n'),
    'shell: /usr/bin/bash -e {0}',
    '##[endgroup]',
    ...before,
    ...output,
    ...(exitCode === undefined
      ? []
      : [`##[error]Process completed with exit code ${exitCode}.`]),
    'Post job cleanup.',
  ];
  return Buffer.from(
    lines.map((line, index) => `${stamp(index)}${line}`).join('\n'),
  );
}

/**
 * Those of `open/`, of the files of short cases and of other folders; never those held
 * back. The short ones a second time as well, behind output of commands that passed.
 */
export function readLabelledCases(folders: string[]): LabelledCase[] {
  const cases = [path.join(threads, 'open'), ...folders].flatMap(folder =>
    readdirSync(folder)
      .sort()
      .map((name, group): LabelledCase => {
        const at = path.join(folder, name);
        const { input, types, decisive } = JSON.parse(
          readFileSync(path.join(at, 'expected.json'), 'utf8'),
        );
        return { name, group, log: path.join(at, input), types, decisive };
      }),
  );
  const short = ['written.json', 'quoted.json']
    .flatMap(file => readShort<Written[]>(file))
    .map((each, group) => ({ ...each, group }));
  return [
    ...cases,
    ...short.map(each => ({ ...each, log: toLog(each) })),
    ...short
      .filter(({ log }) => !log)
      .map(each => ({
        ...each,
        log: toLog(
          each,
          Array.from(
            { length: BLOCKS },
            (_, block) =>
              passing[(each.group * 5 + block * 7) % passing.length],
          ).flat(),
        ),
      })),
  ];
}

/** What the rules see of the step that failed. */
export async function readClassifyInput({
  log,
}: LabelledCase): Promise<ClassifyInput> {
  const logs = await unpackRunLogs(log, { name: 'run.log' });
  try {
    const [step] = await findFailedSteps(logs);
    return await readFailedStep({ step, logs, budgetTokens: 4000 });
  } finally {
    await logs.close();
  }
}

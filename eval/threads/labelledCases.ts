// SPDX-License-Identifier: Apache-2.0
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { root } from '../data';
import { readFailedStep } from '../../packages/triage-engine/src/evidence/readFailedStep';
import type { ClassifyInput } from '../../packages/triage-engine/src/classify/types';
import { unpackRunLogs } from '../../packages/triage-engine/src/index';
import { findFailedSteps } from '../../packages/triage-engine/src/steps/findFailedSteps';

/** What an expert says of a log: the types that are right, the lines that name the cause. */
export interface LabelledCase {
  name: string;
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

/** A job's log with what was written of it. */
function toLog({ command = '', output = [], exitCode, log }: Written): Buffer {
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

/** Those of `open/`, of the files of short cases and of other folders; never those held back. */
export function readLabelledCases(folders: string[]): LabelledCase[] {
  const threads = path.join(root, 'eval/threads');
  const cases = [path.join(threads, 'open'), ...folders].flatMap(folder =>
    readdirSync(folder)
      .sort()
      .map((name): LabelledCase => {
        const at = path.join(folder, name);
        const { input, types, decisive } = JSON.parse(
          readFileSync(path.join(at, 'expected.json'), 'utf8'),
        );
        return { name, log: path.join(at, input), types, decisive };
      }),
  );
  const written = ['written.json', 'quoted.json'].flatMap((file): Written[] =>
    JSON.parse(readFileSync(path.join(threads, file), 'utf8')),
  );
  return [...cases, ...written.map(each => ({ ...each, log: toLog(each) }))];
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

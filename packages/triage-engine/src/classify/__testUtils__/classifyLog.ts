// SPDX-License-Identifier: Apache-2.0
import type { Reduction } from '../../evidence/reduce/types';
import { readFailedStep } from '../../evidence/readFailedStep';
import { unpackRunLogs } from '../../logs/unpack/unpackRunLogs';
import { classify } from '../classify';
import { findFailedSteps } from '../../steps/findFailedSteps';
import { rootSignature } from '../rootSignature';
import type { RunFacts } from '../../steps/types';
import type { Classification, ClassifyInput } from '../types';

/** What {@link jobLog} makes a log of. */
export interface LogParts {
  command?: string;
  output: string;
  /** The end of the step: `##[error]…`, or a whole text. */
  end?: string;
  /** Seconds after which it starts, and lines before it. */
  shift?: number;
}

const stamp = (second: number) =>
  new Date(Date.UTC(2026, 4, 4, 9, 0, second))
    .toISOString()
    .replace('Z', '4567Z ');

/** A job's log in GitHub's form, with a step that passed, one that failed and the clean-up. */
export function jobLog({
  command = 'make ci',
  output,
  end = '##[error]Process completed with exit code 1.',
  shift = 0,
}: LogParts): string {
  return [
    ...Array.from({ length: shift }, (_, index) => `set up ${index}`),
    '##[group]Run actions/checkout@v4',
    '##[endgroup]',
    'Syncing repository: acme/churn',
    `##[group]Run ${command.split('\n', 1)[0]}`,
    ...command.split('\n'),
    'shell: /usr/bin/bash -e {0}',
    'env:',
    '  NOTE: OOMKilled, leaks found: 3, Gate FAILED: auc 0.1 < 0.9 (threshold)',
    '##[endgroup]',
    ...output.split('\n'),
    end,
    'Post job cleanup.',
    'fatal: unable to access, No space left on device',
    'Cleaning up orphan processes',
  ]
    .map((line, index) => `${stamp(index + 7 * shift)}${line}`)
    .join('\n');
}

/** Runs the chain up to classify. */
export async function readLog(
  text: string,
  facts?: RunFacts,
): Promise<
  ClassifyInput & { classification: Classification; signature: string }
> {
  const logs = await unpackRunLogs(Buffer.from(text), { name: 'check.txt' });
  try {
    const [step] = await findFailedSteps(logs, facts);
    const read = await readFailedStep({ step, logs, budgetTokens: 4000 });
    const input: ClassifyInput = {
      step,
      facts,
      reduction: read.reduction,
      findings: read.findings,
      tests: read.tests,
    };
    const classification = classify(input);
    const signature = rootSignature({ ...input, classification });
    return { ...input, classification, signature };
  } finally {
    await logs.close();
  }
}

/** Lines as if reduce had kept them all. */
export function keptLines(lines: string[], source = 'log'): Reduction {
  return {
    source,
    lines: lines.map((text, index) => ({ number: index + 1, text })),
    totalLines: lines.length,
    totalBytes: 0,
    usedTokens: 0,
    budgetTokens: 4000,
    around: [],
    comparedWithPass: false,
  };
}

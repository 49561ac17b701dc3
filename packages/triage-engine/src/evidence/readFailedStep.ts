// SPDX-License-Identifier: Apache-2.0
import type { FailedStep } from '../steps/types';
import type { LogInput } from '../logs/types';
import { Consoles } from './parse/Consoles';
import type { ParseResult } from './parse/types';
import { reduceLog } from './reduce/reduceLog';
import type { Reduction } from './reduce/types';
import type { RunLogs } from '../logs/unpack/types';

/** What is known of a step that failed from its log alone. */
export interface ReadStep extends ParseResult {
  step: FailedStep;
  reduction: Reduction;
}

/** The file that a source names. */
function findLog(logs: RunLogs, source: string): LogInput | undefined {
  for (const job of logs.jobs) {
    if (job.log.source === source) {
      return job.log;
    }
    const step = job.steps.find(each => each.log?.source === source);
    if (step) {
      return step.log;
    }
  }
  return undefined;
}

/** The same step, or at least the same job, of a run that passed. */
function findPass(
  passing: RunLogs | undefined,
  step: FailedStep,
  ofStep: boolean,
): LogInput | undefined {
  const job = passing?.jobs.find(each => each.name === step.job);
  const same = job?.steps.find(each => each.name === step.name)?.log;
  return (ofStep ? same : undefined) ?? job?.log;
}

/**
 * Reads the log of a failed step: the lines that explain it, and what tools and
 * tests printed. Streams; keeps what is bounded.
 *
 * @throws Error when the logs do not hold the step's source
 */
export async function readFailedStep(options: {
  step: FailedStep;
  logs: RunLogs;
  passingLogs?: RunLogs;
  budgetTokens: number;
  signal?: AbortSignal;
}): Promise<ReadStep> {
  const { step, logs, passingLogs, budgetTokens, signal } = options;
  const log = findLog(logs, step.source);
  if (!log) {
    throw new Error(`The logs hold no ${step.source}`);
  }
  const isJobLog = logs.jobs.some(job => job.log.source === step.source);
  const [first, last] = step.lines;
  const consoles = new Consoles(step.source);
  const reduction = await reduceLog({
    log,
    pass: findPass(passingLogs, step, !isJobLog),
    budgetTokens,
    step: step.lines,
    onLine: line => {
      if (line.number >= first && line.number <= last) {
        consoles.write(line);
      }
    },
    signal,
  });
  return { step, reduction, ...consoles.end() };
}

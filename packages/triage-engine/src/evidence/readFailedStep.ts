// SPDX-License-Identifier: Apache-2.0
import type { StageError } from '@greenroom/plugin-triage-common';
import type { FailedStep } from '../steps/types';
import type { LogInput } from '../logs/types';
import { Consoles } from './parse/Consoles';
import type { ParseResult } from './parse/types';
import { reduceLog } from './reduce/reduceLog';
import type { Reduction } from './reduce/types';
import { archiveJobName } from '../logs/unpack/archiveJobName';
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

/**
 * The same step, or at least the same job, of a run that passed. A file that holds
 * one job need not say how it is called: where each run has one only, it is that.
 */
function findPass(
  passing: RunLogs | undefined,
  logs: RunLogs,
  step: FailedStep,
  ofStep: boolean,
): LogInput | undefined {
  const jobs = passing?.jobs ?? [];
  const name = archiveJobName(step.job);
  const job =
    jobs.find(each => each.name === step.job) ??
    jobs.find(each => archiveJobName(each.name) === name) ??
    (jobs.length === 1 && logs.jobs.length === 1 ? jobs[0] : undefined);
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
  const pass = findPass(passingLogs, logs, step, !isJobLog);
  const reduction = await reduceLog({
    log,
    pass,
    budgetTokens,
    step: step.lines,
    onLine: line => {
      if (line.number >= first && line.number <= last) {
        consoles.write(line);
      }
    },
    signal,
  });
  const read = consoles.end();
  const unmatched: StageError[] =
    passingLogs && !pass
      ? [
          {
            stage: 'reduce',
            source: step.source,
            code: 'no-passing-job',
            message: `Not compared: the run that passed has no job "${step.job}".`,
          },
        ]
      : [];
  return { step, reduction, ...read, errors: [...read.errors, ...unmatched] };
}

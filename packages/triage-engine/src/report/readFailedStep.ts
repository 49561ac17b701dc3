import type { Finding, TestSummary } from '@greenroom/plugin-triage-common';
import type { FailedStep } from '../classify/types';
import { readLines } from '../logs/lines/readLines';
import type { LogInput } from '../logs/types';
import { ScanConsoleReader } from '../evidence/parse/ScanConsoleReader';
import { TestConsoleReader } from '../evidence/parse/TestConsoleReader';
import type { ParseResult } from '../evidence/parse/types';
import { reduceLog } from '../evidence/reduce/reduceLog';
import type { Reduction } from '../evidence/reduce/types';
import type { RunLogs } from '../logs/unpack/types';

/** What is known of a step that failed from its log alone. */
export interface ReadStep {
  step: FailedStep;
  reduction: Reduction;
  findings: Finding[];
  tests: TestSummary[];
  errors: ParseResult['errors'];
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
  const reduction = await reduceLog({
    log,
    pass: findPass(passingLogs, step, !isJobLog),
    budgetTokens,
    step: step.lines,
    signal,
  });
  const readers = [
    new ScanConsoleReader({ source: step.source }),
    new TestConsoleReader({ source: step.source }),
  ];
  for await (const line of readLines(log, ...step.lines)) {
    signal?.throwIfAborted();
    for (const reader of readers) {
      reader.write(line);
    }
  }
  const results = readers.map(reader => reader.end());
  return {
    step,
    reduction,
    findings: results.flatMap(result => result.findings),
    tests: results.flatMap(result => result.tests),
    errors: results.flatMap(result => result.errors),
  };
}

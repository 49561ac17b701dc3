// SPDX-License-Identifier: Apache-2.0
import type { Evidence } from '@greenroom/plugin-triage-common';

/** What GitHub's API says of a run, where it was asked. @public */
export interface RunFacts {
  conclusion?: string;
  /** Whether another attempt, or another run of the same commit, passed. */
  sameCommitPassed?: boolean;
  jobs?: Array<{
    name: string;
    conclusion?: string;
    /** What the runner itself says of the job, for example that its time was over. */
    annotations?: string[];
    steps?: Array<{ number: number; name: string; conclusion?: string }>;
  }>;
}

/** Where a pipeline failed. */
export interface FailedStep {
  job: string;
  name?: string;
  source: string;
  /** First and last line of it in `source`. */
  lines: [number, number];
  exitCode?: number;
  /** The message of the failing `##[error]`, where it has one. */
  error?: Evidence;
  /** What it ran, as the log's head shows it; cut. */
  command?: string;
  /** First line after the head that shows command and environment. */
  outputFrom?: number;
}

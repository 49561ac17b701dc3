import type { StageError } from '@greenroom/plugin-triage-common';
import type { LogInput } from '../types';

/** The logs of one run of a pipeline. @public */
export interface RunLogs {
  jobs: Array<{
    name: string;
    /** The whole log of the job; where there are only steps, those one after the other. */
    log: LogInput;
    steps: Array<{
      /** From 1, as GitHub counts them. */
      number: number;
      name: string;
      /** The step's own file; absent where the archive has the job's log only. */
      log?: LogInput;
      /** Where it stands in the job's log, first and last line, where that is known. */
      lines?: [number, number];
    }>;
  }>;
  /** What was left out and why: an unsafe path, a file too large, a nested archive. */
  errors: StageError[];
  /** Lets go of files that are open. */
  close(): Promise<void>;
}

/** A job of a run. */
export type JobLog = RunLogs['jobs'][number];

/** A step of a job. */
export type StepLog = JobLog['steps'][number];

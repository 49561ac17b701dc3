// SPDX-License-Identifier: Apache-2.0
import type {
  CompareInput,
  ReportFile,
  RunFacts,
  RunLogs,
} from '@greenroom/triage-engine';

/** Names one attempt of a run. @public */
export interface PipelineRunRef {
  /** Id of the {@link PipelineSource}. */
  source: string;
  /** With its port, where it has one: `github.com`. */
  host: string;
  /** `owner/name` */
  repository: string;
  runId: string;
  /** From 1. */
  runAttempt: number;
}

/** One attempt of a run that has ended. @public */
export interface PipelineRun extends PipelineRunRef {
  /** For people. */
  workflow: string;
  /** The same for all runs of the workflow. */
  workflowId: string;
  branch: string;
  isDefaultBranch: boolean;
  commit: string;
  url: string;
  result: 'failed' | 'passed' | 'other';
  /** When it ended, ms since 1970. */
  endedAt: number;
}

/** What a report is made from, and what has to be let go of after it. @public */
export interface PipelineEvidence {
  logs: RunLogs;
  /** Of the last run of the same workflow that passed. */
  passingLogs?: RunLogs;
  reports: ReportFile[];
  facts: RunFacts;
  compare?: CompareInput;
  /** Whether a rule of the source protects the branch, or it is the default one. */
  isProtected: boolean;
  /** Credentials it was collected with, which must never be seen, by name. */
  knownSecrets: Record<string, string>;
  /** Removes what lies on the disk. */
  close(): Promise<void>;
}

/** A system whose failed pipelines are explained. Calls are made as the portal. @public */
export interface PipelineSource {
  /** `github` */
  readonly id: string;

  /**
   * Begins to listen. What `receive` resolves for is recorded; what it rejects is
   * not, and must not be confirmed to the sender.
   */
  subscribe(receive: (run: PipelineRun) => Promise<void>): Promise<void>;

  /**
   * The run as the source has it now, whatever an event said of it.
   *
   * @returns undefined where there is no such run, or none for us
   * @throws RetryLaterError
   */
  getRun(
    ref: PipelineRunRef,
    options: { signal: AbortSignal },
  ): Promise<PipelineRun | undefined>;

  /**
   * Reads what explains a failed run, within limits. What there is none of is left
   * out.
   *
   * @throws RetryLaterError
   */
  collect(
    run: PipelineRun,
    options: { signal: AbortSignal },
  ): Promise<PipelineEvidence>;

  /**
   * Runs that ended since a time, the newest first, at most 100 of each result; none
   * where the portal has no credentials for the host.
   */
  listRuns(options: {
    host: string;
    repository: string;
    /** Ms since 1970. */
    since: number;
    result: 'failed' | 'passed';
    signal: AbortSignal;
  }): Promise<PipelineRun[]>;
}

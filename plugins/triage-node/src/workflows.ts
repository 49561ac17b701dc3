// SPDX-License-Identifier: Apache-2.0

/** A repository and what of it is to be asked or started. @public */
export interface WorkflowRequest {
  /** With its port, where it has one: `github.com`. */
  host: string;
  /** `owner/name` */
  repository: string;
  /** File of the workflow: `retrain.yml`. */
  workflow: string;
  signal: AbortSignal;
}

/** What became of a dispatch. @public */
export type WorkflowDispatch =
  | {
      isStarted: true;
      /** Of the run, where it is told. */
      url?: string;
    }
  | {
      isStarted: false;
      /** For people: there is no such workflow, or no access. */
      reason: string;
    };

/** What can start a workflow of a model's repository. @public */
export interface WorkflowDispatcher {
  /**
   * Whether a run of one of the workflows has not ended; a workflow that the repository
   * does not have runs never.
   *
   * @throws RetryLaterError
   */
  isRunning(
    request: Omit<WorkflowRequest, 'workflow'> & { workflows: string[] },
  ): Promise<boolean>;

  /**
   * Numbers of the open pull requests that take something back: a version of a model out
   * of the traffic, a commit. Those of people without write access do not count.
   *
   * @returns undefined where nobody may look, or there is no such repository
   * @throws RetryLaterError
   */
  listRollbacks?(
    request: Omit<WorkflowRequest, 'workflow'> & {
      /** Where the repository holds others too: only what concerns this one. */
      model?: string;
    },
  ): Promise<number[] | undefined>;

  /**
   * The run that an earlier call started whose answer was lost, by when it began.
   *
   * @throws RetryLaterError
   */
  findDispatched(
    request: WorkflowRequest & {
      /** Ms since 1970. */
      since: number;
    },
  ): Promise<{ url: string } | undefined>;

  /**
   * Starts the workflow on the default branch.
   *
   * @throws RetryLaterError
   */
  dispatch(
    request: WorkflowRequest & { reason: string },
  ): Promise<WorkflowDispatch>;
}

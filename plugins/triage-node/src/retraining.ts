// SPDX-License-Identifier: Apache-2.0

/** A repository and what of it is to be asked or started. @public */
export interface RetrainingRequest {
  /** With its port, where it has one: `github.com`. */
  host: string;
  /** `owner/name` */
  repository: string;
  /** File of the workflow: `retrain.yml`. */
  workflow: string;
  signal: AbortSignal;
}

/** What can start a training in a model's repository. @public */
export interface RetrainingDispatcher {
  /**
   * Whether a run of one of the workflows has not ended; a workflow that the repository
   * does not have runs never.
   *
   * @throws RetryLaterError
   */
  isRunning(
    request: Omit<RetrainingRequest, 'workflow'> & { workflows: string[] },
  ): Promise<boolean>;

  /**
   * The run that an earlier call started whose answer was lost, by when it began.
   *
   * @throws RetryLaterError
   */
  findDispatched(
    request: RetrainingRequest & {
      /** Ms since 1970. */
      since: number;
    },
  ): Promise<{ url: string } | undefined>;

  /**
   * Starts the workflow on the default branch.
   *
   * @throws RetryLaterError; any other error is final
   */
  dispatch(request: RetrainingRequest & { reason: string }): Promise<void>;
}

// SPDX-License-Identifier: Apache-2.0
import {
  isMlflowRunAhead,
  isMlflowRunStalled,
  type MlflowInstanceError,
  type MlflowRun,
} from '@greenroom/plugin-mlflow-common';
import { getFailureReason } from './getFailureReason';
import { isUnknown } from './isUnknown';

/**
 * How soon another answer may say something new: `running`, something goes on;
 * `waiting`, there is nothing yet; `failing`, an outage may end; else `still`.
 */
export type Pace = 'running' | 'waiting' | 'failing' | 'still';

function isInProgress(run: MlflowRun) {
  return (
    (run.status === 'RUNNING' || run.status === 'SCHEDULED') &&
    !isMlflowRunStalled(run) &&
    !isMlflowRunAhead(run)
  );
}

/** The pace after an answer, or after a request that failed. */
export function getPace(options: {
  error?: Error;
  errors?: readonly MlflowInstanceError[];
  runs?: ReadonlyArray<MlflowRun | undefined>;
  isWaiting?: boolean;
}): Pace {
  const { error, errors = [], isWaiting, runs = [] } = options;
  if (error) {
    return getFailureReason(error) === 'backend-unreachable'
      ? 'failing'
      : 'still';
  }
  if (isUnknown(errors)) {
    return 'failing';
  }
  if (runs.some(run => run && isInProgress(run))) {
    return 'running';
  }
  return isWaiting ? 'waiting' : 'still';
}

// SPDX-License-Identifier: Apache-2.0
import {
  isMlflowRunAhead,
  isMlflowRunStalled,
  type MlflowInstanceError,
  type MlflowModelVersion,
  type MlflowRun,
} from '@greenroom/plugin-mlflow-common';
import { getFailureReason } from './getFailureReason';
import { isUnknown } from './isUnknown';

/**
 * How soon another answer may say something new: `running`, something goes on;
 * `waiting`, there is nothing yet; `failing`, an outage may end; else `still`.
 */
export type Pace = 'running' | 'waiting' | 'failing' | 'still';

const FOLLOWED_FOR = 5 * 60_000;

function isInProgress(run: MlflowRun) {
  return (
    (run.status === 'RUNNING' || run.status === 'SCHEDULED') &&
    !isMlflowRunStalled(run) &&
    !isMlflowRunAhead(run)
  );
}

/**
 * What follows in the pipeline changes what is shown: after a run ends it is judged and
 * registered, and a version gets its card and its alias after it is there.
 */
function isFollowed(time: number | undefined) {
  const age = time === undefined ? Infinity : Date.now() - time;
  return age >= 0 && age < FOLLOWED_FOR;
}

/** The pace after an answer, or after a request that failed. */
export function getPace(options: {
  error?: Error;
  errors?: readonly MlflowInstanceError[];
  runs?: ReadonlyArray<MlflowRun | undefined>;
  versions?: readonly MlflowModelVersion[];
  isWaiting?: boolean;
}): Pace {
  const { error, errors = [], isWaiting, runs = [], versions = [] } = options;
  if (error) {
    return getFailureReason(error) === 'backend-unreachable'
      ? 'failing'
      : 'still';
  }
  if (isUnknown(errors)) {
    return 'failing';
  }
  if (
    runs.some(run => run && (isInProgress(run) || isFollowed(run.endTime))) ||
    versions.some(
      ({ creationTime, status }) =>
        status === 'PENDING_REGISTRATION' || isFollowed(creationTime),
    )
  ) {
    return 'running';
  }
  return isWaiting ? 'waiting' : 'still';
}

// SPDX-License-Identifier: Apache-2.0
import type { MlflowRun } from './types';

/**
 * A run that has been unfinished for longer than this (ms) has most likely lost
 * its process: MLflow never ends such a run by itself.
 */
const STALLED_AFTER_MS = 24 * 60 * 60_000;

/**
 * By how much (ms) the clock of the machine that trains may be ahead of ours
 * before a run counts as one that starts in the future.
 */
const CLOCK_SKEW_MS = 5 * 60_000;

/**
 * Whether a run claims to start in the future: some machine's clock is wrong.
 *
 * @public
 */
export function isMlflowRunAhead(
  run: Pick<MlflowRun, 'startTime'>,
  now = Date.now(),
): boolean {
  return (run.startTime ?? 0) > now + CLOCK_SKEW_MS;
}

/**
 * Whether a run is unfinished for longer than a day: most likely it has lost its
 * process.
 *
 * @public
 */
export function isMlflowRunStalled(
  run: Pick<MlflowRun, 'status' | 'startTime'>,
  now = Date.now(),
): boolean {
  return (
    (run.status === 'RUNNING' || run.status === 'SCHEDULED') &&
    run.startTime !== undefined &&
    run.startTime < now - STALLED_AFTER_MS
  );
}

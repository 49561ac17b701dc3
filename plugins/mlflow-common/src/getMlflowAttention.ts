// SPDX-License-Identifier: Apache-2.0
import type { MlflowAttention, MlflowEntityOverview } from './responses';
import { isMlflowRunStalled } from './runProgress';
import type { MlflowInstanceError, MlflowRun } from './types';

const ANSWERED: ReadonlySet<MlflowInstanceError['code']> = new Set([
  'NOT_FOUND',
  'BAD_REQUEST',
  'INSTANCE_NOT_CONFIGURED',
  'OTHER_COMPONENT',
  'UNMARKED',
  'UNREADABLE_ITEMS',
]);

/**
 * Whether an instance answered, though not with what it was asked for: asking
 * again changes nothing, and the instance is not to blame.
 *
 * @public
 */
export function isMlflowAnswer({
  code,
}: Pick<MlflowInstanceError, 'code'>): boolean {
  return ANSWERED.has(code);
}

function timeOf(run: MlflowRun): number {
  return run.endTime ?? run.startTime ?? 0;
}

/**
 * What a person should look at, from what is known about a model: the most
 * urgent first. Nothing is concluded from what an instance did not answer.
 *
 * - `gate-failed`: the newest gated run failed the gate and was made after the
 *   champion was registered.
 * - `run-failed`: the newest run is FAILED or KILLED, for another reason than
 *   the gate.
 * - `run-stalled`: the newest run has been unfinished for more than a day.
 * - `registration-failed`: the newest version could not be registered.
 * - `no-champion`: there are versions of a model (a prompt has no champion), and
 *   none is `champion` of {@link MlflowEntityOverview}.
 * - `not-found`: an experiment that the entity names is missing or deleted. A
 *   registered model that is missing is none: the first version makes it.
 * - `instance-unavailable`: an instance does not answer as it should.
 *
 * @public
 */
export function getMlflowAttention(
  overview: MlflowEntityOverview,
): MlflowAttention[] {
  const { champion, lastGatedRun, lastRun, latestVersion } = overview;
  const unavailable = overview.errors.filter(error => !isMlflowAnswer(error));
  const attention: MlflowAttention[] = [];

  const isGateFailed =
    lastGatedRun?.gate?.passed === false &&
    timeOf(lastGatedRun) > (champion?.creationTime ?? 0);
  if (isGateFailed) {
    attention.push({
      reason: 'gate-failed',
      since: timeOf(lastGatedRun),
      run: lastGatedRun,
      version: champion,
    });
  }
  if (
    lastRun &&
    (lastRun.status === 'FAILED' || lastRun.status === 'KILLED') &&
    !(isGateFailed && lastRun.runId === lastGatedRun.runId)
  ) {
    attention.push({
      reason: 'run-failed',
      since: timeOf(lastRun),
      run: lastRun,
    });
  }
  if (lastRun && isMlflowRunStalled(lastRun)) {
    attention.push({
      reason: 'run-stalled',
      since: lastRun.startTime,
      run: lastRun,
    });
  }
  if (latestVersion?.status === 'FAILED_REGISTRATION') {
    attention.push({
      reason: 'registration-failed',
      since: latestVersion.lastUpdatedTime ?? latestVersion.creationTime,
      version: latestVersion,
    });
  }
  const isPrompt = overview.registeredModels.some(
    ({ instance, isPrompt: is, name }) =>
      is && instance === latestVersion?.instance && name === latestVersion.name,
  );
  if (latestVersion && !champion && !isPrompt && unavailable.length === 0) {
    attention.push({
      reason: 'no-champion',
      since: latestVersion.creationTime,
      version: latestVersion,
    });
  }
  for (const experiment of overview.experiments) {
    if (experiment.state === 'missing' || experiment.state === 'deleted') {
      attention.push({ reason: 'not-found', experiment });
    }
  }
  for (const error of unavailable) {
    attention.push({
      reason: 'instance-unavailable',
      since: error.since,
      error,
    });
  }
  return attention;
}

// SPDX-License-Identifier: Apache-2.0
import {
  at,
  listAt,
  nameOf,
  numberAt,
  textAt,
  timeAt,
  type Fields,
} from '../explain/fields';
import { isCurrent, isReady } from '../explain/pods';
import {
  conditionOf,
  readConditions,
  type Situation,
} from '../explain/Situation';
import type { KserveRolloutStep, KserveState } from '../types';

const ORDER = [
  'scheduled',
  'image-pulled',
  'storage-fetched',
  'model-loaded',
  'routed',
  'ready',
] as const;

/** What is known of a step: done at a time, not needed, or failed. */
interface Mark {
  done: boolean;
  at?: number;
  from?: number;
  failed?: boolean;
  skipped?: boolean;
}

const MAIN = [
  'kserve-container',
  'kfserving-container',
  'user-container',
  'main',
];
const IMAGE_FAILURES = [
  'ErrImagePull',
  'ImagePullBackOff',
  'InvalidImageName',
  'ErrImageNeverPull',
];

const waitingOf = (status: unknown) =>
  textAt(status, 'state', 'waiting', 'reason');
const isCrashed = (status: unknown) =>
  waitingOf(status) === 'CrashLoopBackOff' ||
  (numberAt(status, 'state', 'terminated', 'exitCode') ?? 0) !== 0;

/**
 * The pod whose start is the rollout: the newest predictor of what the spec asks now. Once that
 * is ready, a pod that starts is one more replica.
 */
function findNewest(
  situation: Situation,
  state: KserveState,
): Fields | undefined {
  const current = situation.pods.filter(
    pod =>
      isCurrent(situation, pod) &&
      !textAt(pod, 'metadata', 'deletionTimestamp'),
  );
  const ready = state === 'ready' ? current.filter(isReady) : [];
  const candidates = ready.length > 0 ? ready : current;
  const created = (pod: Fields) => textAt(pod, 'metadata', 'creationTimestamp');
  return candidates.reduce<Fields | undefined>(
    (one, other) => (one && created(one) >= created(other) ? one : other),
    undefined,
  );
}

function marksOfPod(situation: Situation, pod: Fields): Record<string, Mark> {
  const conditions = readConditions(pod);
  // What a later restart says again is the same event, or another one of the same reason.
  const event = (wanted: string) =>
    situation.events
      .filter(({ name, reason }) => name === nameOf(pod) && reason === wanted)
      .sort((a, b) => (a.first ?? 0) - (b.first ?? 0))
      .at(0);
  const inits = listAt(pod, 'status', 'initContainerStatuses');
  const containers = listAt(pod, 'status', 'containerStatuses');
  const fetcher = inits.find(
    ({ name }) => name === 'storage-initializer' || name === 'modelcar-init',
  );
  const main =
    containers.find(({ name }) => MAIN.includes(String(name))) ?? containers[0];
  const scheduled = conditionOf(conditions, 'PodScheduled');
  const all = [...inits, ...containers];
  const started = all.filter(
    status =>
      at(status, 'state', 'running') !== undefined ||
      at(status, 'state', 'terminated') !== undefined ||
      at(status, 'lastState', 'terminated') !== undefined,
  );
  const hasImages =
    all.length > 0 &&
    (started.length === all.length ||
      (main !== undefined && started.includes(main)) ||
      (fetcher !== undefined &&
        started.includes(fetcher) &&
        !event('Pulling')));
  const fetched =
    numberAt(fetcher, 'state', 'terminated', 'exitCode') === 0 ||
    fetcher?.ready === true ||
    (main !== undefined && started.includes(main));
  return {
    scheduled: {
      done:
        scheduled?.status === 'True' || textAt(pod, 'spec', 'nodeName') !== '',
      from: timeAt(pod, 'metadata', 'creationTimestamp'),
      at: scheduled?.status === 'True' ? scheduled.time : undefined,
      failed: scheduled?.reason === 'Unschedulable',
    },
    'image-pulled': {
      done: hasImages,
      from: event('Pulling')?.first,
      at: event('Pulled')?.first,
      failed: all.some(status => IMAGE_FAILURES.includes(waitingOf(status))),
    },
    'storage-fetched': {
      done: fetched,
      from:
        timeAt(fetcher, 'state', 'terminated', 'startedAt') ??
        timeAt(fetcher, 'state', 'running', 'startedAt'),
      at: timeAt(fetcher, 'state', 'terminated', 'finishedAt'),
      failed: fetcher !== undefined && isCrashed(fetcher),
      skipped: fetcher === undefined && containers.length > 0,
    },
    'model-loaded': {
      done: main?.ready === true,
      from: timeAt(main, 'state', 'running', 'startedAt'),
      at:
        main?.ready === true
          ? conditionOf(conditions, 'ContainersReady')?.time
          : undefined,
      failed: main !== undefined && isCrashed(main),
    },
  };
}

/**
 * Where a rollout stands, computed from the newest pod, its events and the
 * conditions: no step is done before the one before it.
 */
export function readRollout(
  situation: Situation,
  state: KserveState,
): KserveRolloutStep[] {
  if (state === 'stopped' || !situation.kind) {
    return [];
  }
  const ready = conditionOf(situation.conditions, 'Ready');
  const route = ['IngressReady', 'RouterReady', 'RoutesReady']
    .map(type => conditionOf(situation.conditions, type))
    .find(Boolean);
  const pod = findNewest(situation, state);
  // Scaled to zero: all has happened, and the pod that tells when is gone.
  const over = !pod && ready?.status === 'True';
  const marks: Record<string, Mark> = {
    ...(pod ? marksOfPod(situation, pod) : {}),
    routed: {
      done: route?.status === 'True' || (!route && ready?.status === 'True'),
      at: route?.status === 'True' ? route.time : undefined,
      failed: route?.status === 'False' && state === 'degraded',
    },
    ready: {
      // The last step says what the sentence does.
      done: ready?.status === 'True' && state === 'ready',
      at: ready?.status === 'True' ? ready.time : undefined,
      failed: ready?.status === 'True' && state === 'degraded',
    },
  };
  let blocked = false;
  let previous: number | undefined;
  return ORDER.map(name => {
    const mark = marks[name] ?? { done: false };
    if (over) {
      return {
        name,
        state: 'done' as const,
        ...(mark.at !== undefined && { finishedAt: mark.at }),
      };
    }
    if (blocked) {
      return { name, state: 'waiting' as const };
    }
    const startedAt = mark.from ?? previous;
    if (mark.skipped) {
      return { name, state: 'skipped' as const };
    }
    if (!mark.done) {
      blocked = true;
      return {
        name,
        state: mark.failed ? ('failed' as const) : ('active' as const),
        ...(startedAt !== undefined && { startedAt }),
      };
    }
    // A condition that was True before this rollout tells nothing of its duration.
    const finishedAt =
      mark.at !== undefined && mark.at >= (startedAt ?? 0)
        ? mark.at
        : undefined;
    previous = finishedAt ?? previous;
    return {
      name,
      state: 'done' as const,
      ...(startedAt !== undefined && finishedAt !== undefined && { startedAt }),
      ...(finishedAt !== undefined && { finishedAt }),
    };
  });
}

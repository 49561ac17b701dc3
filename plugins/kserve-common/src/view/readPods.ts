// SPDX-License-Identifier: Apache-2.0
import {
  at,
  fieldsOf,
  listAt,
  nameOf,
  numberAt,
  textAt,
  timeAt,
  type Fields,
} from '../explain/fields';
import { componentOf, isReady } from '../explain/pods';
import type { Situation } from '../explain/Situation';
import type { KserveContainer, KserveEvent, KservePod } from '../types';

const LONGEST_MESSAGE = 2_000;
const MOST_EVENTS = 200;

function readContainer(status: Fields, init: boolean): KserveContainer {
  const state = fieldsOf(status.state);
  const name = (['running', 'waiting', 'terminated'] as const).find(
    key => state[key] !== undefined,
  );
  const now = fieldsOf(name ? state[name] : undefined);
  const last = at(status, 'lastState', 'terminated');
  const text = (value: unknown, key: string) =>
    textAt(value, key).slice(0, LONGEST_MESSAGE) || undefined;
  return {
    name: textAt(status, 'name'),
    init,
    ready: status.ready === true,
    state: name ?? 'unknown',
    reason: text(now, 'reason'),
    message: text(now, 'message'),
    restarts: numberAt(status, 'restartCount') ?? 0,
    image: text(status, 'image'),
    startedAt: timeAt(now, 'startedAt'),
    ...(last !== undefined && {
      lastTermination: {
        reason: text(last, 'reason'),
        exitCode: numberAt(last, 'exitCode'),
        message: text(last, 'message'),
        finishedAt: timeAt(last, 'finishedAt'),
      },
    }),
  };
}

/** The pods, newest first. */
export function readPods(situation: Situation): KservePod[] {
  return situation.pods
    .map(pod => ({
      name: nameOf(pod),
      component: componentOf(situation, pod),
      phase: textAt(pod, 'metadata', 'deletionTimestamp')
        ? 'Terminating'
        : textAt(pod, 'status', 'phase') || 'Unknown',
      ready: isReady(pod),
      node: textAt(pod, 'spec', 'nodeName') || undefined,
      createdAt: timeAt(pod, 'metadata', 'creationTimestamp'),
      containers: [
        ...listAt(pod, 'status', 'initContainerStatuses').map(status =>
          readContainer(status, true),
        ),
        ...listAt(pod, 'status', 'containerStatuses').map(status =>
          readContainer(status, false),
        ),
      ],
    }))
    .sort((one, other) => (other.createdAt ?? 0) - (one.createdAt ?? 0));
}

/** The events, newest first. */
export function readEvents(situation: Situation): KserveEvent[] {
  return situation.events.slice(0, MOST_EVENTS).map(event => ({
    object: event.object,
    type: event.type === 'Warning' ? 'Warning' : 'Normal',
    reason: event.reason,
    message: event.message.slice(0, LONGEST_MESSAGE),
    count: event.count,
    firstSeen: event.first,
    lastSeen: event.last,
  }));
}

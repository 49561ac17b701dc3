// SPDX-License-Identifier: Apache-2.0
import { at, isJson, listAt, numberAt, textAt, timeAt } from '../read/json';
import type { KubeObject } from '../read/readObjects';
import { quantity } from './quantity';
import type { Container, Subject } from './types';

function terminatedOf(status: unknown): Container['terminated'] {
  // A container that has just ended has no last state yet.
  const now = at(status, 'state', 'terminated');
  const state = isJson(now) ? now : at(status, 'lastState', 'terminated');
  return isJson(state)
    ? {
        reason: textAt(state, 'reason'),
        exitCode: numberAt(state, 'exitCode'),
        message: textAt(state, 'message'),
        startedAt: timeAt(state, 'startedAt'),
        finishedAt: timeAt(state, 'finishedAt'),
      }
    : undefined;
}

/** The containers of all pods, those of the alert first. */
export function readContainers(
  objects: KubeObject[],
  subject: Subject,
): Container[] {
  const all = objects
    .filter(({ kind }) => kind === 'Pod')
    .flatMap(pod => {
      const statuses = [
        ...listAt(pod.raw, 'status', 'containerStatuses'),
        ...listAt(pod.raw, 'status', 'initContainerStatuses'),
      ];
      const specs = [
        ...listAt(pod.raw, 'spec', 'containers'),
        ...listAt(pod.raw, 'spec', 'initContainers'),
      ];
      return specs.map((spec): Container => {
        const name = textAt(spec, 'name') ?? '';
        const status = statuses.find(each => each.name === name);
        const waiting = at(status, 'state', 'waiting');
        const ready = at(status, 'ready');
        return {
          pod,
          name,
          image: textAt(spec, 'image'),
          spec,
          isInit: listAt(pod.raw, 'spec', 'initContainers').includes(spec),
          ...(typeof ready === 'boolean' && { isReady: ready }),
          restarts: numberAt(status, 'restartCount') ?? 0,
          ...(isJson(waiting) && {
            waiting: {
              reason: textAt(waiting, 'reason'),
              message: textAt(waiting, 'message'),
            },
          }),
          terminated: terminatedOf(status),
          memoryLimit: quantity(textAt(spec, 'resources', 'limits', 'memory')),
          cpuLimit: quantity(textAt(spec, 'resources', 'limits', 'cpu')),
          isOfSubject: subject.pods.includes(pod),
        };
      });
    });
  const rank = ({ pod, name, isOfSubject }: Container) =>
    (pod.name === subject.pod ? 2 : 0) +
    (isOfSubject ? 1 : 0) +
    (isOfSubject && name === subject.container ? 2 : 0);
  return all.sort((a, b) => rank(b) - rank(a));
}

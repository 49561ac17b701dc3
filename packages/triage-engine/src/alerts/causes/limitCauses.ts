// SPDX-License-Identifier: Apache-2.0
import { listAt, textAt } from '../read/json';
import type { Container, Situation } from '../facts/types';
import { quantity } from '../facts/quantity';
import { distinct } from './helpers';
import type { Candidate } from './types';

const WRITERS =
  /vpa|recommender|resize|limit-?range|policy|goldilocks|kyverno/i;

/** A killed container whose limit is lower than its template says: somebody changed it on the way. */
export function limitCauses(situation: Situation): Candidate[] {
  const { containers, objects, document } = situation;
  return containers
    .filter(({ terminated }) => terminated?.reason === 'OOMKilled')
    .flatMap((container: Container): Candidate[] => {
      const { pod, name, memoryLimit } = container;
      const owner = objects.find(
        each =>
          each.kind === pod.owner?.kind &&
          each.name === pod.owner.name &&
          each.namespace === pod.namespace,
      );
      const template = listAt(
        owner?.raw,
        'spec',
        'template',
        'spec',
        'containers',
      ).find(each => each.name === name);
      const wanted = textAt(template, 'resources', 'limits', 'memory');
      const has = textAt(container.spec, 'resources', 'limits', 'memory');
      if (
        !owner ||
        memoryLimit === undefined ||
        memoryLimit >= (quantity(wanted) ?? 0) * 0.99
      ) {
        return [];
      }
      const [who] = Object.entries(pod.annotations).find(pair =>
        WRITERS.test(pair.join(' ')),
      ) ?? [undefined];
      return [
        {
          rule: 'oom-limit-lowered',
          type: 'out-of-memory',
          score: 8.8,
          isProven: true,
          statement: `Out of memory: the container ${name} was OOMKilled at its memory limit of ${has}, which is lower than the ${wanted} of its template (${owner.kind} ${owner.name}): it was changed on admission or in place${who ? ` (the annotation ${who} tells by whom, such as the vertical pod autoscaler, VPA)` : ' (by an autoscaler such as VPA, a LimitRange or a webhook)'}.`,
          evidence: distinct([
            ...document.find(pod, `[${name}].resources.limits`, 'memory='),
            ...(who ? document.find(pod, who) : []),
            ...document.find(owner, `[${name}].resources.limits`, 'memory='),
            ...document.find(pod, name, 'OOMKilled'),
          ]),
          steps: [
            `Raise what lowers it (minAllowed of the VPA, the LimitRange), or take ${name} out of it, and make the pod anew, so that it has the limit of ${wanted} again.`,
          ],
        },
      ];
    });
}

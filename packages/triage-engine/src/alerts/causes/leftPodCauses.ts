// SPDX-License-Identifier: Apache-2.0
import type { Situation } from '../facts/types';
import { numberAt, textAt } from '../read/json';
import { distinct } from './helpers';
import type { Candidate } from './types';

/** A pod that ended and was left lying, while what took its place runs. */
export function leftPodCauses(situation: Situation): Candidate[] {
  const { document, objects, subject } = situation;
  const left = subject.pods.find(
    ({ name, raw }) =>
      textAt(raw, 'status', 'phase') === 'Failed' &&
      (!subject.pod || name === subject.pod),
  );
  const owner = objects.find(
    ({ kind, name }) =>
      left !== undefined &&
      kind === left.owner?.kind &&
      name === left.owner.name,
  );
  const wanted = numberAt(owner?.raw, 'spec', 'replicas') ?? 0;
  const ready = numberAt(owner?.raw, 'status', 'readyReplicas') ?? 0;
  if (!left || !owner || wanted === 0 || ready < wanted) {
    return [];
  }
  const reason = textAt(left.raw, 'status', 'reason');
  return [
    {
      rule: 'pod-left-behind',
      type: 'false-alarm',
      score: 9,
      isProven: true,
      statement: `False alarm, no impact: the alert counts the pod ${left.name}, which is Failed${reason ? ` (${reason})` : ''} and was left behind; its replacement is running: ${ready} of ${wanted} pods of ${owner.kind} ${owner.name} are ready.`,
      evidence: distinct([
        ...document.find(left, 'phase=Failed'),
        ...document.find(owner, 'readyReplicas'),
      ]),
      steps: [
        `Delete the pod ${left.name}.`,
        'Let the alert leave out pods of phase Failed.',
      ],
    },
  ];
}

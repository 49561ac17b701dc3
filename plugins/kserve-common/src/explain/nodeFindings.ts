// SPDX-License-Identifier: Apache-2.0
import { kindOf, nameOf, textAt } from './fields';
import { findingOf, Rank, type Finding } from './Finding';
import { isReady } from './pods';
import { firstWords, proof, quoteFields, titleOf } from './quote';
import { conditionOf, readConditions, type Situation } from './Situation';

/** Claims that are not bound while a pod waits. */
function claimFindings(situation: Situation): Finding[] {
  if (situation.pods.some(isReady)) {
    return [];
  }
  return situation
    .own('PersistentVolumeClaim')
    .filter(claim =>
      ['Pending', 'Lost'].includes(textAt(claim, 'status', 'phase')),
    )
    .map(claim => {
      const told = situation.events.find(
        ({ name, kind }) =>
          kind === 'PersistentVolumeClaim' && name === nameOf(claim),
      );
      const phase = textAt(claim, 'status', 'phase');
      return findingOf(
        `The PersistentVolumeClaim ${nameOf(claim)} is not bound (${phase})`,
        undefined,
        firstWords(told?.message ?? ''),
        {
          evidence: [
            ...proof(
              `Event ${told?.reason} of ${told?.object}`,
              firstWords(told?.message ?? ''),
            ),
            ...proof(titleOf(claim), quoteFields({ phase }, 'phase')),
          ],
          next: 'See its StorageClass, size and access mode (kubectl describe pvc).',
          rank: told ? Rank.cause + 1 : Rank.cause - 2,
        },
      );
    });
}

/** Nodes that no longer answer, as far as a pod of the service is on one. */
export function nodeFindings(situation: Situation): Finding[] {
  const waiting = new Set(
    situation.pods
      .filter(pod => !isReady(pod))
      .map(pod => textAt(pod, 'spec', 'nodeName')),
  );
  const nodes = situation.objects.filter(
    object => kindOf(object) === 'Node' && waiting.has(nameOf(object)),
  );
  return [
    ...nodes.flatMap(node => {
      const ready = conditionOf(readConditions(node), 'Ready');
      if (!ready || ready.status === 'True') {
        return [];
      }
      const quote = firstWords(ready.message);
      return [
        findingOf(`The node ${nameOf(node)} is not ready`, undefined, quote, {
          evidence: [
            ...proof(titleOf(node), quote),
            ...proof(
              titleOf(node),
              quoteFields(ready.raw, 'type', ['reason', 'status']),
            ),
          ],
          next: 'See the node: its kubelet and its network. Its pods move when it stays away.',
          rank: Rank.cause + 1,
        }),
      ];
    }),
    ...claimFindings(situation),
  ];
}

// SPDX-License-Identifier: Apache-2.0
import { findCause, type CauseFound } from '../causes/Cause';
import { imageCauses } from '../causes/imageCauses';
import { podEvents, sourceOf, type ContainerOf } from './ContainerOf';
import { at, fieldsOf, textAt } from './fields';
import { findingOf, Rank, type Finding } from './Finding';
import { clean, firstWords, proof, quoteAt, quoteFields } from './quote';

/** The image is not there yet, or never will be. */
export function imageFinding(container: ContainerOf): Finding {
  const waiting = fieldsOf(at(container.status, 'state', 'waiting'));
  const texts = [
    [sourceOf(container), textAt(waiting, 'message')],
    ...podEvents(container, 'Failed', 'InspectFailed', 'ErrImageNeverPull').map(
      event => [`Event ${event.object}`, event.message],
    ),
  ] as const;
  let best: { source: string; text: string; found: CauseFound } | undefined;
  for (const [source, text] of texts) {
    const found = findCause(text, imageCauses);
    if (
      found &&
      (!best ||
        imageCauses.indexOf(found.cause) <
          imageCauses.indexOf(best.found.cause))
    ) {
      best = { source, text, found };
    }
  }
  const reason = findCause(textAt(waiting, 'reason'), imageCauses);
  const quote = best
    ? quoteAt(best.text, best.found.position)
    : firstWords(texts.map(([, text]) => text).find(Boolean) ?? '');
  return findingOf(
    `The image of ${container.what.replace(/^The/, 'the')} cannot be pulled`,
    best?.found ?? reason,
    quote || clean(textAt(container.status, 'image')),
    {
      evidence: [
        ...proof(best?.source ?? sourceOf(container), quote),
        ...proof(sourceOf(container), quoteFields(waiting, 'reason')),
      ],
      next: 'Check the name of the image and whether the node may pull it (kubectl describe pod).',
      rank: Rank.cause,
    },
  );
}

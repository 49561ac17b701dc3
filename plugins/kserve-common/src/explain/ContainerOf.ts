// SPDX-License-Identifier: Apache-2.0
import { nameOf, textAt, type Fields } from './fields';
import { titleOf } from './quote';
import type { Situation } from './Situation';

/** A container of a pod, with what a sentence calls it. */
export interface ContainerOf {
  situation: Situation;
  pod: Fields;
  status: Fields;
  /** `The predictor`, `The storage-initializer of the predictor`. */
  what: string;
}

/** Where its evidence stands. */
export const sourceOf = ({ pod, status }: ContainerOf, suffix = '') =>
  `${titleOf(pod)} · ${textAt(status, 'name')}${suffix}`;

/** The events of its pod. */
export function podEvents(
  { situation, pod }: ContainerOf,
  ...reasons: string[]
) {
  return situation.events.filter(
    ({ name, kind, reason }) =>
      kind === 'Pod' && name === nameOf(pod) && reasons.includes(reason),
  );
}

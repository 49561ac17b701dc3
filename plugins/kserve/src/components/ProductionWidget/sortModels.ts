// SPDX-License-Identifier: Apache-2.0
import type {
  KserveModelSummary,
  KserveState,
} from '@greenroom/plugin-kserve-common';

const URGENCY: Record<KserveState, number> = {
  degraded: 0,
  unknown: 1,
  progressing: 2,
  ready: 3,
  stopped: 4,
};
const NOT_SERVED = 5;

function getUrgency({ items }: KserveModelSummary) {
  return Math.min(
    NOT_SERVED,
    ...items.map(({ explanation }) => URGENCY[explanation.state]),
  );
}

/** What somebody must act on comes first; equals by name. */
export function sortModels(
  models: readonly KserveModelSummary[],
  locale: string,
) {
  const { compare } = new Intl.Collator(locale, { numeric: true });
  return [...models].sort(
    (a, b) => getUrgency(a) - getUrgency(b) || compare(a.title, b.title),
  );
}

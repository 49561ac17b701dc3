// SPDX-License-Identifier: Apache-2.0
import { STATES_ERROR, type RankedLine } from './rankLines';
import type { RuleLine } from './readRuleLine';

/** So far behind the likeliest line a rule's own one only sums up. */
const FAR_BEHIND = 5;

/** The rule's own lines; the likeliest of the others are among the first. */
export function withLikely(
  lines: RuleLine[],
  ranked: RankedLine[],
): RuleLine[] {
  const [first, ...rest] = lines;
  const [second, ...others] = ranked
    .filter(
      ({ line, score }) =>
        score >= STATES_ERROR && !lines.some(own => own.line === line),
    )
    .slice(0, 2);
  return [
    first,
    ...rest.slice(0, 1),
    ...(second ? [second] : []),
    ...rest.slice(1),
    ...others,
  ];
}

/** The likelier first; those that say nothing last, as they stand. */
function inOrder(lines: RuleLine[], ranked: RankedLine[]): RuleLine[] {
  const place = ({ line }: RuleLine) => {
    const index = ranked.findIndex(each => each.line === line);
    return index < 0 ? ranked.length : index;
  };
  return [...lines].sort((one, other) => place(one) - place(other));
}

/** The lines in the order in which they name the cause, then as they stand. */
export function bestFirst(lines: RuleLine[], ranked: RankedLine[]): RuleLine[] {
  const own = ranked.find(each => lines.some(({ line }) => line === each.line));
  const [best] = ranked;
  const isSummary =
    best !== undefined &&
    best.score >= STATES_ERROR &&
    (own?.score ?? 0) < best.score - FAR_BEHIND;
  const first = isSummary ? best : own;
  return first
    ? [
        first,
        ...inOrder(
          lines.filter(({ line }) => line !== first.line),
          ranked,
        ),
      ]
    : lines;
}

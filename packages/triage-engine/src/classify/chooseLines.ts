// SPDX-License-Identifier: Apache-2.0
import { STATES_ERROR, type RankedLine } from './rankLines';
import type { RuleLine } from './readRuleLine';

/** So far behind the likeliest line a rule's own one only sums up, or is of something else. */
const FAR_BEHIND = 2;

/** So likely a line is shown beside those that a rule knows. */
export const WORTH_SHOWING = 2;

/** Whether another line states an error, and is far likelier than all of these. */
export function isFarBehind(lines: RuleLine[], ranked: RankedLine[]): boolean {
  const [best] = ranked;
  const own = ranked.find(each => lines.some(({ line }) => line === each.line));
  return (
    best !== undefined &&
    best.score >= STATES_ERROR &&
    (own?.score ?? 0) < best.score - FAR_BEHIND
  );
}

/** Without those that say the same of another number, host or file of that kind. */
export function distinct(ranked: RankedLine[]): RankedLine[] {
  const said = new Set<string>();
  return ranked.filter(({ text }) => {
    const key = text.replace(/\d{1,20}/g, '0').trim();
    const isNew = !said.has(key);
    said.add(key);
    return isNew;
  });
}

/** The line that the rule decided by, then the likeliest of its own and of the others. */
export function withLikely(
  lines: RuleLine[],
  ranked: RankedLine[],
): RuleLine[] {
  const [first, ...rest] = lines;
  const others = distinct(ranked)
    .filter(
      ({ line, score }) =>
        score >= WORTH_SHOWING && !lines.some(own => own.line === line),
    )
    .slice(0, 2);
  return [first, ...inOrder([...rest, ...others], ranked)];
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
  const first = isFarBehind(lines, ranked) ? ranked[0] : own;
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

/** That something failed, if not why. */
const SAYS_FAILED =
  /\bFAIL(?:ED|URE)\b|\b(?:failed|rc)(?:=|: )[1-9]|\bnon-zero\b|\bstatus:? (?:failed|failure|error)\b/;

/** The likely ones, and those that say that something failed, before the others. */
export const saysFailedFirst = (ranked: RankedLine[]): RankedLine[] => {
  const places = (line: RankedLine) =>
    Number(line.score < WORTH_SHOWING && !SAYS_FAILED.test(line.text));
  return [...ranked].sort((one, other) => places(one) - places(other));
};

/** Whether the reason stands below it. */
export const isHeadline = ({ text }: RuleLine): boolean =>
  text.trimEnd().endsWith(':');

// SPDX-License-Identifier: Apache-2.0

/** A number as a tool prints it, or none. */
export function count(text: string | undefined): number | undefined {
  if (text === undefined) {
    return undefined;
  }
  const value = Number(text);
  return Number.isSafeInteger(value) && value >= 0 ? value : undefined;
}

/** The sum of what is known. */
export function sum(...values: Array<number | undefined>): number {
  return values.reduce<number>((total, value) => total + (value ?? 0), 0);
}

/** What remains of a total; never below nothing. */
export function rest(
  total: number | undefined,
  ...parts: Array<number | undefined>
): number | undefined {
  return total === undefined ? undefined : Math.max(0, total - sum(...parts));
}

/**
 * The title between two rules of one character, as in `=== title ===`.
 * Undefined where the line is no such thing; empty where it is a bare rule.
 */
export function ruled(text: string, rule: string): string | undefined {
  if (!text.startsWith(rule) || !text.endsWith(rule)) {
    return undefined;
  }
  let from = 0;
  let to = text.length;
  while (from < to && text[from] === rule) {
    from++;
  }
  while (to > from && text[to - 1] === rule) {
    to--;
  }
  if (from >= to) {
    return '';
  }
  if (text[from] !== ' ' || text[to - 1] !== ' ') {
    return undefined;
  }
  return text.slice(from + 1, to - 1);
}

/**
 * Counts such as `1 failed, 2 passed` or `1 failed | 2 passed`, by word.
 * Undefined where a part has another form.
 */
export function countsByWord(
  text: string,
  separator: string,
): Map<string, number> | undefined {
  const counts = new Map<string, number>();
  for (const part of text.split(separator)) {
    const match = /^\s{0,8}(\d{1,9}) ([a-z][a-z ]{0,40})$/.exec(part.trimEnd());
    if (!match) {
      return undefined;
    }
    counts.set(match[2], (counts.get(match[2]) ?? 0) + Number(match[1]));
  }
  return counts;
}

/** How many blanks a line begins with. */
export function indentOf(text: string): number {
  let at = 0;
  while (text[at] === ' ') {
    at++;
  }
  return at;
}

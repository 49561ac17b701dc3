// SPDX-License-Identifier: Apache-2.0
import type { KserveEvidence } from '../types';
import { kindOf, nameOf, namespaceOf, type Fields } from './fields';

const LONGEST_QUOTE = 300;

/**
 * Whether a quote ends here: control characters and marks of direction could
 * change how a page or a terminal shows what follows, and what stands behind a
 * backslash reads differently in JSON than in the text that it holds.
 */
function breaks(code: number): boolean {
  return (
    code < 32 ||
    (code >= 127 && code < 160) ||
    code === 92 ||
    (code >= 0x200b && code <= 0x200f) ||
    (code >= 0x2028 && code <= 0x202e) ||
    (code >= 0x2066 && code <= 0x2069)
  );
}

/** One line that is safe to show: what a name or a message became. */
export function clean(text: string, longest = 160): string {
  let safe = '';
  for (const character of text.slice(0, longest * 2)) {
    safe += breaks(character.charCodeAt(0)) ? ' ' : character;
  }
  safe = safe.split(' ').filter(Boolean).join(' ');
  return safe.length > longest ? `${safe.slice(0, longest - 1)}…` : safe;
}

/**
 * The words around a position, exactly as they stand in the text: of one line,
 * and without what would not be shown as it is.
 */
export function quoteAt(text: string, position = 0): string {
  let start = Math.min(position, Math.max(0, text.length - 1));
  let end = start;
  const before = Math.max(0, position - LONGEST_QUOTE);
  while (start > before && !breaks(text.charCodeAt(start - 1))) {
    start--;
  }
  while (end < text.length && !breaks(text.charCodeAt(end))) {
    end++;
  }
  // A colour of the terminal leaves `[31m` behind its control character.
  start +=
    /^\[[\d;]{0,9}m/.exec(text.slice(start, start + 12))?.[0].length ?? 0;
  const words = text.slice(start, end);
  if (words.length <= LONGEST_QUOTE) {
    return words.trim();
  }
  const skipped = Math.min(
    Math.max(0, position - start - LONGEST_QUOTE / 3),
    words.length - LONGEST_QUOTE,
  );
  const cut = words.slice(skipped, skipped + LONGEST_QUOTE).trim();
  return skipped + LONGEST_QUOTE < words.length ? `${cut}…` : cut;
}

/** The longest part of a line that can be shown as it is. */
export function longestWords(line: string): string {
  let longest = '';
  for (let position = 0; position < line.length; position++) {
    const part = breaks(line.charCodeAt(position))
      ? ''
      : quoteAt(line, position);
    longest = part.length > longest.length ? part : longest;
    position += part.length;
  }
  return longest;
}

/** The first line of a text that says something. */
export function firstWords(text: string): string {
  const position = text.search(/[^\s.]/);
  return position < 0 ? '' : quoteAt(text, position);
}

/**
 * The fields around one of an object, as JSON writes them: `"reason": "X",
 * "status": "False"`. Empty where the object has no such scalar.
 */
export function quoteFields(
  object: Fields,
  main: string,
  others: readonly string[] = [],
): string {
  const entries = Object.entries(object);
  const quotable = ([key, value]: [string, unknown]) =>
    (key === main || others.includes(key)) &&
    (typeof value === 'number' ||
      typeof value === 'boolean' ||
      (typeof value === 'string' &&
        value.length < 200 &&
        !value.includes('"') &&
        clean(value) === value));
  let first = entries.findIndex(([key]) => key === main);
  if (first < 0 || !quotable(entries[first])) {
    return '';
  }
  let last = first;
  while (first > 0 && quotable(entries[first - 1])) {
    first--;
  }
  while (last + 1 < entries.length && quotable(entries[last + 1])) {
    last++;
  }
  return entries
    .slice(first, last + 1)
    .map(([key, value]) => `${JSON.stringify(key)}: ${JSON.stringify(value)}`)
    .join(', ');
}

/** How people name an object: `Pod team-a/churn-7c9`. */
export function titleOf(object: Fields): string {
  const namespace = namespaceOf(object);
  return clean(
    `${kindOf(object)} ${namespace && `${namespace}/`}${nameOf(object)}`,
  );
}

/** Evidence, unless there is nothing to quote. */
export function proof(source: string, quote: string): KserveEvidence[] {
  return quote ? [{ source: clean(source), quote }] : [];
}

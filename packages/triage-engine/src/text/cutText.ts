// SPDX-License-Identifier: Apache-2.0

/**
 * The text with at most `max` characters, and how many were left out. Where
 * `around` stands in the text, the part about it is what stays.
 */
export function cutText(text: string, max: number, around?: string): string {
  if (text.length <= max) {
    return text;
  }
  const at = around ? text.indexOf(around) : -1;
  const from = at + (around?.length ?? 0) > max ? Math.max(0, at - 40) : 0;
  // A surrogate pair that the cut would part stays out whole.
  const head = text
    .slice(from, from + max)
    .replace(/^[\udc00-\udfff]|[\ud800-\udbff]$/g, '');
  const rest = text.length - head.length;
  return `${from > 0 ? '… ' : ''}${head} … (${rest} more characters)`;
}

/** The text with at most `max` UTF-16 code units; an ellipsis says that it was longer. */
export function ellipsis(text: string, max: number): string {
  return text.length <= max
    ? text
    : `${text.slice(0, max - 1).replace(/[\ud800-\udbff]$/, '')}…`;
}

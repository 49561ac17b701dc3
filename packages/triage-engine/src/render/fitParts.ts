// SPDX-License-Identifier: Apache-2.0

/** A part of a text that is there whole or not at all. */
export interface TextPart {
  /** For people, where it had to be left out. */
  title: string;
  /** Paragraphs. */
  blocks: string[];
  /** 0 stays longest. */
  rank: number;
}

const BETWEEN = '\n\n';

function leftOut(titles: string[]): string {
  return `_Left out for length: ${titles.join(', ')}._`;
}

/**
 * Puts parts together in their order, without the last-ranked ones while the whole
 * is longer than `max`, and says what is missing. The head always stays.
 */
export function fitParts(options: {
  head: string;
  parts: TextPart[];
  max: number;
  lengthOf: (text: string) => number;
}): string {
  const { head, parts, max, lengthOf } = options;
  const kept = new Set(parts);
  const missing: string[] = [];
  const text = () =>
    `${[
      head,
      ...parts.filter(part => kept.has(part)).flatMap(part => part.blocks),
      ...(missing.length > 0 ? [leftOut(missing)] : []),
    ].join(BETWEEN)}\n`;
  for (const part of [...parts].sort((a, b) => b.rank - a.rank)) {
    if (lengthOf(text()) <= max) {
      break;
    }
    kept.delete(part);
    missing.unshift(part.title);
  }
  return text();
}

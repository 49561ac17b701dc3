// SPDX-License-Identifier: Apache-2.0

/** A secret in a text. */
export interface Detection {
  start: number;
  end: number;
  /** Lower case, digits and dashes: goes into the placeholder. */
  kind: string;
  /** The secret itself, decoded: the same one gets the same placeholder. */
  secret: string;
  /** Has a form of its own, so it is one wherever it stands. */
  certain: boolean;
  /**
   * Only what stands around it, or its randomness, speaks for it: it is taken
   * out where it stands, and not looked for elsewhere.
   */
  guessed?: boolean;
}

/** Finds secrets in a text; `lower` is the text in lower case, as long. */
export type Detector = (text: string, lower: string) => Detection[];

/** Lower case that never changes a position, as `İ` would. */
export function lowerCase(text: string): string {
  const lower = text.toLowerCase();
  return lower.length === text.length
    ? lower
    : text.replace(/[A-Z]+/g, letters => letters.toLowerCase());
}

/** The range of a group of a match whose expression has the `d` flag. */
export function groupRange(
  match: RegExpMatchArray,
  group: number,
): [number, number] | undefined {
  return match.indices?.[group];
}

/** What of a kind of characters ends here, and no more of it than so many. */
export function runBefore(
  text: string,
  end: number,
  characters: RegExp,
  most: number,
): string {
  let start = end;
  while (start > Math.max(0, end - most) && characters.test(text[start - 1])) {
    start--;
  }
  return text.slice(start, end);
}

// SPDX-License-Identifier: Apache-2.0

/** What a text means, known by words that stand in it. */
export interface Cause {
  /** One of these stands in the text; lower case. */
  any: readonly string[];
  /** And each of these stands in the same line; lower case. */
  all?: readonly string[];
  /** What it means, as the rest of a sentence: "the image does not exist". */
  words: string;
  next: string;
}

/** A cause and where its words stand. */
export interface CauseFound {
  cause: Cause;
  position: number;
}

function lineAround(text: string, position: number): string {
  const end = text.indexOf('\n', position);
  return text.slice(
    text.lastIndexOf('\n', position - 1) + 1,
    end < 0 ? text.length : end,
  );
}

/** The last place of the words, of which the line holds the others too; -1 where none does. */
function lastPlace(
  text: string,
  words: string,
  others: readonly string[] = [],
): number {
  let found = text.lastIndexOf(words);
  while (found >= 0) {
    const line = others.length ? lineAround(text, found) : '';
    if (others.every(other => line.includes(other))) {
      break;
    }
    found = found > 0 ? text.lastIndexOf(words, found - 1) : -1;
  }
  return found;
}

/**
 * The first cause of the table that the text names, and its last place: what
 * comes last in a log is what the process ended with.
 */
export function findCause(
  text: string,
  causes: readonly Cause[],
): CauseFound | undefined {
  const lower = text.toLowerCase();
  for (const cause of causes) {
    const position = Math.max(
      ...cause.any.map(words => lastPlace(lower, words, cause.all)),
    );
    if (position >= 0) {
      return { cause, position };
    }
  }
  return undefined;
}

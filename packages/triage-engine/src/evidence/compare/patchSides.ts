// SPDX-License-Identifier: Apache-2.0

/** GitHub itself cuts patches well below. */
const MAX_PATCH = 2 * 1024 * 1024;

/** The two sides of a patch, context lines in both; hunks are not parted. */
export function patchSides(patch: string): { before: string; after: string } {
  const before: string[] = [];
  const after: string[] = [];
  for (const line of patch.slice(0, MAX_PATCH).split('\n')) {
    const mark = line[0];
    const text = line.slice(1);
    if (mark === '-' || mark === ' ') {
      before.push(text);
    }
    if (mark === '+' || mark === ' ') {
      after.push(text);
    }
  }
  return { before: before.join('\n'), after: after.join('\n') };
}

/** First and last line, in the new file, of what each hunk of a patch spans. */
export function patchedLines(patch: string): Array<[number, number]> {
  const hunks = patch
    .slice(0, MAX_PATCH)
    .matchAll(/^@@ -\d{1,9}(?:,\d{1,9})? \+(\d{1,9})(?:,(\d{1,9}))? @@/gm);
  return [...hunks].map(([, start, count]) => [
    Number(start),
    Number(start) + Math.max(Number(count ?? 1) - 1, 0),
  ]);
}

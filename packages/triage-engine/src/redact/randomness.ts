// SPDX-License-Identifier: Apache-2.0

/** Shannon's entropy of the characters, in bits for each. */
export function entropy(text: string): number {
  const counts = new Map<string, number>();
  for (const char of text) {
    counts.set(char, (counts.get(char) ?? 0) + 1);
  }
  let sum = 0;
  const total = [...text].length;
  for (const count of counts.values()) {
    sum -= (count / total) * Math.log2(count / total);
  }
  return sum;
}

const IDENTIFIERS = [
  // Commits, image and data digests, MLflow run ids, checksums.
  /^(?:sha(?:1|256|384|512)[-:=~])?[0-9a-f]{32}(?:[0-9a-f]{8}|[0-9a-f]{32}|[0-9a-f]{96})?$/i,
  /^[0-9a-f]{6,12}$/,
  /^sha(?:256|384|512)-[A-Za-z0-9+/]{43,88}={0,2}$/,
  // Versions of packages: `1:1.0.9-1ubuntu2_amd64.deb`.
  /^v?\d{1,8}(?:[.:]\d{1,8}){1,5}(?:[-+~_.][\w.+~-]{1,60})?$/i,
  /^\{?[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\}?$/i,
];

/** A commit, a digest, a run id, a UUID: random, but no secret by itself. */
export function isIdentifier(text: string): boolean {
  return IDENTIFIERS.some(pattern => pattern.test(text));
}

/** How often the kind of character changes, `Word` counting as one kind. */
function changes(text: string): number {
  return (text.match(/[A-Z]?[a-z]+|[A-Z]+|[0-9]+|[^A-Za-z0-9]/g) ?? []).length;
}

/** Words and numbers in one: `Setting`, `restore-keys`, `MyTestClass`, `3.10`. */
export function isWordLike(text: string): boolean {
  const bare = text.replace(/[^A-Za-z0-9]/g, '');
  if (/^\d*$/.test(bare)) {
    return /[^A-Za-z0-9]/.test(text) || bare.length < 3;
  }
  return !/\d/.test(bare) && words(bare) <= Math.max(1, bare.length / 4);
}

function words(bare: string): number {
  return (bare.match(/[A-Z]?[a-z]+|[A-Z]+/g) ?? []).length;
}

/**
 * Looks drawn by chance rather than written: letters and digits in short
 * alternation. Words, camelCase, versions, paths and dates do not.
 */
export function looksRandom(text: string, least = 10): boolean {
  const bare = text.replace(/[^A-Za-z0-9]/g, '');
  if (bare.length < least || bare.length < text.length * 0.7) {
    return false;
  }
  const digits = (bare.match(/[0-9]/g) ?? []).length;
  if (digits === bare.length || entropy(bare) < (bare.length < 16 ? 2.6 : 3)) {
    return false;
  }
  const share = changes(bare) / bare.length;
  return digits > 0 ? share >= 0.25 : bare.length >= 16 && share >= 0.4;
}

// SPDX-License-Identifier: Apache-2.0

// Python's json module writes bare NaN and Infinity, and int64 values beyond
// 2^53 would be rounded by JSON.parse: both are kept as strings.
const BARE_TOKENS = /NaN|-?Infinity|(?<![\d.eE+-])-?\d{16,}(?![\d.eE])/g;

function findStringEnd(text: string, start: number): number {
  let end = text.indexOf('"', start + 1);
  while (end !== -1) {
    let backslashes = 0;
    while (text[end - 1 - backslashes] === '\\') {
      backslashes++;
    }
    if (backslashes % 2 === 0) {
      return end;
    }
    end = text.indexOf('"', end + 1);
  }
  return -1;
}

function quoteBareTokens(text: string): string {
  const parts: string[] = [];
  let position = 0;
  while (position < text.length) {
    const start = text.indexOf('"', position);
    const outside = text.slice(position, start === -1 ? undefined : start);
    parts.push(outside.replace(BARE_TOKENS, '"$&"'));
    if (start === -1) {
      break;
    }
    const end = findStringEnd(text, start);
    if (end === -1) {
      parts.push(text.slice(start));
      break;
    }
    parts.push(text.slice(start, end + 1));
    position = end + 1;
  }
  return parts.join('');
}

/**
 * Parses JSON as MLflow servers write it: the bare tokens `NaN`, `Infinity` and
 * `-Infinity`, and integers of 16 digits or more, become strings.
 *
 * @throws SyntaxError for anything else that is not JSON.
 * @internal
 */
export function parseMlflowJson(text: string): unknown {
  return JSON.parse(
    /NaN|Infinity|\d{16}/.test(text) ? quoteBareTokens(text) : text,
  );
}

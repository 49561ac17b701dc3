// SPDX-License-Identifier: Apache-2.0

const NAME = /[A-Za-z0-9_]/;

/**
 * Puts variables into a word of a Dockerfile: `$NAME`, `${NAME}`, `${NAME:-default}`, `${NAME:+instead}`; nothing within
 * single quotes, nor after the escape character. Quotes go away. As in Docker's reference, *Environment replacement*.
 *
 * @throws for a form that is none of these, in BuildKit's words
 */
export function expandVariables(
  word: string,
  lookUp: (name: string) => string | undefined,
  escape = '\\',
): string {
  let result = '';
  let quote = '';
  for (let at = 0; at < word.length; at++) {
    const char = word[at];
    if (char === escape && quote !== "'" && at + 1 < word.length) {
      at += 1;
      result += word[at];
    } else if (quote ? char === quote : char === '"' || char === "'") {
      quote = quote ? '' : char;
    } else if (char === '$' && quote !== "'") {
      const { value, end } = readVariable(word, at + 1, lookUp, escape);
      result += value;
      at = end - 1;
    } else {
      result += char;
    }
  }
  return result;
}

/** @returns the value, and where the text goes on */
function readVariable(
  word: string,
  start: number,
  lookUp: (name: string) => string | undefined,
  escape: string,
): { value: string; end: number } {
  const isBraced = word[start] === '{';
  const first = isBraced ? start + 1 : start;
  let end = first;
  while (end < word.length && NAME.test(word[end])) {
    end += 1;
  }
  const name = word.slice(first, end);
  if (!isBraced) {
    return name ? { value: lookUp(name) ?? '', end } : { value: '$', end };
  }
  if (word[end] === '}') {
    return { value: lookUp(name) ?? '', end: end + 1 };
  }
  const close = word.indexOf('}', end);
  const rest = close < 0 ? '' : word.slice(end, close);
  const form = /^:?[-+]/.exec(rest)?.[0];
  if (!form) {
    throw new Error(`unsupported modifier in substitution: ${word}`);
  }
  const value = lookUp(name);
  const isThere = form.startsWith(':') ? Boolean(value) : value !== undefined;
  const other = expandVariables(rest.slice(form.length), lookUp, escape);
  if (form.endsWith('-')) {
    return { value: isThere ? (value ?? '') : other, end: close + 1 };
  }
  return { value: isThere ? other : '', end: close + 1 };
}

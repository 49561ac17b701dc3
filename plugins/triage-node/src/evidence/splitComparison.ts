// SPDX-License-Identifier: Apache-2.0

const COMPARISON = /^(==|!=|>=|<=|>|<)/;
const OPENING = '([{';
const CLOSING = ')]}';
const QUOTES = '"\'`';
const NUMBER = /^(bool\s+)?[-+]?[\d.]+(e[-+]?\d+)?$/i;

/**
 * What an expression of PromQL compares with a number: `rate(x[5m])` of
 * `rate(x[5m]) > 0.5`, whose points show how it came to be. Undefined where the
 * expression is no such comparison.
 */
export function splitComparison(expression: string): string | undefined {
  let depth = 0;
  let quote = '';
  let found: { at: number; length: number } | undefined;
  for (let at = 0; at < expression.length; at++) {
    const letter = expression[at];
    if (quote) {
      if (letter === '\\' && quote !== '`') {
        at++;
      } else if (letter === quote) {
        quote = '';
      }
    } else if (QUOTES.includes(letter)) {
      quote = letter;
    } else if (OPENING.includes(letter)) {
      depth++;
    } else if (CLOSING.includes(letter)) {
      depth--;
    } else if (depth === 0) {
      const operator = COMPARISON.exec(expression.slice(at, at + 2))?.[1];
      if (operator) {
        // Two comparisons are no threshold.
        if (found) {
          return undefined;
        }
        found = { at, length: operator.length };
        at += operator.length - 1;
      }
    }
  }
  if (!found) {
    return undefined;
  }
  const left = expression.slice(0, found.at).trim();
  const right = expression.slice(found.at + found.length).trim();
  return left && NUMBER.test(right) ? left : undefined;
}

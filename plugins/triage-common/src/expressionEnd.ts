// SPDX-License-Identifier: Apache-2.0

/** Longer ones are no expressions. */
const MAX_LENGTH = 1_000;

/** `sum`, `job:latency:p95`; `sum by (le)` before what it sums. */
const HEAD =
  /[\p{L}_][\p{L}\p{N}_:.]{0,120}(?: (?:by|without) ?\([^()]{0,200}\) ?(?=\())?(?=[([{])/uy;
/** What goes on behind a call: ` by (le)`, ` offset 5m`, ` > ` with a number or another call. */
const GROUPED =
  / (?:by|without|on|ignoring|group_left|group_right) ?\([^()]{0,200}\)| offset \d{1,6}[smhdwy]/y;
const OPERATOR = / (?:[<>]=?|[=!]=|[-+*/%^]) (?:bool )?/y;
const NUMBER = /\d{1,20}(?:\.\d{1,20})?(?:e[+-]?\d{1,3})?(?![\p{L}\p{N}_])/uy;

function matchAt(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : at;
}

/** Behind the bracket that closes the one at `start`, and those that follow it at once. */
function closingEnd(text: string, start: number): number | undefined {
  let depth = 0;
  const last = Math.min(text.length, start + MAX_LENGTH);
  for (let at = start; at < last; at++) {
    depth +=
      Number('([{'.includes(text[at])) - Number(')]}'.includes(text[at]));
    if (depth === 0 && !'([{'.includes(text[at + 1] ?? ' ')) {
      return at + 1;
    }
  }
  return undefined;
}

/**
 * Where an expression ends that begins with a name and a bracket: `int()`,
 * `sum(rate(x[5m])) by (le) > 0.5`. Undefined where none begins there, or its bracket
 * is not closed.
 */
export function expressionEnd(text: string, start: number): number | undefined {
  const head = matchAt(HEAD, text, start);
  let end = head > start ? closingEnd(text, head) : undefined;
  for (let from = end; from !== undefined && end !== undefined;) {
    const grouped = matchAt(GROUPED, text, from);
    const operator = matchAt(OPERATOR, text, grouped);
    const number = matchAt(NUMBER, text, operator);
    const operand =
      operator > grouped && number === operator
        ? closingOperand(text, operator)
        : number;
    end = operator > grouped ? (operand ?? grouped) : grouped;
    from = end > from ? end : undefined;
  }
  return end;
}

function closingOperand(text: string, start: number): number | undefined {
  const head = matchAt(HEAD, text, start);
  return head > start ? closingEnd(text, head) : undefined;
}

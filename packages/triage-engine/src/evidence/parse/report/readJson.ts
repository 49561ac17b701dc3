// SPDX-License-Identifier: Apache-2.0
const MAX_STARTS = 5;
const MAX_VALUES = 100_000;

/**
 * The JSON of a report, wherever it stands in the text: some tools print what
 * they do before it, and some write one value on each line or several values
 * with NUL between them. Undefined where there is none.
 *
 * @throws SyntaxError of the JSON that is broken
 */
export function readJson(text: string): unknown {
  const whole = tryParse(text);
  if (!(whole instanceof SyntaxError)) {
    return whole;
  }
  const values = readValues(text);
  if (values) {
    return values;
  }
  const starts = text.matchAll(/^[{[]/gm);
  const end = endOf(text);
  let error: SyntaxError | undefined;
  let tries = 0;
  for (const start of starts) {
    const value = tryParse(text.slice(start.index, end));
    if (!(value instanceof SyntaxError)) {
      return value;
    }
    error = value;
    tries += 1;
    if (tries === MAX_STARTS) {
      break;
    }
  }
  if (error) {
    throw error;
  }
  return undefined;
}

function tryParse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) {
      return error;
    }
    throw error;
  }
}

/** Of the JSON, where lines follow that a tool prints when it is done. */
function endOf(text: string): number {
  const end = Math.max(text.lastIndexOf('}'), text.lastIndexOf(']')) + 1;
  return /^[^\S\n]*\n(?![{[])/.test(text.slice(end, end + 200))
    ? end
    : text.length;
}

/** Values one after the other: on lines, with NUL between them, or with nothing. */
function readValues(text: string): unknown[] | undefined {
  const values: unknown[] = [];
  for (let at = 0; at < text.length;) {
    const start = skipBetween(text, at);
    if (start === text.length) {
      break;
    }
    const end = endOfObject(text, start);
    const value = end && tryParse(text.slice(start, end));
    if (!end || value instanceof SyntaxError || values.length === MAX_VALUES) {
      return undefined;
    }
    values.push(value);
    at = end;
  }
  return values.length > 1 ? values : undefined;
}

function skipBetween(text: string, from: number): number {
  let at = from;
  while (at < text.length && /[\s\0]/.test(text[at])) {
    at += 1;
  }
  return at;
}

/** Where the object ends that starts here; undefined where none does, or it never ends. */
function endOfObject(text: string, start: number): number | undefined {
  if (text[start] !== '{') {
    return undefined;
  }
  const marks = /["{}]/g;
  marks.lastIndex = start;
  let depth = 0;
  for (let mark = marks.exec(text); mark; mark = marks.exec(text)) {
    if (mark[0] === '"') {
      marks.lastIndex = endOfString(text, mark.index);
    } else {
      depth += mark[0] === '{' ? 1 : -1;
    }
    if (depth === 0) {
      return marks.lastIndex;
    }
  }
  return undefined;
}

function endOfString(text: string, start: number): number {
  const marks = /["\\]/g;
  marks.lastIndex = start + 1;
  for (let mark = marks.exec(text); mark; mark = marks.exec(text)) {
    if (mark[0] === '"') {
      return marks.lastIndex;
    }
    marks.lastIndex += 1;
  }
  return text.length;
}

const MAX_STARTS = 20;
const MAX_LINES = 100_000;

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
  const lines = readLines(text);
  if (lines) {
    return lines;
  }
  const starts = text.matchAll(/^[{[]/gm);
  let error: SyntaxError | undefined;
  let tries = 0;
  for (const start of starts) {
    const value = tryParse(text.slice(start.index, endOf(text)));
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

/** After the last bracket: what a tool prints when it is done. */
function endOf(text: string): number {
  return Math.max(text.lastIndexOf('}'), text.lastIndexOf(']')) + 1;
}

/** Values one a line, or with NUL between them (Code Climate). */
function readLines(text: string): unknown[] | undefined {
  const trimmed = text.trim().replace(/\0$/, '');
  const parts = trimmed.split(trimmed.includes('\0') ? '\0' : '\n', MAX_LINES);
  if (
    parts.length === 1 ||
    !parts.every(each => /^\s{0,100}\{.*\}\s*$/s.test(each))
  ) {
    return undefined;
  }
  const values = parts.map(tryParse);
  return values.some(each => each instanceof SyntaxError) ? undefined : values;
}

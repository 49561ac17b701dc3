const DIGIT_0 = 48;
const DIGIT_9 = 57;
const BOM = 0xfeff;

/** Colours, clear-line and move codes, also those that lost their ESC on the way. */
// eslint-disable-next-line no-control-regex
const ANSI = /\x1b?\[[0-9;]*[mKG]/g;

/** `2024-05-06T07:08:09.` with the digits written as 0. */
const TIMESTAMP = '0000-00-00T00:00:00.';

/**
 * A line of a CI log as its program wrote it: without the two columns that
 * `gh run view --log` puts in front (job and step), GitHub's time stamp
 * (`2024-05-06T07:08:09.1234567Z `) and ANSI codes of colour and line clearing.
 *
 * @public
 */
export function plainText(line: string): string {
  const text = line.slice(endOfPrefix(line));
  return text.includes('[') ? text.replace(ANSI, '') : text;
}

function endOfPrefix(line: string): number {
  const job = line.indexOf('\t');
  const step = job < 0 ? -1 : line.indexOf('\t', job + 1);
  const after = step < 0 ? 0 : endOfTimestamp(line, step + 1);
  return after > 0 ? after : endOfTimestamp(line, 0);
}

/** 0 where there is none. */
function endOfTimestamp(line: string, start: number): number {
  const from = line.charCodeAt(start) === BOM ? start + 1 : start;
  for (let i = 0; i < TIMESTAMP.length; i++) {
    const wanted = TIMESTAMP.charCodeAt(i);
    const code = line.charCodeAt(from + i);
    if (wanted === DIGIT_0 ? !isDigit(code) : code !== wanted) {
      return 0;
    }
  }
  let end = from + TIMESTAMP.length;
  while (isDigit(line.charCodeAt(end))) {
    end += 1;
  }
  if (end === from + TIMESTAMP.length || line[end] !== 'Z') {
    return 0;
  }
  return line[end + 1] === ' ' ? end + 2 : end + 1;
}

function isDigit(code: number): boolean {
  return code >= DIGIT_0 && code <= DIGIT_9;
}

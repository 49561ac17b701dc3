// SPDX-License-Identifier: Apache-2.0
import { withoutColours } from './escapes';

/** GitHub's, after a byte order mark where the line is the first of a file. */
const TIMESTAMP = /\ufeff?\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z ?/y;

/** Jenkins' Timestamper; Cloud Build. */
const OTHERS =
  /\[\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z\] ?|Step #\d{1,3}(?: - "[^"]{1,100}")?: ?/y;

/**
 * A line of a CI log as its program wrote it: without the two columns that
 * `gh run view --log` puts in front (job and step), the time stamps of GitHub
 * (`2024-05-06T07:08:09.1234567Z `) and Jenkins, Cloud Build's step, and ANSI codes
 * of colour and line clearing.
 */
export function plainText(line: string): string {
  const start = endOfPrefix(line);
  OTHERS.lastIndex = start;
  return withoutColours(
    line.slice(OTHERS.test(line) ? OTHERS.lastIndex : start),
  );
}

function endOfPrefix(line: string): number {
  const job = line.indexOf('\t');
  const step = job < 0 ? -1 : line.indexOf('\t', job + 1);
  const after = step < 0 ? 0 : endOfTimestamp(line, step + 1);
  return after > 0 ? after : endOfTimestamp(line, 0);
}

/** 0 where there is none. */
function endOfTimestamp(line: string, start: number): number {
  TIMESTAMP.lastIndex = start;
  return TIMESTAMP.test(line) ? TIMESTAMP.lastIndex : 0;
}

// SPDX-License-Identifier: Apache-2.0
import { toVisibleText } from '@greenroom/ui';
import type { IncidentLog } from '@greenroom/plugin-triage-common';

/** So many places of a line are marked. */
const MOST = 50;

/**
 * A text in parts, of which each second one is what was searched, whichever case.
 * Case is folded by characters of the same length only, so that places stay.
 */
export function splitByMatches(text: string, search: string) {
  const folded = text.toLowerCase();
  const wanted = search.toLowerCase();
  if (wanted === '' || folded.length !== text.length) {
    return [text];
  }
  const parts: string[] = [];
  let end = 0;
  let start = folded.indexOf(wanted);
  while (start >= 0 && parts.length < MOST * 2) {
    parts.push(
      text.slice(end, start),
      text.slice(start, start + wanted.length),
    );
    end = start + wanted.length;
    start = folded.indexOf(wanted, end);
  }
  return [...parts, text.slice(end)];
}

/** The numbers of the lines that hold what is searched. */
export function findMatches(lines: IncidentLog['lines'], search: string) {
  const wanted = search.toLowerCase();
  return wanted === ''
    ? []
    : lines
        .filter(({ text }) =>
          toVisibleText(text).toLowerCase().includes(wanted),
        )
        .map(({ number }) => number);
}

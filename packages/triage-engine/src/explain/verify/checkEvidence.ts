// SPDX-License-Identifier: Apache-2.0
import type { Evidence, TriageReport } from '@greenroom/plugin-triage-common';
import type { ModelAnswer } from '../ask/modelAnswer';
import { neutralize } from '../ask/neutralize';
import { promptSources } from '../ask/promptIds';
import { collapsedText } from '../../text/oneLine';
import { isHostileText } from './hostileText';

type Cited = ModelAnswer['rootCause']['evidence'][number];

/** Models miscount; further away it is another line. */
const MAX_LINE_DISTANCE = 2;
/** Shorter quotes stand in too many lines to prove anything. */
const MIN_QUOTE_CHARACTERS = 12;
const MIN_QUOTE_LETTERS = 6;
/** Whole lines may be shorter: `Killed`. */
const MIN_LINE_LETTERS = 4;
const MAX_QUOTE_CHARACTERS = 500;

function comparable(text: string): string {
  return collapsedText(neutralize(text));
}

function letters(text: string): number {
  return text.match(/[\p{L}\p{N}]/gu)?.length ?? 0;
}

function provesSomething(quote: string, line: string): boolean {
  return quote === line
    ? letters(quote) >= MIN_LINE_LETTERS
    : quote.length >= MIN_QUOTE_CHARACTERS &&
        letters(quote) >= MIN_QUOTE_LETTERS;
}

function nearest(lines: TriageReport['excerpts'][number]['lines'], at: number) {
  return lines
    .filter(({ number }) => Math.abs(number - at) <= MAX_LINE_DISTANCE)
    .sort((a, b) => Math.abs(a.number - at) - Math.abs(b.number - at));
}

/**
 * One citation of a model against the kept lines.
 *
 * @returns where the quote really stands; undefined where it does not, where it
 * is too short to prove anything, or where the line speaks to the model
 */
export function checkEvidence(
  draft: TriageReport,
  cited: Cited,
): Evidence | undefined {
  const excerpt =
    promptSources(draft).find(({ id }) => id === cited.source)?.excerpt ??
    draft.excerpts.find(({ source }) => source === cited.source);
  if (!excerpt || cited.quote.length > 8 * MAX_QUOTE_CHARACTERS) {
    return undefined;
  }
  // As the prompt showed the line, since the model copied from there.
  const quote = comparable(cited.quote.replace(/^\s*L\d{1,9}\|/, ''));
  const found = nearest(excerpt.lines, cited.line).find(({ text }) => {
    const line = comparable(text);
    return line.includes(quote) && provesSomething(quote, line);
  });
  if (!found || isHostileText(found.text)) {
    return undefined;
  }
  return {
    source: excerpt.source,
    line: found.number,
    quote: asItStands(found.text, cited.quote),
  };
}

// The report quotes the line, not what the model made of it.
function asItStands(line: string, quoted: string): string {
  const exact = quoted.trim();
  return (line.includes(exact) ? exact : line).slice(0, MAX_QUOTE_CHARACTERS);
}

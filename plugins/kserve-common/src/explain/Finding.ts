// SPDX-License-Identifier: Apache-2.0
import type { CauseFound } from '../causes/Cause';
import type { KserveEvidence, KserveState } from '../types';
import { clean } from './quote';

/**
 * How near a finding is to the cause: what a process says of itself explains
 * its exit code, which explains that a replica is missing, which explains a
 * condition. The highest is the answer.
 */
export const Rank = {
  lifecycle: 100,
  killed: 95,
  cause: 90,
  refused: 80,
  reported: 70,
  contradicted: 66,
  canary: 64,
  route: 60,
  exit: 58,
  condition: 55,
  autoscaling: 52,
  progress: 50,
  stale: 45,
  echo: 20,
  nothing: 5,
} as const;

/** One thing that is so, with its proof. */
export interface Finding {
  state: KserveState;
  sentence: string;
  evidence: KserveEvidence[];
  next: string;
  rank: number;
}

/** A quote within a sentence ends without its own full stop. */
function withoutStop(text: string): string {
  let end = text.length;
  while (end > 0 && '.… '.includes(text[end - 1])) {
    end--;
  }
  return text.slice(0, end);
}

const LONGEST_SHORT = 200;

/** The part of a long quote in which the words stand that tell its meaning. */
function shorten(quote: string, found: CauseFound | undefined): string {
  const lower = quote.toLowerCase();
  const place = Math.max(
    0,
    ...(found?.cause.any ?? []).map(words => lower.lastIndexOf(words)),
  );
  // One less for the mark that something stood before.
  const room = LONGEST_SHORT - 1;
  const start = Math.min(place - room / 3, quote.length - room);
  return quote.length > LONGEST_SHORT && start > 0
    ? `…${quote.slice(Math.ceil(start))}`
    : quote;
}

/** `The predictor cannot start: the image does not exist (“manifest unknown”).` */
export function sentenceOf(what: string, words: string, quote = ''): string {
  const short = withoutStop(clean(quote, LONGEST_SHORT));
  const told = [clean(what), words].filter(Boolean).join(': ');
  return short && !told.includes(short) ? `${told} (“${short}”).` : `${told}.`;
}

/** What a recognised text says; what an unknown one says, in its own words. */
export function findingOf(
  what: string,
  found: CauseFound | undefined,
  quote: string,
  rest: Pick<Finding, 'evidence' | 'next' | 'rank'> & { state?: KserveState },
): Finding {
  return {
    state: rest.state ?? 'degraded',
    sentence: sentenceOf(what, found?.cause.words ?? '', shorten(quote, found)),
    evidence: rest.evidence,
    next: found?.cause.next ?? rest.next,
    rank: rest.rank,
  };
}

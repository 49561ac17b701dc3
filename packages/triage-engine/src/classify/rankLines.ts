// SPDX-License-Identifier: Apache-2.0
import { BARE_EXCEPTION, EXCEPTION, FEATURES, REASONS } from './lineForms';
import { scoreWords } from './lineWords';
import type { RuleLine } from './readRuleLine';

/** A line and how likely it is the one that an expert would quote as the cause. */
export interface RankedLine extends RuleLine {
  score: number;
}

/**
 * Below it a line only has a word of failure in it. Weights and this bound were set
 * on the labelled logs (eval/README.md says which).
 */
export const STATES_ERROR = 5;

/** Below it a line is no headline of what stands below it. */
const LIKELY = 2;

/** Below it a line is not worth showing. */
const LEAST = -2;

/** A headline: the reason stands below it. */
const HEADLINE = /(?::|following (?:reasons?|errors?|targets?):?)$/;

/** That a rule knows the sentence. */
const KNOWN = 4;

/** Features below it are of lines that say nothing of the reason. */
const SAYS_NOTHING = -5;

/** So many lines below a headline may be its reason. */
const HEADED = 3;

/** A longer one says something itself. */
const LONG_HEADLINE = 70;

/** How an exception came to be out of another one, in Python. */
const DIRECT_CAUSE = /^The above exception was the direct cause of/;
const DURING_HANDLING = /^During handling of the above exception/;

/** Exceptions that only carry another one. */
const CARRIER =
  /^(?:\w{1,60}\.){0,8}(?:RuntimeError|Exception|RetryError|MaxRetryError|WrappedError|HTTPError|InvocationTargetException|ExecutionException|CompletionException)\b/;

const WARNING = /^warning\b/;

/** Where a checker says that what stands above is: Ruff, Rust and what prints like them. */
const PLACE_BELOW = /^--> \S{1,300}:\d{1,7}:\d{1,5}$/;
const PLACED = 6;

/** What pytest shows below an assertion. */
const DETAIL =
  /^(?:\+ {1,20}(?:where|and) |Use -v |[?+-] |(?:ACTUAL|DESIRED|x|y): )/;

/** An assertion, which elsewhere is code that a frame shows. */
const ASSERTED = 9;

/** Pytest shows the exception's name alone where the message begins on the next line. */
const isBareOfTest = ({ isTest, text }: RuleLine): boolean =>
  isTest && BARE_EXCEPTION.test(text);

const hasRepeated = (seen: Set<string>, text: string): boolean => {
  const key = text.replace(/\d{1,20}/g, '0');
  const had = seen.has(key);
  seen.add(key);
  return had;
};

function scoreOf(
  { text, isError, isFatal, isTest, line }: RuleLine,
  knows: (text: string) => boolean,
): number {
  let score = (isError ? 5 : 0) + (isFatal ? 1.5 : 0);
  if (isTest) {
    score += DETAIL.test(text) || BARE_EXCEPTION.test(text) ? -4 : 1;
    score += text.startsWith('assert ') ? ASSERTED + 3 : 0;
  }
  let isEmpty = false;
  for (const { weight, pattern } of FEATURES) {
    if (pattern.test(text)) {
      score += weight;
      isEmpty ||= weight <= SAYS_NOTHING;
    }
  }
  if (score <= -3) {
    return score;
  }
  score += REASONS.filter(pattern => pattern.test(text)).length * 0.8;
  if (!isEmpty && knows(text)) {
    score += KNOWN;
  }
  if (HEADLINE.test(text) && text.length < LONG_HEADLINE) {
    score -= 2;
  }
  // Short fragments say nothing; a sentence does.
  if (text.length < 12) {
    score -= 3;
  }
  // Continued and quoted text belongs to what stands before it.
  return /^\s{2,}/.test(line.text) && !isTest ? score - 1 : score;
}

/** What follows from how exceptions are chained, by place. */
function chainBonus(lines: readonly RuleLine[]): Map<number, number> {
  const bonus = new Map<number, number>();
  let last: number | undefined;
  let link: 'none' | 'direct' | 'handling' = 'none';
  for (const [index, { text }] of lines.entries()) {
    if (DIRECT_CAUSE.test(text)) {
      link = 'direct';
    } else if (DURING_HANDLING.test(text)) {
      link = 'handling';
    } else if (EXCEPTION.test(text)) {
      if (last !== undefined && link === 'direct') {
        bonus.set(last, (bonus.get(last) ?? 0) + 2);
        bonus.set(index, -0.5);
      } else if (last !== undefined && link === 'handling') {
        bonus.set(index, CARRIER.test(text) ? -1 : 0.5);
      } else if (last !== undefined && text.startsWith('Caused by: ')) {
        bonus.set(index, (bonus.get(last) ?? 0) + 1);
      }
      last = index;
      link = 'none';
    }
  }
  return bonus;
}

/** How much the form of each line, and those beside it, speak for it. */
export function scoreByForm(
  lines: readonly RuleLine[],
  knows: (text: string) => boolean,
): number[] {
  const seen = new Set<string>();
  const chained = chainBonus(lines);
  const scores = lines.map((each, index) => {
    const own = scoreOf(each, knows) + (chained.get(index) ?? 0);
    return hasRepeated(seen, each.text) ? own - 1 : own;
  });
  return lines.map((each, index) => {
    const start = Math.max(0, index - HEADED);
    const isBelowHeadline = lines
      .slice(start, index)
      .some(
        (above, offset) =>
          HEADLINE.test(above.text) &&
          (scores[start + offset] >= LIKELY || isBareOfTest(above)) &&
          each.line.number - above.line.number <= HEADED,
      );
    const isPlaced =
      PLACE_BELOW.test(lines[index + 1]?.text ?? '') &&
      !WARNING.test(each.text);
    // The nearer to the end, the likelier: a tool that went on was not ended by it.
    const place = (1.5 * (index + 1)) / lines.length;
    return (
      scores[index] +
      place +
      (isBelowHeadline ? 1.5 : 0) +
      (isPlaced ? PLACED : 0)
    );
  });
}

/**
 * Orders the lines of a failed step by how likely each is the one that names the
 * cause: by its form (an exception or a tool's error that gives a reason, not what
 * only says that something failed, shows where, or repeats it), by what stands beside
 * it (the reason below a headline, the first exception of a chain) and by its words and
 * place, as learnt from labelled logs. Those that say nothing are left out.
 *
 * @param knows - whether a rule knows the sentence, which speaks for it
 */
export function rankLines(
  lines: readonly RuleLine[],
  knows: (text: string) => boolean,
): RankedLine[] {
  const points = scoreByForm(lines, knows);
  const learnt = scoreWords(lines);
  return lines
    .map((line, index): RankedLine => ({
      ...line,
      score: points[index] + learnt[index],
    }))
    .filter(({ score }) => score >= LEAST)
    .sort((one, other) => other.score - one.score);
}

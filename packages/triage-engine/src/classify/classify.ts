// SPDX-License-Identifier: Apache-2.0
import type { Evidence } from '@greenroom/plugin-triage-common';
import {
  bestFirst,
  distinct,
  isFarBehind,
  isHeadline,
  saysFailedFirst,
  withLikely,
  WORTH_SHOWING,
} from './chooseLines';
import { createContext, type RuleContext } from './createContext';
import { kindOf, MORE_PROBABLE, SAYS_MORE } from './kindOf';
import { rankLines, STATES_ERROR, type RankedLine } from './rankLines';
import type { RuleLine } from './readRuleLine';
import type { LineRule, Rule } from './ruleTypes';
import { lateRules, earlyRules } from './rules/allRules';
import { isKnownSentence, lineRules } from './rules/lineRules';
import { LACKS, typeOfSentence, WAITED } from './rules/sentenceRules';
import { likeliestType, readTypeFeatures } from './typeWords';
import type { Classification, ClassifyInput } from './types';

/** Of the lines that may name the cause, so many are asked for what they say. */
const ASKED = 5;

/** How much less likely than the likeliest one a line may be, to be asked. */
const BEHIND = 2;

/** Lines that are shown where none proves a cause. */
const SHOWN = 5;

function answer(
  { id, type, reason, transient = false, advice }: Omit<LineRule, 'pattern'>,
  lines: RuleLine[],
  ranked: RankedLine[],
  context: RuleContext,
): Classification {
  const evidence = context.evidence(withLikely(lines, ranked));
  return {
    type,
    rule: id,
    reason,
    transient,
    isProven: true,
    ...(advice && { advice }),
    evidence,
  };
}

function byRule(
  rules: Rule[],
  context: RuleContext,
): Classification | undefined {
  for (const rule of rules) {
    const match = rule.match(context);
    if (match) {
      const { id, type, reason, transient = false, advice, isHint } = rule;
      return {
        type,
        rule: id,
        reason,
        transient,
        isProven: !isHint && match.evidence.length > 0,
        ...(advice && { advice }),
        evidence: match.evidence,
      };
    }
  }
  return undefined;
}

function byLine(
  rules: LineRule[],
  lines: RuleLine[],
  ranked: RankedLine[],
  context: RuleContext,
): Classification | undefined {
  for (const rule of rules) {
    const matching = lines.filter(({ text }) => rule.pattern.test(text));
    if (matching.length > 0 && !isFarBehind(matching, ranked)) {
      const said = answer(rule, bestFirst(matching, ranked), ranked, context);
      return isWrapper(rule, matching, ranked)
        ? withCause(said, ranked, context)
        : said;
    }
  }
  return undefined;
}

/** Whether the rule knows only that something failed, and another line says why. */
function isWrapper(
  { type }: LineRule,
  lines: RuleLine[],
  ranked: RankedLine[],
): boolean {
  const [best] = ranked;
  return (
    type === 'build' &&
    best !== undefined &&
    best.score >= STATES_ERROR &&
    !ranked.some(({ line }) => lines.some(each => each.line === line))
  );
}

function withCause(
  said: Classification,
  ranked: RankedLine[],
  context: RuleContext,
): Classification {
  const cause = byStatement(ranked, context);
  return cause && !cause.rule.startsWith('error-')
    ? cause
    : { ...said, evidence: context.evidence(ranked.slice(0, SHOWN)) };
}

/** What a rule says of the likeliest lines, the likeliest first. */
function byRanked(
  ranked: RankedLine[],
  context: RuleContext,
): Classification | undefined {
  const [best] = ranked;
  const asked = ranked
    .slice(0, ASKED)
    .filter(
      ({ score }) =>
        score >= STATES_ERROR &&
        (isHeadline(best) || score > best.score - BEHIND),
    );
  // A headline says less than what stands below it.
  for (const each of [...asked].sort(
    (one, other) => Number(isHeadline(one)) - Number(isHeadline(other)),
  )) {
    const rule = lineRules.find(({ pattern }) => pattern.test(each.text));
    if (rule) {
      const others = ranked.filter(
        other => other !== each && rule.pattern.test(other.text),
      );
      return answer(rule, [each, ...others], ranked, context);
    }
  }
  return undefined;
}

/** What kind of error the likeliest line states, which no rule knows. */
function byStatement(
  ranked: RankedLine[],
  context: RuleContext,
): Classification | undefined {
  const [best] = ranked;
  const said = best && best.score >= STATES_ERROR && kindOf(ranked, context);
  return said
    ? answer(
        { ...said, scope: 'near' },
        distinct(ranked).slice(0, SHOWN),
        ranked,
        context,
      )
    : undefined;
}

/** Where no line states an error: what the words of those that come near speak of, what the step is for. */
function lastResort(
  ranked: RankedLine[],
  context: RuleContext,
): Classification {
  const late = byRule(lateRules, context) ?? {
    type: 'unknown',
    rule: 'none',
    reason: 'No rule knows what the log says.',
    transient: false,
    isProven: false,
    evidence: [],
  };
  const shown = saysFailedFirst(distinct(ranked)).slice(0, SHOWN);
  if (shown.length === 0) {
    const { error } = context.step ?? {};
    return { ...late, evidence: error ? [error] : [] };
  }
  const evidence = [...late.evidence, ...context.evidence(shown)].slice(
    0,
    SHOWN,
  );
  if (late.type !== 'unknown') {
    return { ...late, evidence };
  }
  const said = typeOfSentence(ranked[0], context);
  if (ranked[0].score >= WORTH_SHOWING && said.id !== 'error-line') {
    return { ...late, type: said.type, rule: said.id, evidence };
  }
  const { type, probability } = likeliestType(
    readTypeFeatures(ranked, context),
  );
  return probability >= MORE_PROBABLE
    ? { ...late, type, rule: 'error-words', evidence }
    : { ...late, evidence };
}

/** Lines that say that something was waited for, where none says more. */
function findWaited(
  best: RankedLine | undefined,
  { printed }: RuleContext,
): RuleLine[] {
  return best && best.score >= SAYS_MORE && !WAITED.pattern.test(best.text)
    ? []
    : printed.filter(({ text }) => WAITED.pattern.test(text));
}

/**
 * A step that waited, or missed what an earlier one should have left, only shows
 * that another went wrong: the cause is in what that one, or a later dump, printed.
 */
function lookElsewhere(
  context: RuleContext,
  [best]: RankedLine[],
  early: Classification | undefined,
): Classification | undefined {
  const isWait = early
    ? early.rule === 'exit-124'
    : findWaited(best, context).length > 0;
  const isLack = !early && LACKS.test(best?.text ?? '');
  if (!isWait && !isLack) {
    return undefined;
  }
  const after = isWait ? rankLines(context.after, isKnownSentence) : [];
  const before = rankLines(context.before, isKnownSentence);
  return (
    byRanked(after, context) ??
    byStatement(after, context) ??
    byRanked(before, context) ??
    (isLack ? byStatement(before, context) : undefined)
  );
}

/** What a rule for structured output quotes, with the likeliest lines among the first three. */
function addLikely(
  evidence: Evidence[],
  ranked: RankedLine[],
  context: RuleContext,
): Evidence[] {
  if (evidence.length === 0) {
    return evidence;
  }
  const likely = distinct(ranked).filter(
    ({ line, score }) =>
      score >= WORTH_SHOWING && !evidence.some(own => own.line === line.number),
  );
  const own = evidence.slice(0, 2);
  return [
    ...own,
    ...context.evidence(likely.slice(0, 3 - own.length)),
    ...evidence.slice(2),
  ].slice(0, SHOWN);
}

/**
 * Tells why a step failed, by the first that knows it: facts and what is structured
 * (the runner, the gate, exit codes, build tools, parsers, the exception), so that
 * text which only quotes a keyword does not decide; then what the rules say of the
 * lines that most likely name the cause, and of the others; then what kind of error
 * the likeliest line states. What the step is for proves nothing, and is said last.
 * The rules are in `rules/`, `rules/allRules.ts` has their order.
 *
 * Pure; the same input gives the same answer.
 */
export function classify(input: ClassifyInput): Classification {
  const context = createContext(input);
  const early = byRule(earlyRules, context);
  const ranked = rankLines(context.printed, isKnownSentence);
  const elsewhere = lookElsewhere(context, ranked, early);
  if (elsewhere) {
    return elsewhere;
  }
  if (early) {
    return { ...early, evidence: addLikely(early.evidence, ranked, context) };
  }
  const known =
    byRanked(ranked, context) ??
    byLine(lineRules, context.errors, ranked, context) ??
    byLine(lineRules, context.near, ranked, context) ??
    byLine(
      lineRules.filter(({ scope }) => scope === 'step'),
      context.lines,
      ranked,
      context,
    );
  if (known) {
    return known;
  }
  const waited = findWaited(ranked[0], context);
  const stated =
    waited.length > 0
      ? answer({ ...WAITED, scope: 'near' }, waited, ranked, context)
      : byStatement(ranked, context);
  if (stated) {
    return stated;
  }
  return lastResort(ranked, context);
}

// SPDX-License-Identifier: Apache-2.0
import {
  createContext,
  type RuleContext,
  type RuleLine,
} from './createContext';
import type { LineRule, Rule } from './ruleTypes';
import { lineRules, lateRules, earlyRules } from './rules/allRules';
import type { Classification, ClassifyInput } from './types';

function byRule(
  rules: Rule[],
  context: RuleContext,
): Classification | undefined {
  for (const rule of rules) {
    const match = rule.match(context);
    if (match) {
      const { id, type, reason } = rule;
      return { type, rule: id, reason, evidence: match.evidence };
    }
  }
  return undefined;
}

function byLine(
  rules: LineRule[],
  lines: RuleLine[],
  context: RuleContext,
): Classification | undefined {
  for (const { id, type, reason, pattern } of rules) {
    const matching = lines.filter(({ text }) => pattern.test(text));
    if (matching.length > 0) {
      const evidence = context.evidence(matching);
      return { type, rule: id, reason, evidence };
    }
  }
  return undefined;
}

/**
 * Tells why a step failed, by the first rule that matches: what the runner says,
 * the gate, exit codes, build tools, what parsers read, the exception that ended the
 * step; then single lines (those marked as errors, those near the failure, the rest);
 * then what the step is for. The rules are in `rules/`, `rules/allRules.ts` has their
 * order. What is structured comes first, so that text which only quotes a keyword
 * does not decide.
 *
 * Pure; the same input gives the same answer.
 */
export function classify(input: ClassifyInput): Classification {
  const context = createContext(input);
  return (
    byRule(earlyRules, context) ??
    byLine(lineRules, context.errors, context) ??
    byLine(lineRules, context.near, context) ??
    byLine(
      lineRules.filter(({ scope }) => scope === 'step'),
      context.lines,
      context,
    ) ??
    byRule(lateRules, context) ?? {
      type: 'unknown',
      rule: 'none',
      reason: 'No rule knows what the log says.',
      evidence: context.step?.error ? [context.step.error] : [],
    }
  );
}

// SPDX-License-Identifier: Apache-2.0
import type { TestSummary } from '@greenroom/plugin-triage-common';
import type { RuleContext } from '../createContext';
import { rankLines } from '../rankLines';
import type { RuleLine } from '../readRuleLine';
import { isKnownSentence } from './lineRules';

type FailedTest = TestSummary['failedTests'][number];

/** So much of a message tells its line. */
const HEAD = 60;
const MAX_TESTS = 20;
const MAX_LINES = 2;

/** The lines that say what failing tests ended with, the one that tells most first. */
export function testErrorLines(
  { printed }: RuleContext,
  failed: FailedTest[],
): RuleLine[] {
  const heads = failed
    .slice(0, MAX_TESTS)
    .flatMap(({ message }) => message?.trim().slice(0, HEAD).trimEnd() ?? [])
    .filter(head => head.length >= 8);
  const saying = printed.filter(
    ({ text, isTest }) =>
      heads.some(head => text.includes(head)) && (isTest || text.length > 0),
  );
  const ranked = rankLines(
    printed.filter(each => each.isTest || saying.includes(each)),
    isKnownSentence,
  );
  const best = ranked.find(each => each.isTest) ?? ranked.at(0);
  const chosen = best ? [best] : saying.slice(0, 1);
  return [
    ...chosen,
    ...saying.filter(({ line }) => line !== chosen[0]?.line),
  ].slice(0, MAX_LINES);
}

// SPDX-License-Identifier: Apache-2.0
import type { TestSummary } from '@greenroom/plugin-triage-common';
import type { RuleContext } from '../createContext';
import { EXCEPTION } from '../lineForms';
import { rankLines } from '../rankLines';
import type { RuleLine } from '../readRuleLine';
import { isKnownSentence } from './lineRules';

type FailedTest = TestSummary['failedTests'][number];

/** So much of a message tells its line. */
const HEAD = 60;
/** Shorter ones say nothing. */
const MIN_LENGTH = 8;
const MAX_TESTS = 20;
const MAX_LINES = 2;

/** Tests after the first often fail of what failed it. */
const ofFirst = (lines: RuleLine[], [head = '']: string[]): RuleLine[] => {
  const first = lines.filter(({ text }) => text.includes(head));
  return first.length > 0 ? first : lines;
};

/** The lines that say what failing tests ended with, the one that tells most first. */
export function testErrorLines(
  { printed }: RuleContext,
  failed: FailedTest[],
): RuleLine[] {
  const messages = failed
    .slice(0, MAX_TESTS)
    .flatMap(({ message }) => message?.trim() ?? []);
  const heads = messages
    .map(message => message.slice(0, HEAD).trimEnd())
    .filter(head => head.length >= MIN_LENGTH);
  const saying = printed.filter(
    ({ text }) =>
      heads.some(head => text.includes(head)) ||
      // A message of several lines.
      (text.length >= MIN_LENGTH &&
        messages.some(message => message.includes(text))),
  );
  const shown = printed.filter(({ isTest }) => isTest);
  // Without either the framework told only how many failed.
  const told = [
    shown,
    saying,
    printed.filter(({ text }) => EXCEPTION.test(text)),
  ];
  const lines = told.find(each => each.length > 0) ?? [];
  const [best] = rankLines(
    lines === saying ? ofFirst(saying, heads) : lines,
    isKnownSentence,
  );
  const chosen = best ? [best] : lines.slice(0, 1);
  return [
    ...chosen,
    ...saying.filter(({ line }) => line !== chosen[0]?.line),
  ].slice(0, MAX_LINES);
}

// SPDX-License-Identifier: Apache-2.0
import type { FailureType } from '@greenroom/plugin-triage-common';
import type { RuleContext } from '../createContext';
import type { RuleLine } from '../readRuleLine';
import type { LineRule, Rule, RuleMatch } from '../ruleTypes';
import { environmentLines } from './environmentRules';
import { infrastructureLines } from './infrastructureRules';
import { memoryLines } from './memoryRules';
import { modelLines } from './modelRules';
import { setupLines } from './setupRules';
import { testErrorLines } from './testErrorLines';

const EXCEPTION = /^((?:[A-Za-z_]\w{0,60}\.){0,8}[A-Z]\w{0,60}): (.{1,1000})/;

/** What a test that learns from the repository's own data ended with, if not with an assertion. */
function typeOf(message = ''): FailureType | undefined {
  const [, name = '', sentence = ''] = EXCEPTION.exec(message) ?? [];
  return name.endsWith('AssertionError')
    ? undefined
    : modelLines.find(({ pattern }) => pattern.test(sentence))?.type;
}

function matchCause(type: FailureType) {
  return ({ tests }: RuleContext) => {
    const failed = tests.flatMap(({ failedTests }) => failedTests);
    return failed.length > 0 &&
      failed.every(({ message }) => typeOf(message) === type)
      ? {
          evidence: failed
            .flatMap(({ evidence }) => evidence ?? [])
            .slice(0, 3),
        }
      : undefined;
  };
}

/** What is around a test: machine, network, services, rights. */
const ENVIRONMENT: LineRule[] = [
  ...memoryLines,
  ...environmentLines,
  ...setupLines.filter(({ id }) => ['credentials', 'quota'].includes(id)),
  ...infrastructureLines.filter(({ id }) => id !== 'missing-program'),
];

/** A test that asserts something says what it expected, not what its machine lacks. */
const ASSERTED = /^(?:[\w.$]{0,120}Assert\w{0,60}|assert\b|expect|Expected)/i;

const CRASHED = environmentLines.filter(({ id }) => id === 'worker-crashed')[0];

const LIBRARY = /(?:site|dist)-packages|[\\/]lib[\\/]python\d|<frozen/;

/** Whether the test's own code raised it, to see what happens. */
function isRaisedByTest(lines: readonly RuleLine[], index: number): boolean {
  const above = lines[index - 1]?.text ?? '';
  return (
    /^(?:> {1,20})?raise \w/.test(above) &&
    !lines
      .slice(Math.max(0, index - 4), index + 3)
      .some(({ text }) => LIBRARY.test(text))
  );
}

/** The rule that knows what most failing tests ended with, and the lines that say it. */
function matchEnvironment(
  context: RuleContext,
): (RuleMatch & { rule: LineRule }) | undefined {
  const failed = context.tests.flatMap(({ failedTests }) => failedTests);
  if (failed.length === 0) {
    return undefined;
  }
  const crashed = context.printed.filter(({ text }) =>
    CRASHED.pattern.test(text),
  );
  if (crashed.length > 0) {
    return { rule: CRASHED, evidence: context.evidence(crashed) };
  }
  const shown = context.printed.filter(
    ({ isTest, text }, index) =>
      isTest && !ASSERTED.test(text) && !isRaisedByTest(context.printed, index),
  );
  const raised = context.printed.filter((_, index) =>
    isRaisedByTest(context.printed, index),
  );
  const messages = failed
    .flatMap(({ message }) => message ?? [])
    .filter(message => !raised.some(({ text }) => message.includes(text)));
  for (const rule of ENVIRONMENT) {
    const lines = shown.filter(({ text }) => rule.pattern.test(text));
    const times = messages.filter(
      message => !ASSERTED.test(message) && rule.pattern.test(message),
    ).length;
    const isCause =
      times * 2 >= failed.length ||
      (lines.length * 2 >= failed.length && times > 0) ||
      (failed.length === 1 && lines.length > 0);
    if (isCause) {
      const evidence =
        lines.length > 0
          ? lines
          : testErrorLines(context, failed).filter(({ text }) =>
              rule.pattern.test(text),
            );
      return {
        rule,
        evidence:
          evidence.length > 0
            ? context.evidence(evidence)
            : failed.flatMap(test => test.evidence ?? []).slice(0, 3),
      };
    }
  }
  return undefined;
}

/** Where the machine, a service or a right failed the tests, the code that they test did not. */
export const testEnvironmentRules: Rule[] = ENVIRONMENT.map(
  ({ id, type, reason, transient, advice }) => ({
    id: `tests-${id}`,
    type,
    reason,
    transient,
    advice,
    match: context => {
      const found = matchEnvironment(context);
      return found?.rule.id === id ? { evidence: found.evidence } : undefined;
    },
  }),
);

/**
 * Tests that only pass on what the pipeline itself says of its data or its model:
 * the cause is there, not in what the tests are about.
 */
export const testCauseRules: Rule[] = [
  {
    id: 'tests-cannot-read-data',
    type: 'data-loading',
    reason: 'Every failing test ended with a complaint about the data.',
    match: matchCause('data-loading'),
  },
  {
    id: 'tests-cannot-train',
    type: 'training-error',
    reason: 'Every failing test ended because the model could not be trained.',
    match: matchCause('training-error'),
  },
];

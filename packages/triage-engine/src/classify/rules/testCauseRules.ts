// SPDX-License-Identifier: Apache-2.0
import type { FailureType } from '@greenroom/plugin-triage-common';
import type { RuleContext } from '../createContext';
import type { Rule } from '../ruleTypes';
import { modelLines } from './modelRules';

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

// SPDX-License-Identifier: Apache-2.0
import type { Prompt } from './types';

/** A linter or a test framework said no. */
export const testPrompt: Prompt = {
  id: 'test',
  version: 1,
  types: ['lint', 'unit-test', 'flaky'],
  task: `Tests or a linter failed this pipeline. Explain to the author of the change:
- which test or rule failed first, and whether the others follow from it;
- what was expected and what came instead, with the values that the lines show;
- whether the line that raised the error is in the code under test, in the test, in a fixture, or in the set-up;
- which of the given commits touches that place, if one does.
An error while tests are collected or imported is the cause of all tests it took along. Several failures with the same exception are one cause.`,
};

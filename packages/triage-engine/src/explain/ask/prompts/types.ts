// SPDX-License-Identifier: Apache-2.0
import type { FailureType } from '@greenroom/plugin-triage-common';

/** What a model is told for one family of failures. */
export interface Prompt {
  /** Recorded with its version in every report: `test@1`. */
  id: string;
  /** To be raised with every change of the words, here or in `promptRules.ts`. */
  version: number;
  types: readonly FailureType[];
  /** What to look for, in our words. */
  task: string;
}

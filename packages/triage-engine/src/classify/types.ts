// SPDX-License-Identifier: Apache-2.0
import type {
  Evidence,
  FailureType,
  Finding,
  TestSummary,
} from '@greenroom/plugin-triage-common';
import type { Reduction } from '../evidence/reduce/types';
import type { FailedStep, RunFacts } from '../steps/types';

/** What classify decides from. */
export interface ClassifyInput {
  step?: FailedStep;
  reduction: Reduction;
  findings: Finding[];
  tests: TestSummary[];
  facts?: RunFacts;
}

export interface Classification {
  type: FailureType;
  /** Id of the rule that decided. */
  rule: string;
  /** For people, made from a fixed sentence. */
  reason: string;
  evidence: Evidence[];
}

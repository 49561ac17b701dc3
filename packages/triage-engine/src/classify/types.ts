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
  /** Whether it may pass when it is run again. */
  transient: boolean;
  /** What to do first, of the rule that decided. */
  advice?: string;
  /** Whether the evidence proves the reason; without, only the step's purpose is known. */
  isProven: boolean;
  /** The line that names the cause first. */
  evidence: Evidence[];
}

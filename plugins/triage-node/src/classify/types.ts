import type {
  Evidence,
  FailureType,
  Finding,
  TestSummary,
} from '@greenroom/plugin-triage-common';
import type { Reduction } from '../reduce/types';

/** What GitHub's API says of a run, where it was asked. @public */
export interface RunFacts {
  conclusion?: string;
  jobs?: Array<{
    name: string;
    conclusion?: string;
    steps?: Array<{ number: number; name: string; conclusion?: string }>;
  }>;
}

/** Where a pipeline failed. @public */
export interface FailedStep {
  job: string;
  name?: string;
  source: string;
  /** First and last line of it in `source`. */
  lines: [number, number];
  exitCode?: number;
  /** The message of the failing `##[error]`, where it has one. */
  error?: Evidence;
}

/** What classify decides from. @public */
export interface ClassifyInput {
  step?: FailedStep;
  reduction: Reduction;
  findings: Finding[];
  tests: TestSummary[];
  facts?: RunFacts;
}

/** @public */
export interface Classification {
  type: FailureType;
  /** Id of the rule that decided. */
  rule: string;
  /** For people, made from a fixed sentence. */
  reason: string;
  evidence: Evidence[];
}

// SPDX-License-Identifier: Apache-2.0
import type { Evidence, FailureType } from '@greenroom/plugin-triage-common';
import type { Situation } from '../facts/types';

/** What may have made an alert fire, with all that speaks for it. */
export interface Candidate {
  /** The rule that found it: `line-sklearn-version`, `oom-two-versions`. */
  rule: string;
  type: FailureType;
  /** How much speaks for it; from 5 on it may be the cause where it is proven. */
  score: number;
  /** Whether what was found is enough to call it the cause. */
  isProven: boolean;
  /** Cause and mechanism, in one or two sentences. */
  statement: string;
  /** The decisive lines, the most decisive first. */
  evidence: Evidence[];
  /** What ends it. */
  steps: string[];
  /** What would prove it, where it is not. */
  missing?: string[];
}

/** What stands out around an alert; it proves nothing. */
export interface Sign {
  /** How much it stands out; below 4. */
  score: number;
  statement: string;
  evidence: Evidence[];
  /** What to look at. */
  step: string;
}

/** A kind of failure that one line of a log or of an event tells. */
export interface LineKind {
  id: string;
  type: FailureType;
  /** Linear: it runs on hostile text. */
  pattern: RegExp;
  /** The cause and how it leads to the failure; `{name}` is a group of the pattern. */
  say: string;
  steps: string[];
  /** From 5.5 on the line is a cause by itself; below 4 it is only a symptom. */
  weight: number;
  /** Whether it can be of what the alert is about; always unless told. */
  appliesTo?: (situation: Situation) => boolean;
  /** Lines that say more of the same. */
  also?: RegExp;
}

// SPDX-License-Identifier: Apache-2.0
import type { Evidence, FailureType } from '@greenroom/plugin-triage-common';
import type { RuleContext } from './createContext';

/** What a rule saw: lines that prove it, or none where it looks at facts. */
export interface RuleMatch {
  evidence: Evidence[];
}

/** One way to tell why a pipeline failed. The first rule that matches decides. */
export interface Rule {
  /** For the report and for people who look it up. */
  id: string;
  type: FailureType;
  /** A fixed sentence: nothing of the log is in it. */
  reason: string;
  match(context: RuleContext): RuleMatch | undefined;
}

/** A rule that looks at one line at a time. */
export interface LineRule {
  id: string;
  type: FailureType;
  reason: string;
  /** Tested on the line without `##[error]` and the like; its first 1000 characters. */
  pattern: RegExp;
  /**
   * `near`: within the last lines before the failure; `step`: also further up,
   * after every rule was tried nearby.
   */
  scope: 'near' | 'step';
}

// SPDX-License-Identifier: Apache-2.0
import type { Evidence, FailureType } from '@greenroom/plugin-triage-common';
import type { RuleContext } from './createContext';

/** What a rule saw: lines that prove it, or none where it looks at facts. */
export interface RuleMatch {
  evidence: Evidence[];
}

/** What every rule says of the failure that it knows. */
interface RuleFacts {
  /** For the report and for people who look it up. */
  id: string;
  type: FailureType;
  /** A fixed sentence: nothing of the log is in it. */
  reason: string;
  /** Whether the same run may pass when it is run again: only then is that advised. */
  transient?: boolean;
  /** What to do first, where the rule knows it better than its type. */
  advice?: string;
}

/** One way to tell why a pipeline failed. The first rule that matches decides. */
export interface Rule extends RuleFacts {
  /** It looks at what the step is for, which proves nothing. */
  isHint?: boolean;
  match(context: RuleContext): RuleMatch | undefined;
}

/** A rule that looks at one line at a time. */
export interface LineRule extends RuleFacts {
  /** Tested on the line without `##[error]` and the like; its first 1000 characters. */
  pattern: RegExp;
  /**
   * `near`: within the last lines before the failure; `step`: also further up,
   * after every rule was tried nearby.
   */
  scope: 'near' | 'step';
}

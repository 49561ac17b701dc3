// SPDX-License-Identifier: Apache-2.0
import type { LogLine } from '../../logs/types';

/** What reduce keeps of a log. */
export interface Reduction {
  source: string;
  /** In the order of the log. */
  lines: LogLine[];
  /**
   * What stood around them, where it may say that something in them is secret: for
   * the redactor, not for readers. Long lines are cut.
   */
  around: LogLine[];
  totalLines: number;
  totalBytes: number;
  /** floor(characters / 4) + 1 for each line, without time stamp and ANSI codes. */
  usedTokens: number;
  budgetTokens: number;
  /** Whether a passing run of the job told what is new. */
  comparedWithPass: boolean;
}

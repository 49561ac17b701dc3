// SPDX-License-Identifier: Apache-2.0
import type { LogLine } from '../../logs/types';

/** Reads what one kind of test framework prints. */
export interface FrameworkReader {
  /** A line without trailing blanks, cut at a length no test's line has. */
  write(line: LogLine): void;
  /** What is still open is complete: the step, or the log, is over. */
  end(): void;
}

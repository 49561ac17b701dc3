// SPDX-License-Identifier: Apache-2.0
import type { Finding, StageError } from '@greenroom/plugin-triage-common';
import type { LogLine } from '../../../logs/types';

/** What one tool's report says. */
export interface ToolResult {
  findings: Finding[];
  errors: StageError[];
}

/** Reads what one tool prints, line by line, into a collector. */
export interface ToolConsole {
  write(line: LogLine): void;
  /** Also for what is told at the end, such as a count that does not fit. */
  end(): void;
  /** Whether anything of the tool was seen, also that it found nothing. */
  readonly recognised: boolean;
}

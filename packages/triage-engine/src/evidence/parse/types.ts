// SPDX-License-Identifier: Apache-2.0
import type {
  Finding,
  StageError,
  TestSummary,
} from '@greenroom/plugin-triage-common';
import type { LogLine } from '../../logs/types';

/** What a report, or a console, says. */
export interface ParseResult {
  findings: Finding[];
  tests: TestSummary[];
  errors: StageError[];
}

/** Reads what tools print, line by line, in bounded memory. */
export interface ConsoleReader {
  write(line: LogLine): void;
  end(): ParseResult;
}

import type {
  Finding,
  FindingTool,
  StageError,
  TestSummary,
} from '@greenroom/plugin-triage-common';
import type { LogLine } from '../../logs/types';

/** What a report, or a console, says. @public */
export interface ParseResult {
  findings: Finding[];
  tests: TestSummary[];
  errors: StageError[];
}

/** A report that a tool wrote into a file. @public */
export interface ReportFile {
  /** Path in the archive of reports. */
  source: string;
  /** Found from the content where it is not given. */
  tool?: FindingTool;
  content: Uint8Array;
}

/** Reads what tools print, line by line, in bounded memory. @public */
export interface ConsoleReader {
  write(line: LogLine): void;
  end(): ParseResult;
}

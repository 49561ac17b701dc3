import type { FindingTool } from '@greenroom/plugin-triage-common';

/**
 * Bytes that can be read more than once: a file, an entry of an archive, a
 * buffer.
 *
 * @public
 */
export interface LogInput {
  /** As the archive names it, for example `build/5_Run tests.txt`. */
  source: string;
  open(): AsyncIterable<Uint8Array>;
}

/**
 * A line of a log. Lines end at CRLF, a lone CR or LF, and are counted from 1 in
 * the untouched file.
 *
 * @public
 */
export interface LogLine {
  number: number;
  /** Without GitHub's time stamp, BOM, `gh`'s columns and ANSI codes. Cut at 64 Ki characters. */
  text: string;
  /** How long the text was where it was cut; absent where it is whole. */
  cutFrom?: number;
}

/** A report that a tool wrote into a file. @public */
export interface ReportFile {
  /** Path in the archive of reports. */
  source: string;
  /** Found from the content where it is not given. */
  tool?: FindingTool;
  content: Uint8Array;
}

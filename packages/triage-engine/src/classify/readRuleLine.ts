// SPDX-License-Identifier: Apache-2.0
import type { LogLine } from '../logs/types';

/** A kept line as rules look at it. */
export interface RuleLine {
  line: LogLine;
  /** Without marks, levels, time stamps and columns that tools put in front; cut. */
  text: string;
  /** Whether the CI system or a tool marks it as an error. */
  isError: boolean;
  /** Whether it says itself that it ended the program. */
  isFatal: boolean;
  /** Whether pytest shows it as what a test ended with. */
  isTest: boolean;
}

/** Rules see so many characters of a line. */
const MAX_TESTED = 1000;

/** What stands before the level: time, Jenkins' stage, Compose's service, BuildKit's columns. */
const COLUMNS =
  /^(?:INTERNALERROR> |│ {1,4}|={2,4} (?=\[)|\[?\d{4}[-/]\d\d[-/]\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?:Z|[+-]\d\d:?\d\d| UTC)?\]?\s{1,4}(?:[|-] {1,4})?|\d{1,2}:\d\d(?::\d\d(?:[.,]\d{1,6})?)?(?: ?[AP]M)? {1,4}(?:[|-] {1,4})?|\| (?=\d{4}-)|remote: |\[(?!(?:error|fatal|err|warn(?:ing)?|info|debug|command|critical)\])\w[\w ./:-]{0,60}\]:?[ \t]{1,4}(?=\S)|[a-z][\w.-]{0,60}-\d{1,3} {1,30}\| {1,4}|#\d{1,5} (?:\d{1,7}\.\d{1,4} |(?=ERROR))|\d{1,5}\.\d{2,4} (?=[A-Z]))/i;

/** Where a tool puts its level before the message. */
const LEVEL =
  /^(?:\[(?:ERROR|FATAL)\] ?|(?:[\w.]{1,40}: )?(?:ERROR|ERR|FATAL|CRITICAL|SEVERE)(?:: ?|\t| {1,4}(?:\[[\w.:-]{1,60}\] )?)|(?:FATA|ERRO)\[\d{1,9}\] {1,4}|[EF]\d{4} \d\d:\d\d:\d\d\.\d{1,9} {1,8}\d{1,9} [\w.]{1,60}:\d{1,6}\] |(?:ERROR|CRITICAL):[\w.]{1,80}:|(?:- [\w.]{1,60} - {1,4}|\{[\w.:]{1,60}\} |[\w.]{1,40} )?(?:ERROR|CRITICAL) {1,4}[-|] {1,4}|level=(?:error|fatal) msg="?|npm (?:ERR!|error) )(?:Fatal error\t)?/;

/** What the test ended with, as pytest shows it. */
const TEST_ERROR = /^E {2,40}(?=\S)/;

/** A line as rules look at it. */
export function readRuleLine(line: LogLine): RuleLine {
  let text = line.text.slice(0, MAX_TESTED).trim();
  let isError = false;
  if (text.startsWith('##[error]')) {
    text = text.slice('##[error]'.length);
    isError = true;
  }
  const test = TEST_ERROR.exec(text);
  if (test) {
    return {
      line,
      text: text.slice(test[0].length),
      isError,
      isFatal: false,
      isTest: true,
    };
  }
  for (let left = 4; left > 0; left -= 1) {
    const columns = COLUMNS.exec(text);
    if (!columns) {
      break;
    }
    text = text.slice(columns[0].length).trimStart();
  }
  const level = LEVEL.exec(text);
  if (level) {
    text = text.slice(level[0].length).trimStart();
    isError = true;
  }
  const isFatal = /FATA|CRITICAL|fatal/.test(level?.[0] ?? '');
  return { line, text, isError, isFatal, isTest: false };
}

// SPDX-License-Identifier: Apache-2.0
import {
  ENDS,
  ERRORS,
  EXCEPTION,
  EXITS,
  GRAVE_WARNINGS,
  HARMLESS,
  INFO,
  INFO_OF_FAILURE,
  NUMBERED,
  NUMBERED_LIST,
  PASSED,
  RULED_NAME,
  TEST_LIST,
  TESTS,
  WARNING,
  WEAK,
} from './lineRules';

/**
 * What a line is to somebody who looks for the cause of a failure.
 *
 * - `test`: names a test that failed.
 * - `error`: states what went wrong.
 * - `end`: says that something failed, not why.
 * - `weak`: has a word of failure in it.
 * - `warning`: says itself that it is no error.
 * - `info`: says itself that all is well.
 * - `frame`: of a stack trace.
 * - `blank`: nothing.
 * - `plain`: anything else.
 * - `script`: what a step is going to run, as GitHub prints it.
 * - `cleanup`: what GitHub does after the job, which never explains a failure.
 */
export type LineKind =
  | 'test'
  | 'error'
  | 'end'
  | 'weak'
  | 'warning'
  | 'info'
  | 'frame'
  | 'blank'
  | 'plain'
  | 'script'
  | 'cleanup';

/** A message says early what it is. */
const LOOK = 400;

/** No list of failed tests is longer. */
const LONGEST_LIST = 2000;

/** Tells what the lines of one log are; they come in their order. */
export class LineClassifier {
  #section: 'job' | 'script' | 'cleanup' = 'job';
  #list: ReturnType<typeof listUnder> = 'none';
  #listed = 0;
  #titleLines = 0;

  /** @param suspicious - as TemplateScanner found */
  next(text: string, suspicious: boolean): LineKind {
    this.#enter(text);
    if (this.#section !== 'job' && !text.startsWith('##[error]')) {
      return this.#section;
    }
    return this.#inList(text) ? 'test' : kindOf(text, suspicious);
  }

  #enter(text: string): void {
    if (text.startsWith('##[group]Run ')) {
      this.#section = 'script';
    } else if (text.startsWith('##[endgroup]') && this.#section === 'script') {
      this.#section = 'job';
    } else if (text.startsWith('Post job cleanup.')) {
      this.#section = 'cleanup';
    }
  }

  #inList(text: string): boolean {
    if (this.#list === 'none') {
      this.#list = listUnder(text);
      this.#listed = 0;
      return this.#list === 'lines';
    }
    this.#listed += 1;
    if (
      this.#listed > LONGEST_LIST ||
      text.startsWith('##[') ||
      (this.#list === 'lines' && text.trim() === '')
    ) {
      this.#list = 'none';
      return false;
    }
    return this.#list === 'lines'
      ? text.startsWith(' ') || text.startsWith('[ERROR]  ')
      : this.#isTitle(text);
  }

  /** A number and the title behind it, which Mocha writes on up to four lines. */
  #isTitle(text: string): boolean {
    if (NUMBERED.test(text)) {
      this.#titleLines = 4;
    }
    const isTitle = this.#titleLines > 0 && text.trim() !== '';
    this.#titleLines =
      isTitle && !text.trimEnd().endsWith(':') ? this.#titleLines - 1 : 0;
    return isTitle;
  }
}

function listUnder(text: string): 'none' | 'lines' | 'numbers' {
  if (text.length > LOOK) {
    return 'none';
  }
  if (NUMBERED_LIST.test(text)) {
    return 'numbers';
  }
  return TEST_LIST.test(text) ? 'lines' : 'none';
}

function kindOf(text: string, suspicious: boolean): LineKind {
  const form = formOf(text);
  if (form !== 'plain') {
    return form;
  }
  if (!suspicious) {
    return INFO.test(text) || PASSED.test(text) ? 'info' : 'plain';
  }
  const head = text.length > LOOK ? text.slice(0, LOOK) : text;
  const kind = ruledKind(head);
  return kind === 'plain' || kind === 'info'
    ? kind
    : ruledKind(head.replace(HARMLESS, ''));
}

function ruledKind(line: string): LineKind {
  if (INFO.test(line)) {
    if (ENDS.test(line)) {
      return 'end';
    }
    return INFO_OF_FAILURE.test(line) ? 'weak' : 'info';
  }
  if (GRAVE_WARNINGS.test(line)) {
    return 'error';
  }
  if (WARNING.test(line)) {
    return EXCEPTION.test(line) ? 'error' : 'warning';
  }
  if (TESTS.some(rule => rule.test(line))) {
    return 'test';
  }
  if (ENDS.test(line)) {
    return 'end';
  }
  if (PASSED.test(line)) {
    return 'info';
  }
  if (ERRORS.some(rule => rule.test(line))) {
    return 'error';
  }
  if (EXITS.test(line)) {
    return 'end';
  }
  return WEAK.test(line) ? 'weak' : 'plain';
}

/** Told by the first characters alone. */
function formOf(text: string): LineKind {
  const line = text.length > LOOK ? text.slice(0, LOOK) : text;
  const start = line.trimStart();
  if (start === '') {
    return 'blank';
  }
  if (line.startsWith('_') && RULED_NAME.test(line)) {
    return 'test';
  }
  const frame =
    start.length < line.length &&
    (start.startsWith('at ') ||
      start.startsWith('File "') ||
      start.startsWith('... '));
  return frame ? 'frame' : 'plain';
}

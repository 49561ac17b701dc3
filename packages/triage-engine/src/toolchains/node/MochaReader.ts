// SPDX-License-Identifier: Apache-2.0
import type { LogLine } from '../../logs/types';
import {
  FailedTests,
  describe,
  locate,
  type FailedTest,
} from '../testing/FailedTests';
import type { FrameworkReader } from '../testing/FrameworkReader';
import { scriptFrame } from './scriptFrame';
import { indentOf } from '../testing/text';
import type { TestRuns } from '../testing/TestRuns';

const EPILOGUE = /^ {2,4}(\d{1,9}) (passing|pending|failing)(?: \(.{1,30}\))?$/;
const ENTRY = /^ {2,4}(\d{1,6})\) (\S.{0,1000})$/;

/**
 * What every reporter of Mocha prints in the end, and Cypress with it: the
 * counts, then each failure as a number, its path of titles on a line each, and
 * its error. A name is the path with blanks between, Mocha's "full title".
 */
export class MochaReader implements FrameworkReader {
  readonly #tests = new FailedTests();
  #counts: Partial<Record<string, number>> = {};
  /** How many failures are still to come. */
  #awaited = 0;
  #path: string[] = [];
  #heading: LogLine | undefined;
  #current: FailedTest | undefined;
  readonly #runs: TestRuns;

  constructor(runs: TestRuns) {
    this.#runs = runs;
  }

  write(line: LogLine): void {
    const { text } = line;
    if (text.endsWith('ing') || text.endsWith(')')) {
      const match = EPILOGUE.exec(text);
      if (match) {
        this.#count(match[2], Number(match[1]));
        return;
      }
    }
    if (this.#heading) {
      if (this.#title(text)) {
        return;
      }
    }
    if (this.#awaited > 0) {
      const entry = ENTRY.exec(text);
      const failing = this.#counts.failing ?? 0;
      if (entry && Number(entry[1]) === failing - this.#awaited + 1) {
        this.#heading = line;
        this.#path = [entry[2]];
        this.#current = undefined;
        return;
      }
    }
    if (!this.#current || text === '') {
      return;
    }
    const frame = scriptFrame(text);
    if (frame) {
      locate(this.#current, frame.file, frame.line);
    } else if (indentOf(text) >= 5) {
      describe(this.#current, text);
    }
  }

  end(): void {
    if (this.#heading) {
      this.#named();
    }
    if (
      this.#counts.passing !== undefined ||
      this.#counts.failing !== undefined
    ) {
      this.#finish();
    }
  }

  #count(word: string, value: number): void {
    if (word === 'passing' || this.#counts[word] !== undefined) {
      this.end();
    }
    this.#counts[word] = value;
    if (word === 'failing') {
      this.#awaited = value;
    }
  }

  /** A title of a suite or a test, two blanks deeper than the one before. */
  #title(text: string): boolean {
    const first = indentOf(this.#heading?.text ?? '');
    const deeper = first + 3 + 2 * this.#path.length;
    if (text !== '' && indentOf(text) === deeper && this.#path.length < 50) {
      this.#path.push(text.trim());
      return true;
    }
    this.#named();
    return false;
  }

  #named(): void {
    if (!this.#heading) {
      return;
    }
    const name = this.#path.join(' ').replace(/:$/, '');
    this.#current = this.#tests.add(
      { name, evidence: this.#runs.evidence(this.#heading) },
      `${this.#tests.size} ${name}`,
    );
    this.#heading = undefined;
    this.#path = [];
    this.#awaited -= 1;
  }

  #finish(): void {
    const passed = this.#counts.passing ?? 0;
    const failed = this.#counts.failing ?? 0;
    const skipped = this.#counts.pending ?? 0;
    this.#runs.leave(this.#tests.left);
    this.#tests.left = 0;
    this.#runs.add({
      framework: 'mocha',
      total: passed + failed + skipped,
      passed,
      failed,
      skipped,
      failedTests: this.#tests.take(),
    });
    this.#counts = {};
    this.#awaited = 0;
    this.#current = undefined;
  }
}

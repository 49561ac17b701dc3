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
import { countsByWord, indentOf } from '../testing/text';
import type { TestRuns } from '../testing/TestRuns';

const FILE = /^ ?FAIL {1,2}(?:.{0,100} )?(\S{1,400}?)(?: \([\d.]{1,9} m?s\))?$/;

/**
 * Jest's default and verbose reporters: `FAIL file`, `● suite › test` and the
 * totals after `Tests:`. What is printed again under "Summary of all failing
 * tests" counts once. A file that does not load is named as Jest names it, `Test
 * suite failed to run`.
 */
export class JestReader implements FrameworkReader {
  readonly #tests = new FailedTests();
  #file: string | undefined;
  #current: FailedTest | undefined;
  readonly #runs: TestRuns;

  constructor(runs: TestRuns) {
    this.#runs = runs;
  }

  write(line: LogLine): void {
    const { text } = line;
    if (text.startsWith('Tests:')) {
      this.#totals(text.slice('Tests:'.length));
      return;
    }
    if (text.startsWith('FAIL ') || text.startsWith(' FAIL ')) {
      if (text.includes(' > ') || text.endsWith(']')) {
        return;
      }
      const file = FILE.exec(text);
      if (file) {
        this.#file = file[1];
      }
      this.#current = undefined;
      return;
    }
    if (text.startsWith('PASS ') || text.startsWith(' PASS ')) {
      this.#file = undefined;
      this.#current = undefined;
      return;
    }
    if (!this.#file) {
      return;
    }
    if (text.startsWith('  ● ')) {
      this.#bullet(line, text.slice('  ● '.length).trim(), this.#file);
      return;
    }
    if (!this.#current || text === '') {
      return;
    }
    if (indentOf(text) < 4) {
      this.#current = undefined;
      return;
    }
    if (/^\s{4,8}(?:Expected|Received)\b/.test(text)) {
      this.#current.message = `${this.#current.message} ${text.trim()}`.slice(
        0,
        500,
      );
    }
    describe(this.#current, text);
    const frame = scriptFrame(text);
    const path = frame?.file.replace(/^(?:\.{1,2}\/){1,10}/, '');
    if (frame && path && this.#file.endsWith(path)) {
      locate(this.#current, this.#file, frame.line);
    }
  }

  end(): void {
    if (this.#tests.size > 0) {
      const failedTests = this.#tests.take();
      this.#runs.add({ framework: 'jest', failedTests });
    }
    this.#file = undefined;
    this.#current = undefined;
  }

  #bullet(line: LogLine, name: string, file: string): void {
    this.#current = undefined;
    if (name === 'Console' || name === '') {
      return;
    }
    this.#current = this.#tests.add(
      { name, file, evidence: this.#runs.evidence(line) },
      `${file} ${name}`,
    );
  }

  #totals(text: string): void {
    const counts = countsByWord(text.trim(), ', ');
    const total = counts?.get('total');
    if (!counts || total === undefined) {
      return;
    }
    const of = (word: string) => counts.get(word) ?? 0;
    this.#runs.leave(this.#tests.left);
    this.#tests.left = 0;
    this.#runs.add({
      framework: 'jest',
      total,
      passed: of('passed'),
      failed: of('failed'),
      skipped: of('skipped') + of('todo'),
      failedTests: this.#tests.take(),
    });
    this.#file = undefined;
    this.#current = undefined;
  }
}

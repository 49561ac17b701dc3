// SPDX-License-Identifier: Apache-2.0
import type { LogLine } from '../../logs/types';
import {
  FailedTests,
  describe,
  locate,
  type FailedTest,
} from '../testing/FailedTests';
import type { FrameworkReader } from '../testing/FrameworkReader';
import { isInClass, javaFrame } from './javaFrame';
import { rest } from '../testing/text';
import type { TestRuns } from '../testing/TestRuns';

const COUNT =
  /^\[ {0,20}(\d{1,9}) tests (found|skipped|started|aborted|successful|failed) {0,20}\]$/;
const METHOD =
  /^\s{2,12}MethodSource \[className = '([\w.$]{1,300})', methodName = '([^']{1,300})'/;

/**
 * The summary of JUnit 5's console launcher, also under Ant and Gradle's
 * `JavaExec`: the failures with their sources, then a box of counts.
 *
 * A test is named `org.example.FooTest.method`; what tells invocations of one
 * method apart (`[2] …`) follows.
 */
export class JUnitConsoleReader implements FrameworkReader {
  readonly #tests = new FailedTests();
  readonly #counts = new Map<string, number>();
  #failures = false;
  #heading: { title: string; line: LogLine } | undefined;
  #current: FailedTest | undefined;
  readonly #runs: TestRuns;

  constructor(runs: TestRuns) {
    this.#runs = runs;
  }

  write(line: LogLine): void {
    const { text } = line;
    if (text.startsWith('[')) {
      const match = COUNT.exec(text);
      if (!match) {
        return;
      }
      this.#counts.set(match[2], Number(match[1]));
      if (match[2] === 'failed') {
        this.#finish();
      }
      return;
    }
    if (/^Failures \(\d{1,9}\):$/.test(text)) {
      this.#failures = true;
      return;
    }
    if (!this.#failures || text === '') {
      return;
    }
    if (/^ {2}\S/.test(text)) {
      this.#current = undefined;
      this.#heading = { title: text.trim(), line };
      return;
    }
    this.#detail(text);
  }

  end(): void {
    if (this.#counts.size > 0 || this.#tests.size > 0) {
      this.#finish();
    }
  }

  #detail(text: string): void {
    const method = METHOD.exec(text);
    if (method && this.#heading) {
      const invocation = /:(\[\d{1,6}\].{0,300})$/.exec(this.#heading.title);
      this.#current = this.#tests.add({
        name: `${method[1]}.${method[2]}${invocation ? ` ${invocation[1]}` : ''}`,
        evidence: this.#runs.evidence(this.#heading.line),
      });
      this.#heading = undefined;
      return;
    }
    const frame = this.#current && javaFrame(text);
    if (frame && this.#current && isInClass(frame, this.#current.name)) {
      locate(this.#current, frame.file, frame.line);
      return;
    }
    const thrown = /^\s{2,12}=> (\S.{0,600})$/.exec(text);
    if (!thrown) {
      return;
    }
    if (!this.#current && this.#heading) {
      this.#current = this.#tests.add({
        name: this.#heading.title,
        evidence: this.#runs.evidence(this.#heading.line),
      });
      this.#heading = undefined;
    }
    describe(this.#current, thrown[1]);
  }

  #finish(): void {
    const total = this.#counts.get('found');
    const failed = this.#counts.get('failed') ?? this.#tests.size;
    const skipped =
      (this.#counts.get('skipped') ?? 0) + (this.#counts.get('aborted') ?? 0);
    this.#runs.leave(this.#tests.left);
    this.#runs.add({
      framework: 'junit-console',
      total,
      passed: this.#counts.get('successful') ?? rest(total, failed, skipped),
      failed,
      skipped,
      failedTests: this.#tests.take(),
    });
    this.#tests.left = 0;
    this.#counts.clear();
    this.#failures = false;
    this.#heading = undefined;
    this.#current = undefined;
  }
}

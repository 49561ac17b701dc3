// SPDX-License-Identifier: Apache-2.0
import type { LogLine } from '../../logs/types';
import { describe, locate, type FailedTest } from '../testing/FailedTests';
import type { FrameworkReader } from '../testing/FrameworkReader';
import { isInClass, javaFrame } from './javaFrame';
import { rest } from '../testing/text';
import { type TestRun, type TestRuns } from '../testing/TestRuns';

const MAX_PENDING = 2000;
const MAX_OPEN = 50;
const COMPLETED =
  /^(\d{1,9}) tests? completed(?:, (\d{1,9}) failed)?(?:, (\d{1,9}) skipped)?$/;
const EXECUTED =
  /^(?:SUCCESS|FAILURE): Executed (\d{1,9}) tests? in [^(]{1,60}(?:\((?:(\d{1,9}) failed)?(?:, )?(?:(\d{1,9}) skipped)?\))?$/;
const THROWN = /^\s{1,12}([\w.$]{3,300}) at ([\w$.-]{1,200}):(\d{1,7})$/;

const CLASS_AND_METHOD =
  /^([\w$]{1,100}(?:\.[\w$]{1,100}){0,30}) > ([\w$]{1,300})(\(\))?([[(].{0,1500})?$/;

interface NamedRun extends TestRun {
  failedTests: FailedTest[];
}

/**
 * Gradle's test logging, `Class > test() FAILED`, and its count, which comes for
 * failing tasks only; and the same of the test-logger plugin.
 */
export class GradleReader implements FrameworkReader {
  #pending: FailedTest[] = [];
  #left = 0;
  /** Runs whose failed tests are printed after their count. */
  readonly #open: NamedRun[] = [];
  #current: FailedTest | undefined;
  #className = '';
  /** `org.example.FooTest.method FAILED`: a test only if an exception follows. */
  #tentative: LogLine | undefined;
  readonly #runs: TestRuns;

  constructor(runs: TestRuns) {
    this.#runs = runs;
  }

  write(line: LogLine): void {
    const { text } = line;
    const tentative = this.#tentative;
    this.#tentative = undefined;
    if (text.endsWith(' FAILED')) {
      this.#failed(line);
      return;
    }
    if (text === '') {
      return;
    }
    if (
      tentative &&
      /^\s{1,8}[\w$]{1,80}(?:\.[\w$]{1,80}){1,20}\b/.test(text)
    ) {
      this.#add(tentative, tentative.text.slice(0, -' FAILED'.length));
    }
    if (this.#current) {
      const thrown = THROWN.exec(text);
      if (thrown) {
        describe(this.#current, thrown[1]);
        locate(this.#current, thrown[2], Number(thrown[3]));
        this.#current = undefined;
        return;
      }
      if (text.startsWith(' ')) {
        describe(this.#current, text);
        this.#place(text);
        return;
      }
      this.#current = undefined;
    }
    const first = text.charCodeAt(0);
    if (first >= 48 && first <= 57) {
      this.#counted(COMPLETED.exec(text));
    } else if (text.includes(': Executed ')) {
      this.#counted(EXECUTED.exec(text));
    } else if (/^[a-zA-Z_$][\w.$]{2,300}$/.test(text)) {
      this.#className = text;
    } else {
      const logged = /^ {2,8}(?:Test|✘) (\S.{0,400}) FAILED \(.{1,20}\)/.exec(
        text,
      );
      if (logged) {
        this.#add(line, `${this.#className} > ${logged[1]}`);
      }
    }
  }

  end(): void {
    for (const run of this.#open) {
      this.#runs.add(run);
    }
    this.#open.length = 0;
    if (this.#pending.length > 0) {
      this.#runs.add({
        framework: 'gradle',
        failed: this.#pending.length,
        failedTests: this.#pending,
      });
    }
    this.#runs.leave(this.#left);
    this.#pending = [];
    this.#left = 0;
    this.#current = undefined;
    this.#tentative = undefined;
  }

  #failed(line: LogLine): void {
    const { text } = line;
    if (text.startsWith('>')) {
      return;
    }
    const logged = /^ {2,8}Test (\S.{0,400}) FAILED$/.exec(text);
    if (logged) {
      this.#add(line, `${this.#className} > ${logged[1]}`);
    } else if (text.includes(' > ') && /^[\w"'`[(]/.test(text)) {
      this.#add(line, asFilter(text.slice(0, -' FAILED'.length)));
    } else if (
      /^[\w$]{1,80}(?:\.[\w$]{1,80}){1,30}(?:\(.{0,300}\))?(?:\[.{0,300}\])? FAILED$/.test(
        text,
      )
    ) {
      this.#tentative = line;
    }
  }

  #add(line: LogLine, name: string): void {
    const test: FailedTest = { name, evidence: this.#runs.evidence(line) };
    this.#current = test;
    const gap = this.#open.find(run => !isComplete(run));
    if (gap) {
      gap.failedTests.push(test);
      this.#release();
    } else if (this.#pending.length < MAX_PENDING) {
      this.#pending.push(test);
    } else {
      this.#left += 1;
    }
  }

  /** The first frame in the test's own class. */
  #place(text: string): void {
    const frame = javaFrame(text);
    if (frame && this.#current && isInClass(frame, this.#current.name)) {
      locate(this.#current, frame.file, frame.line);
    }
  }

  #counted(match: RegExpExecArray | null): void {
    if (!match) {
      return;
    }
    const total = Number(match[1]);
    const failed = Number(match[2] ?? 0);
    const skipped = Number(match[3] ?? 0);
    this.#open.push({
      framework: 'gradle',
      total,
      passed: rest(total, failed, skipped),
      failed,
      skipped,
      failedTests: this.#pending.splice(0, failed),
    });
    // What came before belongs to it, were it but a test of a retry.
    this.#pending = [];
    this.#release();
  }

  #release(): void {
    while (
      this.#open.length > MAX_OPEN ||
      (this.#open.length > 0 && isComplete(this.#open[0]))
    ) {
      const run = this.#open.shift();
      if (run) {
        this.#runs.add(run);
      }
    }
  }
}

function isComplete(run: NamedRun): boolean {
  const { failed = 0, failedTests } = run;
  return failedTests.length >= Math.min(failed, MAX_PENDING);
}

/** `Class.method`, as `--tests` takes it; display names stay as they are. */
function asFilter(name: string): string {
  const match = CLASS_AND_METHOD.exec(name);
  return match ? `${match[1]}.${match[2]}${match[4] ?? ''}` : name;
}

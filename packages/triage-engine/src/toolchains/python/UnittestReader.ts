// SPDX-License-Identifier: Apache-2.0
import type { LogLine } from '../../logs/types';
import {
  FailedTests,
  describe,
  locate,
  type FailedTest,
} from '../testing/FailedTests';
import type { FrameworkReader } from '../testing/FrameworkReader';
import { count, rest, sum } from '../testing/text';
import type { TestRuns } from '../testing/TestRuns';

/** xmlrunner puts the time in between. */
const BLOCK = /^(FAIL|ERROR|UNEXPECTED SUCCESS)(?: \[[\d.]{1,12}s\])?: (\S.*)$/;
const FRAME = /^ {2}File "([^"]{1,400})", line (\d{1,7})(?:, in (.{0,300}))?$/;
const FOOTER = /^Ran (\d{1,9}) tests? in \d{1,9}(?:\.\d{1,9})?s$/;
const VERDICT = /^(OK|FAILED|NO TESTS RAN)(?: \((.{1,300})\))?$/;

/**
 * The text runner of Python's `unittest`, and what builds on it: nose, Django's
 * runner, Twisted's trial.
 */
export class UnittestReader implements FrameworkReader {
  readonly #tests = new FailedTests();
  #ruleBefore = false;
  #trial: 'FAIL' | 'ERROR' | undefined;
  #current: FailedTest | undefined;
  #inTraceback = false;
  #ran: number | undefined;
  readonly #runs: TestRuns;

  constructor(runs: TestRuns) {
    this.#runs = runs;
  }

  write(line: LogLine): void {
    const { text } = line;
    const afterRule = this.#ruleBefore;
    this.#ruleBefore = false;
    switch (text.charCodeAt(0)) {
      case 61 /* = */:
        if (/^={40,200}$/.test(text)) {
          this.#ruleBefore = true;
          this.#current = undefined;
          this.#trial = undefined;
        }
        return;
      case 45 /* - */:
        if (/^-{40,200}$/.test(text)) {
          this.#inTraceback = false;
        }
        return;
      case 82 /* R */: {
        const footer = FOOTER.exec(text);
        if (!footer) {
          break;
        }
        if (this.#ran !== undefined) {
          this.#finish();
        }
        this.#ran = Number(footer[1]);
        this.#current = undefined;
        return;
      }
      default:
    }
    if (this.#ran !== undefined) {
      const verdict = VERDICT.exec(text);
      if (verdict) {
        this.#finish(verdict[2] ?? '');
        return;
      }
    }
    if (afterRule) {
      this.#block(line);
    } else if (this.#current) {
      this.#detail(text);
    } else if (this.#trial && /^[\w.]{3,300}$/.test(text)) {
      this.#current = this.#add(line, text);
    }
  }

  end(): void {
    if (this.#ran !== undefined || this.#tests.size > 0) {
      this.#finish();
    }
  }

  #block(line: LogLine): void {
    const block = BLOCK.exec(line.text);
    if (block) {
      this.#current = this.#add(line, block[2]);
      if (block[1] === 'UNEXPECTED SUCCESS') {
        describe(this.#current, 'unexpected success');
      }
      this.#inTraceback = false;
      return;
    }
    const trial = /^\[(FAIL|ERROR)\]$/.exec(line.text);
    if (trial) {
      this.#trial = trial[1] as 'FAIL' | 'ERROR';
    }
  }

  #add(line: LogLine, name: string): FailedTest {
    return this.#tests.add({ name, evidence: this.#runs.evidence(line) });
  }

  /** The test's own frame says where, the first line after the frames why. */
  #detail(text: string): void {
    const test = this.#current;
    if (text.startsWith('Traceback (most recent call last)')) {
      // A chained exception has a traceback of its own; the last one counts.
      this.#inTraceback = true;
      if (test) {
        test.message = undefined;
        test.file = undefined;
        test.line = undefined;
      }
      return;
    }
    if (!this.#inTraceback || !test) {
      return;
    }
    const frame = FRAME.exec(text);
    if (frame) {
      const method = /^[\w.]+/.exec(test.name)?.[0].split('.').pop();
      if (frame[3] === method) {
        locate(test, frame[1], Number(frame[2]));
      }
      return;
    }
    if (text !== '' && !text.startsWith(' ')) {
      describe(test, text);
      this.#inTraceback = false;
    }
  }

  #finish(verdict?: string): void {
    const counts = new Map<string, number>();
    for (const part of (verdict ?? '').split(', ')) {
      const match = /^([A-Za-z][\w ]{0,40})=(\d{1,9})$/.exec(part);
      if (match) {
        counts.set(match[1].toLowerCase(), Number(match[2]));
      }
    }
    const of = (...words: string[]) =>
      sum(...words.map(word => counts.get(word)));
    const total = count(this.#ran?.toString());
    const failed =
      verdict === undefined
        ? this.#tests.size
        : of('failures', 'unexpected successes', 'unexpectedsuccesses');
    const errors = verdict === undefined ? undefined : of('errors');
    const skipped =
      verdict === undefined ? undefined : of('skipped', 'skip', 'skips');
    this.#runs.leave(this.#tests.left);
    this.#tests.left = 0;
    const failedTests = this.#tests.take();
    // Each subtest that fails counts, and a class that cannot be set up, but
    // neither is a test that was run.
    const distinct = new Set(
      failedTests
        .filter(
          test => !/^(?:setUp|tearDown)(?:Class|Module)\b/.test(test.name),
        )
        .map(test => /^\S+(?: \([\w.]+\))?/.exec(test.name)?.[0]),
    );
    const failing =
      failedTests.length >= failed + (errors ?? 0)
        ? distinct.size
        : failed + (errors ?? 0);
    this.#runs.add({
      framework: 'unittest',
      total,
      passed:
        verdict === undefined
          ? undefined
          : rest(total, failing, skipped, of('expected failures')),
      failed,
      errors,
      skipped,
      failedTests,
    });
    this.#ran = undefined;
    this.#current = undefined;
    this.#trial = undefined;
  }
}

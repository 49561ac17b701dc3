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
import { readEntry, keyOf, isSame, OLD_CLASS } from './readEntry';
import { rest } from '../testing/text';
import type { TestRuns } from '../testing/TestRuns';

const LEVEL = /^\[(?:INFO|ERROR|WARNING|WARN)\] ?/;
const COUNTS =
  /^Tests run: {0,4}(\d{1,9}), {1,3}Failures: {0,4}(\d{1,9}), {1,3}Errors: {0,4}(\d{1,9})(?:, {1,3}Skipped: {0,4}(\d{1,9}))?(.{0,1000})$/;
const HEADING =
  /^(Failed tests|Tests in error|Failures|Errors|Flakes|Flaked tests|Tests with assumption failure|Skipped) ?: {0,4}(.{0,1000})$/;

interface Counts {
  total: number;
  failed: number;
  errors: number;
  skipped: number;
}

/**
 * Maven's Surefire and Failsafe, from 2.4 to 3.x: a line of counts for each
 * class, the failed tests as they come (`<<< FAILURE!`), the section `Results`,
 * and one line of counts without a time for each module.
 */
export class SurefireReader implements FrameworkReader {
  /** As they came, reruns counted once. */
  readonly #inStream = new FailedTests();
  readonly #summary = new FailedTests();
  readonly #flaky = new Set<string>();
  /** Of the classes since the last line for a module. */
  #classes: Counts | undefined;
  #results = false;
  #heading: 'failed' | 'flaky' | 'other' | undefined;
  #current: FailedTest | undefined;
  /** Of the class whose failed tests come next, with its package. */
  #className = '';
  readonly #runs: TestRuns;

  constructor(runs: TestRuns) {
    this.#runs = runs;
  }

  write(line: LogLine): void {
    const text = line.text.replace(LEVEL, '');
    if (text.startsWith('Tests run:')) {
      this.#counts(text);
      return;
    }
    if (text.includes(' <<< ')) {
      this.#failedInStream(text, line);
      return;
    }
    if (text.startsWith('Running ')) {
      this.#className = /^Running ([\w.$]{1,400})$/.exec(text)?.[1] ?? '';
      this.#current = undefined;
      return;
    }
    if (text === 'Results:' || text === 'Results :') {
      this.#results = true;
      this.#heading = undefined;
      this.#current = undefined;
      return;
    }
    if (this.#results) {
      this.#entry(text, line);
    } else if (text === '') {
      if (!this.#current?.message?.endsWith(':')) {
        this.#current = undefined;
      }
    } else if (this.#current) {
      const frame = javaFrame(text);
      if (!frame) {
        describe(this.#current, text);
      } else if (isInClass(frame, this.#current.name)) {
        locate(this.#current, frame.file, frame.line);
      }
    }
  }

  end(): void {
    if (this.#classes || this.#inStream.size > 0) {
      this.#finish(this.#classes);
    }
  }

  #counts(text: string): void {
    const match = COUNTS.exec(text);
    if (!match) {
      return;
    }
    const counts: Counts = {
      total: Number(match[1]),
      failed: Number(match[2]),
      errors: Number(match[3]),
      skipped: Number(match[4] ?? 0),
    };
    this.#current = undefined;
    this.#className =
      / --? in ([\w.$]{1,400})$/.exec(match[5])?.[1] ?? this.#className;
    if (!match[5].includes('Time elapsed')) {
      this.#finish(counts);
      return;
    }
    this.#classes ??= { total: 0, failed: 0, errors: 0, skipped: 0 };
    this.#classes.total += counts.total;
    this.#classes.failed += counts.failed;
    this.#classes.errors += counts.errors;
    this.#classes.skipped += counts.skipped;
  }

  /** `testA(org.x.ATest)  Time elapsed: 0.1 sec  <<< FAILURE!` and its kin. */
  #failedInStream(text: string, line: LogLine): void {
    const at = text.indexOf('Time elapsed:');
    if (at <= 0 || !/ <<< (?:FAILURE|ERROR)!/.test(text)) {
      return;
    }
    const said = text.slice(0, at).trim().replace(/ --$/, '');
    if (said === '') {
      return;
    }
    const bare = /^[\w$]{1,300}(?:[[({]|$)/.test(said) && !OLD_CLASS.test(said);
    const name = bare && this.#className ? `${this.#className}.${said}` : said;
    this.#current = this.#inStream.add({
      name,
      evidence: this.#runs.evidence(line),
    });
  }

  #entry(text: string, line: LogLine): void {
    const heading = HEADING.exec(text);
    if (heading) {
      const failed = /^(?:Failed tests|Tests in error|Failures|Errors)$/;
      if (failed.test(heading[1])) {
        this.#heading = 'failed';
      } else {
        this.#heading = heading[1].startsWith('Flak') ? 'flaky' : 'other';
      }
      this.#current = undefined;
      if (heading[2]) {
        this.#named(heading[2], line);
      }
      return;
    }
    if (text !== '') {
      this.#named(text.trim(), line);
    }
  }

  #named(text: string, line: LogLine): void {
    if (!this.#heading || this.#heading === 'other') {
      return;
    }
    const again = /^Run \d{1,4}: (.{0,1000})$/.exec(text);
    if (again) {
      if (again[1] !== 'PASS') {
        this.#explain(this.#current, again[1]);
      }
      return;
    }
    const test = readEntry(text);
    if (!test) {
      return;
    }
    if (this.#heading === 'flaky') {
      this.#flaky.add(keyOf(test));
      this.#current = undefined;
      return;
    }
    this.#current = this.#summary.add(
      { name: test.name, evidence: this.#runs.evidence(line) },
      `${test.className}#${test.name}`,
    );
    this.#explain(this.#current, test.rest);
  }

  /** `:12->helper:34 expected:<1> but was:<2>`, or ` » NullPointer`. */
  #explain(test: FailedTest | undefined, text: string): void {
    const trace =
      /^(?:([\w$.>]{1,400}))?:(\d{1,7})((?:->[\w$.<>]{1,300}(?::\d{1,7})?){0,20}) ?(.{0,1000})$/.exec(
        text,
      );
    if (!trace) {
      describe(test, text);
      return;
    }
    describe(test, trace[4]);
  }

  #finish(counts: Counts | undefined): void {
    for (const test of this.#inStream.values()) {
      const entry = readEntry(test.name);
      if (entry && this.#flaky.has(keyOf(entry))) {
        this.#inStream.delete(test.name);
      }
    }
    const failing = counts ? counts.failed + counts.errors : Infinity;
    const names = failing === 0 ? [] : this.#inStream.values();
    for (const entry of failing === 0 ? [] : this.#summary.values()) {
      const same = names.find(
        test => test.line === undefined && isSame(test.name, entry.name),
      );
      if (same) {
        same.message = entry.message || same.message;
        same.file = entry.file;
        same.line = entry.line;
      } else if (names.length < failing) {
        names.push(entry);
      }
    }
    this.#runs.leave(failing === 0 ? 0 : this.#inStream.left);
    this.#runs.add({
      framework: 'surefire',
      total: counts?.total,
      passed: rest(
        counts?.total,
        counts?.failed,
        counts?.errors,
        counts?.skipped,
      ),
      failed: counts?.failed,
      errors: counts?.errors,
      skipped: counts?.skipped,
      failedTests: names,
    });
    this.#inStream.take();
    this.#inStream.left = 0;
    this.#summary.take();
    this.#flaky.clear();
    this.#classes = undefined;
    this.#results = false;
    this.#heading = undefined;
    this.#current = undefined;
  }
}

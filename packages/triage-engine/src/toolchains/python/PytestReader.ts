// SPDX-License-Identifier: Apache-2.0
import type { Evidence } from '@greenroom/plugin-triage-common';
import type { LogLine } from '../../logs/types';
import {
  FailedTests,
  describe,
  locate,
  type FailedTest,
} from '../testing/FailedTests';
import type { FrameworkReader } from '../testing/FrameworkReader';
import { parsePytestTotals, type PytestTotals } from './pytestTotals';
import { isLibrary } from '../testing/isLibrary';
import { ruled } from '../testing/text';
import type { TestRuns } from '../testing/TestRuns';

type Section = 'none' | 'failures' | 'summary' | 'other';

const LOCATION = /^(?: {2}File ")?([^\s:"][^:"]{0,400})(?::|", line )(\d{1,7})/;

const CHAINED =
  /^(?:The above exception was the direct cause of|During handling of the above exception,)/;

/**
 * pytest's terminal reporter: `-v` and xdist lines, the sections FAILURES and
 * ERRORS, the short test summary, and the last line with the totals, with or
 * without its rules (`-q`).
 *
 * A test has its node id for a name where one is printed, and else the heading
 * of its section, `TestClass.test_name`.
 */
export class PytestReader implements FrameworkReader {
  /** By node id, from the short summary and `-v`. */
  readonly #ids = new FailedTests();
  /** By heading, from the sections. */
  readonly #headings = new FailedTests();
  #section: Section = 'none';
  #current: FailedTest | undefined;
  #captured = false;
  /** Sessions inside captured output: tests of pytest plugins run pytest. */
  #inner = 0;
  /** Of the rule around the heading of the section. */
  #width = 0;
  readonly #runs: TestRuns;

  constructor(runs: TestRuns) {
    this.#runs = runs;
  }

  write(line: LogLine): void {
    const { text } = line;
    if (text.startsWith('=')) {
      const title = ruled(text, '=');
      // What a test printed may look alike; pytest's own rules are as wide as the
      // terminal.
      if (title && !(this.#captured && text.length < this.#width)) {
        this.#heading(title, line);
      }
      return;
    }
    if (this.#section === 'failures') {
      if (this.#detail(line)) {
        return;
      }
    } else if (text.includes('::') || this.#section === 'summary') {
      this.#outcome(line);
    }
    const first = text.charCodeAt(0);
    if (first >= 48 && first <= 57) {
      this.#totals(text);
    }
  }

  end(): void {
    if (this.#ids.size > 0 || this.#headings.size > 0) {
      this.#finish({});
    }
    this.#reset();
  }

  #heading(title: string, line: LogLine): void {
    if (title === 'test session starts') {
      if (this.#captured) {
        this.#inner += 1;
      } else {
        this.end();
      }
      return;
    }
    if (this.#totals(title)) {
      return;
    }
    if (this.#inner > 0) {
      return;
    }
    this.#current = undefined;
    this.#captured = false;
    if (title === 'FAILURES' || title === 'ERRORS') {
      this.#section = 'failures';
      this.#width = line.text.length;
    } else if (title === 'short test summary info') {
      this.#section = 'summary';
    } else {
      this.#section = line.text.length > 20 ? 'other' : this.#section;
    }
  }

  #totals(text: string): boolean {
    const totals = parsePytestTotals(text);
    if (!totals) {
      return false;
    }
    if (this.#inner > 0) {
      this.#inner -= 1;
      return true;
    }
    this.#finish(totals);
    this.#reset();
    return true;
  }

  /** A line of a test's section. True where nothing else can be in it. */
  #detail(line: LogLine): boolean {
    const { text } = line;
    if (text.startsWith('_')) {
      const title = ruled(text, '_');
      if (!title || title.startsWith('_ ')) {
        return false;
      }
      if (this.#inner > 0) {
        return true;
      }
      this.#captured = false;
      this.#current = this.#headings.add(
        { name: title.trim(), evidence: this.#runs.evidence(line) },
        `${line.number} ${title}`,
      );
      return true;
    }
    if (text.startsWith('---') && text.endsWith('-')) {
      this.#captured = true;
      return true;
    }
    if (this.#captured || !this.#current) {
      return false;
    }
    if (/^E {2,}\S/.test(text)) {
      describe(this.#current, text.slice(1));
      return true;
    }
    if (CHAINED.test(text)) {
      this.#current.message = undefined;
      this.#current.file = undefined;
      this.#current.line = undefined;
      return true;
    }
    const at = LOCATION.exec(text);
    if (at) {
      if (!isLibrary(at[1])) {
        locate(this.#current, at[1], Number(at[2]));
      }
      return !/^\d/.test(text);
    }
    return false;
  }

  /** `FAILED a.py::test_b - why`, `a.py::test_b FAILED [ 9%]`, xdist's form. */
  #outcome(line: LogLine): void {
    const { text } = line;
    const before =
      /^(?:\[gw\d{1,5}\] (?:\[ {0,2}\d{1,3}%\] )?)?(FAILED|ERROR|SUBFAIL(?:ED)?\S{0,200}) (\S.*)$/.exec(
        text,
      );
    if (before) {
      const { id, message } = splitOutcome(before[2]);
      if (!id.includes('::') && this.#section !== 'summary') {
        return;
      }
      this.#ids.add(named(id, message, this.#runs.evidence(line)), id);
      return;
    }
    const bracket = text.endsWith('%]') ? text.lastIndexOf('[') : text.length;
    const verbose = text.slice(0, bracket).trimEnd();
    for (const verdict of [' FAILED', ' ERROR']) {
      if (!verbose.endsWith(verdict)) {
        continue;
      }
      const id = verbose.slice(0, -verdict.length);
      const file = id.slice(0, id.indexOf('::'));
      if (!/^[^\s:]{1,400}$/.test(file)) {
        continue;
      }
      this.#ids.add(named(id, undefined, this.#runs.evidence(line)), id);
    }
  }

  #finish(totals: Partial<PytestTotals>): void {
    const failedTests = this.#ids.values();
    const headings = this.#headings.values();
    const used = new Set<FailedTest>();
    for (const test of failedTests) {
      const key = headingOf(test.name);
      const match = headings.find(
        h =>
          !used.has(h) &&
          h.name.replace(/^ERROR at \w+ of |^ERROR /, '') === key,
      );
      if (!match) {
        continue;
      }
      used.add(match);
      if (!test.message || test.message.endsWith('...')) {
        test.message = match.message || test.message;
      }
      if (match.line !== undefined) {
        test.file = match.file;
        test.line = match.line;
      }
    }
    const known = (totals.failed ?? 0) + (totals.errors ?? 0);
    const complete = known > 0 && failedTests.length >= known;
    if (!complete) {
      failedTests.push(...headings.filter(h => !used.has(h)));
    }
    this.#runs.leave(
      this.#ids.left + (failedTests.length ? 0 : this.#headings.left),
    );
    this.#runs.add({ framework: 'pytest', ...totals, failedTests });
  }

  #reset(): void {
    this.#ids.take();
    this.#headings.take();
    this.#ids.left = 0;
    this.#headings.left = 0;
    this.#section = 'none';
    this.#current = undefined;
    this.#captured = false;
    this.#inner = 0;
    this.#width = 0;
  }
}

function named(
  id: string,
  message: string | undefined,
  evidence: Evidence,
): FailedTest {
  const at = id.indexOf('::');
  const file = (at < 0 ? id : id.slice(0, at)).replace(/^collecting /, '');
  return { name: id, message, file, evidence };
}

/** A node id may hold ` - ` between its brackets. */
function splitOutcome(text: string): { id: string; message?: string } {
  const dash = text.indexOf(' - ');
  if (dash < 0) {
    return { id: text };
  }
  const bracket = text.indexOf('[');
  let at = dash;
  if (bracket >= 0 && bracket < dash) {
    const close = text.indexOf('] - ', bracket);
    if (close >= 0) {
      at = close + 1;
    } else if (text.endsWith(']')) {
      return { id: text };
    }
  }
  return { id: text.slice(0, at), message: text.slice(at + 3) };
}

/** What pytest calls a node id in the heading of its section. */
function headingOf(id: string): string {
  const at = id.indexOf('::');
  if (at < 0) {
    return id.startsWith('collecting ') ? id : `collecting ${id}`;
  }
  const name = id.slice(at + 2);
  const bracket = name.indexOf('[');
  const path = bracket < 0 ? name : name.slice(0, bracket);
  return path.replaceAll('::', '.') + name.slice(path.length);
}

// SPDX-License-Identifier: Apache-2.0
import type { Finding } from '@greenroom/plugin-triage-common';
import { ellipsis } from '../../../text/cutText';
import { placeInTrace } from './placeInTrace';
import { testName } from './testName';

type Attributes = Record<string, string>;

/** A test that failed, or that passed when it was run again. */
export interface JUnitTestCase {
  name: string;
  message?: string;
  file?: string;
  line?: number;
  flaky: boolean;
  extra: NonNullable<Finding['extra']>;
}

interface Counts {
  tests?: number;
  failures?: number;
  errors?: number;
  skipped?: number;
}

interface OpenCase {
  attributes: Attributes;
  outcome?: 'failure' | 'error' | 'skipped';
  flaky: boolean;
  type?: string;
  message?: string;
  trace: string;
}

const MAX_TEXT = 16 * 1024;
const MAX_CASES = 4000;
const OUTCOMES = new Set([
  'failure',
  'error',
  'flakyFailure',
  'flakyError',
  'rerunFailure',
  'rerunError',
]);
const KNOWN = new Set([
  'name',
  'classname',
  'file',
  'line',
  'time',
  'failure',
  'error',
]);
/** What writers say that have no message of their own. */
const NO_MESSAGE = /^(?:failed|failure|error|test failed)?$/i;

/** Gathers the failed tests and the counts of a JUnit report as it is read. */
export class JUnitBuilder {
  readonly failing: JUnitTestCase[] = [];
  readonly flaky: JUnitTestCase[] = [];
  /** How many failed tests are not kept. */
  left = 0;
  isReport = false;
  readonly #counted = { tests: 0, failures: 0, errors: 0, skipped: 0 };
  /** What the suites around say of themselves, the outermost first. */
  readonly #suites: Array<{
    said: Counts;
    inner: Counts;
    name?: string;
  }> = [{ said: {}, inner: {} }];
  #current: OpenCase | undefined;
  #outcome: string | undefined;

  open(tag: string, attributes: Attributes): void {
    if (tag === 'testsuites' || tag === 'testsuite') {
      this.isReport = true;
      this.#suites.push({
        said: countsOf(attributes),
        inner: {},
        name: attributes.name,
      });
    } else if (tag === 'testcase') {
      this.#current = { attributes, flaky: false, trace: '' };
    } else if (this.#current && tag === 'skipped') {
      this.#current.outcome ??= 'skipped';
    } else if (this.#current && OUTCOMES.has(tag)) {
      this.#outcomeTag(this.#current, tag, attributes);
    }
  }

  text(said: string): void {
    if (!this.#current || !this.#outcome) {
      return;
    }
    const room = MAX_TEXT - this.#current.trace.length;
    if (room > 0) {
      this.#current.trace += said.slice(0, room);
    }
  }

  close(tag: string): void {
    if (tag === 'testcase') {
      this.#closeCase();
    } else if (tag === this.#outcome) {
      this.#outcome = undefined;
    } else if (tag === 'testsuites' || tag === 'testsuite') {
      this.#closeSuite();
    }
  }

  /** Also closes what a file that breaks off has left open. */
  end(): void {
    if (this.#current?.outcome) {
      this.#closeCase();
    }
    while (this.#suites.length > 1) {
      this.#closeSuite();
    }
  }

  /**
   * Of the test cases; or, where the suites say that there were more than the
   * file lists, what they say, but never fewer than were read.
   */
  counts(): {
    total: number;
    passed: number;
    failed: number;
    errors: number;
    skipped: number;
  } {
    const said = this.#suites[0].inner;
    const counted = this.#counted;
    const listed = counted.tests >= (said.tests ?? 0);
    const most = (key: keyof Counts) =>
      listed ? counted[key] : Math.max(said[key] ?? 0, counted[key]);
    const total = most('tests');
    const failed = most('failures');
    const errors = most('errors');
    const skipped = most('skipped');
    const passed = Math.max(0, total - failed - errors - skipped);
    return { total, passed, failed, errors, skipped };
  }

  #outcomeTag(test: OpenCase, tag: string, attributes: Attributes): void {
    if (tag.startsWith('flaky')) {
      test.flaky = true;
    } else if (tag === 'failure' || tag === 'error') {
      if (test.outcome !== 'failure') {
        test.outcome = tag;
      }
    } else {
      return;
    }
    if (test.message !== undefined || test.trace !== '') {
      return;
    }
    this.#outcome = tag;
    test.type = attributes.type;
    test.message = attributes.message;
  }

  #closeSuite(): void {
    const suite = this.#suites.pop();
    const outer = this.#suites.at(-1);
    if (!suite || !outer) {
      return;
    }
    for (const key of ['tests', 'failures', 'errors', 'skipped'] as const) {
      const value = suite.said[key] ?? suite.inner[key];
      if (value !== undefined) {
        outer.inner[key] = (outer.inner[key] ?? 0) + value;
      }
    }
  }

  #closeCase(): void {
    const test = this.#current;
    this.#current = undefined;
    this.#outcome = undefined;
    if (!test) {
      return;
    }
    this.#counted.tests += 1;
    if (test.outcome === 'failure') {
      this.#counted.failures += 1;
    } else if (test.outcome === 'error') {
      this.#counted.errors += 1;
    } else if (
      test.outcome === 'skipped' ||
      test.attributes.status === 'notrun'
    ) {
      this.#counted.skipped += 1;
    }
    const failed = test.outcome === 'failure' || test.outcome === 'error';
    if (!failed && !test.flaky) {
      return;
    }
    const list = failed ? this.failing : this.flaky;
    if (list.length >= MAX_CASES) {
      if (failed) {
        this.left += 1;
      }
      return;
    }
    list.push(this.#describe(test, !failed));
  }

  #describe(test: OpenCase, flaky: boolean): JUnitTestCase {
    const { attributes } = test;
    const place = placeInTrace(test.trace, attributes);
    const message = NO_MESSAGE.test(test.message?.trim() ?? '')
      ? firstWords(test.trace)
      : test.message?.trim();
    const extra: JUnitTestCase['extra'] = {};
    const keep = (key: string, value: string | undefined) => {
      if (value && Object.keys(extra).length < 20) {
        extra[key] = ellipsis(value, 300);
      }
    };
    if (flaky) {
      extra.flaky = true;
    }
    keep('type', test.type);
    keep('classname', attributes.classname);
    keep('suite', this.#suites.at(-1)?.name);
    keep('time', attributes.time);
    for (const [key, value] of Object.entries(attributes)) {
      if (!KNOWN.has(key)) {
        keep(key, value);
      }
    }
    return {
      name: ellipsis(testName(attributes), 1000),
      message: message ? ellipsis(message, 500) : undefined,
      ...place,
      flaky,
      extra,
    };
  }
}

function countsOf(attributes: Attributes): Counts {
  const of = (...names: string[]) => {
    for (const name of names) {
      const value = attributes[name];
      if (value !== undefined && /^\d{1,9}$/.test(value)) {
        return Number(value);
      }
    }
    return undefined;
  };
  return {
    tests: of('tests'),
    failures: of('failures'),
    errors: of('errors'),
    skipped: of('skipped', 'skips', 'disabled'),
  };
}

/** The first line of a trace that says something; Go's markers do not. */
function firstWords(trace: string): string | undefined {
  return trace
    .split('\n', 50)
    .map(line => line.trim())
    .find(line => line !== '' && !/^(?:===|---) /.test(line));
}

// SPDX-License-Identifier: Apache-2.0
import type { TestSummary } from '@greenroom/plugin-triage-common';

/** A test that failed. */
export type FailedTest = TestSummary['failedTests'][number];

/** Of one log; a log that names more says only that it failed altogether. */
export const MAX_FAILED_TESTS = 2000;

const MAX_MESSAGE = 500;

/** The failed tests of one run, each once, in the order in which they came. */
export class FailedTests {
  readonly #tests = new Map<string, FailedTest>();
  /** How many are not kept. */
  left = 0;

  get size(): number {
    return this.#tests.size;
  }

  /**
   * Adds a test, or what was not known of it. The key tells tests apart whose
   * names are the same.
   */
  add(test: FailedTest, key: string = test.name): FailedTest {
    const known = this.#tests.get(key);
    const message = test.message?.trim().slice(0, MAX_MESSAGE);
    if (known) {
      known.message ||= message;
      known.file ??= test.file;
      known.line ??= test.line;
      known.evidence ??= test.evidence;
      return known;
    }
    const added = { ...test, message };
    if (this.#tests.size >= MAX_FAILED_TESTS) {
      this.left += 1;
      return added;
    }
    this.#tests.set(key, added);
    return added;
  }

  delete(key: string): void {
    this.#tests.delete(key);
  }

  values(): FailedTest[] {
    return [...this.#tests.values()];
  }

  /** Gives what was gathered and begins anew. */
  take(): FailedTest[] {
    const tests = this.values();
    this.#tests.clear();
    return tests;
  }
}

/**
 * Says what a failed test says of itself, where it has not said it yet. A message
 * that ends with a colon goes on in the next line.
 */
export function describe(test: FailedTest | undefined, message: string): void {
  const said = message.trim();
  if (!test || said === '') {
    return;
  }
  if (!test.message) {
    test.message = said.slice(0, MAX_MESSAGE);
  } else if (isOpen(test)) {
    test.message = `${test.message} ${said}`.slice(0, MAX_MESSAGE);
  }
}

/** Whether the next line still belongs to the message. */
function isOpen(test: FailedTest): boolean {
  return !test.message || test.message.endsWith(':');
}

/** Says where a failed test stands, where that is not known yet. */
export function locate(
  test: FailedTest | undefined,
  file: string,
  line: number,
): void {
  if (!test || test.line !== undefined) {
    return;
  }
  if (!Number.isSafeInteger(line) || line < 1) {
    return;
  }
  test.file = file;
  test.line = line;
}

// SPDX-License-Identifier: Apache-2.0
import type {
  Evidence,
  StageError,
  TestSummary,
} from '@greenroom/plugin-triage-common';
import type { LogLine } from '../../logs/types';
import { MAX_FAILED_TESTS, type FailedTest } from './FailedTests';

const MAX_RUNS = 500;
const MAX_QUOTE = 1000;

/** A run as its framework counts it. */
export interface TestRun {
  framework: string;
  total?: number;
  passed?: number;
  failed?: number;
  errors?: number;
  skipped?: number;
  failedTests?: FailedTest[];
}

/** The test runs of one log, bounded. */
export class TestRuns {
  readonly #runs: TestSummary[] = [];
  #kept = 0;
  #left = 0;
  #merged = 0;
  readonly #source: string;

  constructor(source: string) {
    this.#source = source;
  }

  evidence(line: LogLine): Evidence {
    return {
      source: this.#source,
      line: line.number,
      quote: line.text.trim().slice(0, MAX_QUOTE),
    };
  }

  add(run: TestRun): void {
    const tests = run.failedTests ?? [];
    const room = Math.max(0, MAX_FAILED_TESTS - this.#kept);
    const failedTests = tests.slice(0, room);
    this.#kept += failedTests.length;
    this.#left += tests.length - failedTests.length;
    if (this.#runs.length < MAX_RUNS) {
      this.#runs.push({ ...run, source: this.#source, failedTests });
      return;
    }
    this.#merged += 1;
    const same = this.#runs.findLast(r => r.framework === run.framework);
    const into = same ?? this.#runs[this.#runs.length - 1];
    into.failedTests.push(...failedTests);
    for (const key of [
      'total',
      'passed',
      'failed',
      'errors',
      'skipped',
    ] as const) {
      const more = run[key];
      if (more !== undefined) {
        into[key] = (into[key] ?? 0) + more;
      }
    }
  }

  /** What a reader of one run could not keep. */
  leave(count: number): void {
    this.#left += count;
  }

  end(): { tests: TestSummary[]; errors: StageError[] } {
    const errors: StageError[] = [];
    if (this.#left > 0) {
      errors.push({
        stage: 'parse',
        source: this.#source,
        code: 'too-many-failed-tests',
        message: `Only the first ${MAX_FAILED_TESTS} failed tests are kept; ${this.#left} more are left out.`,
      });
    }
    if (this.#merged > 0) {
      errors.push({
        stage: 'parse',
        source: this.#source,
        code: 'too-many-test-runs',
        message: `Only the first ${MAX_RUNS} test runs are kept apart; ${this.#merged} more are added to the last one.`,
      });
    }
    return { tests: this.#runs, errors };
  }
}

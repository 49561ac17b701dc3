import type { LogLine } from '../../../logs/types';
import { FailedTests, describe, type FailedTest } from './FailedTests';
import type { FrameworkReader } from './FrameworkReader';
import type { TestRuns } from './TestRuns';

const COUNT =
  /^ℹ (tests|pass|fail|cancelled|skipped|todo|duration_ms) (\d{1,9})/;
const PLACE = /^test at (.{1,400}):(\d{1,7}):\d{1,7}$/;
const FAILED = /^✖ (\S.{0,1000}?)(?: \([\d.]{1,20}ms\))?(?: # .{0,200})?$/;

/** The `spec` reporter of Node's own test runner. */
export class NodeTestReader implements FrameworkReader {
  private readonly tests = new FailedTests();
  private readonly counts = new Map<string, number>();
  private failing = false;
  private place: { file: string; line: number } | undefined;
  private current: FailedTest | undefined;

  constructor(private readonly runs: TestRuns) {}

  write(line: LogLine): void {
    const { text } = line;
    if (text.startsWith('ℹ ')) {
      const match = COUNT.exec(text);
      if (!match) return;
      if (match[1] === 'tests') this.end();
      if (match[1] !== 'duration_ms')
        this.counts.set(match[1], Number(match[2]));
      return;
    }
    if (text === '✖ failing tests:') {
      this.failing = true;
      return;
    }
    if (!this.failing || text === '') return;
    const place = PLACE.exec(text);
    if (place) {
      this.place = { file: place[1], line: Number(place[2]) };
      this.current = undefined;
      return;
    }
    const failed = this.place ? FAILED.exec(text) : null;
    if (failed && this.place) {
      this.current = this.tests.add(
        {
          name: failed[1],
          ...this.place,
          evidence: this.runs.evidence(line),
        },
        `${this.place.file}:${this.place.line} ${failed[1]}`,
      );
      this.place = undefined;
    } else if (text.startsWith('  ')) describe(this.current, text);
    else if (this.current) this.end();
  }

  end(): void {
    const total = this.counts.get('tests');
    if (total !== undefined) {
      this.runs.leave(this.tests.left);
      this.tests.left = 0;
      this.runs.add({
        framework: 'node:test',
        total,
        passed: this.counts.get('pass'),
        failed: this.counts.get('fail'),
        errors: this.counts.get('cancelled'),
        skipped:
          (this.counts.get('skipped') ?? 0) + (this.counts.get('todo') ?? 0),
        failedTests: this.tests.take(),
      });
    }
    this.counts.clear();
    this.failing = false;
    this.place = undefined;
    this.current = undefined;
  }
}

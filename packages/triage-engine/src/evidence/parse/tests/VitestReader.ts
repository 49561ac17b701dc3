import type { LogLine } from '../../../logs/types';
import { FailedTests, describe, locate, type FailedTest } from './FailedTests';
import type { FrameworkReader } from './FrameworkReader';
import { count } from './text';
import type { TestRuns } from './TestRuns';

const FAIL =
  /^ ?FAIL {2}(?:\|?([\w@./-]{1,80})\|? {1,2})?(\S{1,400})(?: > (.{1,1000})| \[ .{1,400} \])$/;
const PLACE = /^ ❯ (?:.{0,300} )?([^\s:]{1,400}):(\d{1,7}):\d{1,7}$/;
const TOTALS = /^ {2,12}Tests {2}(\S.{0,200})$/;
const TOTAL = / \((\d{1,9})\)$/;

/**
 * Vitest's reporters: the section "Failed Tests" with `FAIL  file > suite >
 * test`, and the totals after `Tests`.
 */
export class VitestReader implements FrameworkReader {
  private readonly tests = new FailedTests();
  /** One error may stand below several tests. */
  private current: FailedTest[] = [];
  private file = '';
  private described = false;

  constructor(private readonly runs: TestRuns) {}

  write(line: LogLine): void {
    const { text } = line;
    if (text.startsWith(' FAIL  ') || text.startsWith('FAIL  ')) {
      const match = FAIL.exec(text);
      if (!match) return;
      if (this.described) this.current = [];
      this.described = false;
      this.file = match[2];
      const name = match[3] ? `${match[2]} > ${match[3]}` : match[2];
      this.current.push(
        this.tests.add({
          name,
          file: match[2],
          evidence: this.runs.evidence(line),
        }),
      );
      return;
    }
    if (text.startsWith('  ') && text.includes('Tests  ')) {
      this.totals(text);
      return;
    }
    if (this.current.length === 0 || text === '') return;
    const place = PLACE.exec(text);
    if (place) {
      if (place[1] === this.file)
        for (const test of this.current)
          locate(test, place[1], Number(place[2]));
    } else if (!this.described) {
      for (const test of this.current) describe(test, text);
    }
    this.described = true;
  }

  end(): void {
    if (this.tests.size > 0) this.finish({});
  }

  private totals(text: string): void {
    const match = TOTALS.exec(text);
    if (!match) return;
    const total = TOTAL.exec(match[1]);
    if (!total) {
      if (match[1] === 'no tests') this.finish({ total: 0, failed: 0 });
      return;
    }
    const counts = new Map<string, number>();
    for (const part of match[1].slice(0, total.index).split(' | ')) {
      const word = /^(\d{1,9}) ([a-z ]{3,20})$/.exec(part);
      if (!word) return;
      counts.set(word[2], Number(word[1]));
    }
    this.finish({
      total: count(total[1]),
      passed: (counts.get('passed') ?? 0) + (counts.get('expected fail') ?? 0),
      failed: counts.get('failed') ?? 0,
      skipped: (counts.get('skipped') ?? 0) + (counts.get('todo') ?? 0),
    });
  }

  private finish(totals: {
    total?: number;
    passed?: number;
    failed?: number;
    skipped?: number;
  }): void {
    this.runs.leave(this.tests.left);
    this.tests.left = 0;
    this.runs.add({
      framework: 'vitest',
      ...totals,
      failedTests: this.tests.take(),
    });
    this.current = [];
    this.described = false;
  }
}

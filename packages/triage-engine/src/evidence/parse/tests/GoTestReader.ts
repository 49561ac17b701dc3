import type { LogLine } from '../../../logs/types';
import { FailedTests, describe, locate, type FailedTest } from './FailedTests';
import type { FrameworkReader } from './FrameworkReader';
import { rest } from './text';
import type { TestRuns } from './TestRuns';

const RESULT =
  /^ {0,40}--- (PASS|FAIL|SKIP|BENCH): (\S{1,600}) \([\d.]{1,12}s\)$/;
const PACKAGE =
  /^(ok|FAIL|---|\?)\s{1,8}([\w.~/-]{1,300})(?:\s+([\d.]{1,12}s|\(cached\)|\[.{1,60}\]))(?:\s.{0,200})?$/;
const PLACE = /^\s{1,40}([\w./-]{1,200}\.go):(\d{1,7}): ?(.{0,600})$/;
const SUM =
  /^=== (?:FAIL|ERROR): (\S{1,300}) (\S{1,600})? ?(?:\([\d.]{1,12}s\))?(?: \(re-run \d{1,4}\))?$/;
const DONE =
  /^DONE (?:\d{1,6} runs?, )?(\d{1,9}) tests?(?:, (\d{1,9}) skipped)?(?:, (\d{1,9}) failures?)?(?:, (\d{1,9}) errors?)? in /;

/**
 * `go test`, with and without `-v`, and gotestsum. The JSON of `-json` is
 * `GoTestJsonReader`'s.
 *
 * Go counts nothing itself: with `-v` each test and subtest counts, without only
 * those that fail are known. gotestsum's `DONE` holds where it is printed.
 */
export class GoTestReader implements FrameworkReader {
  /** Of the package that is not over yet. */
  private pending = new FailedTests();
  private failedTests: FailedTest[] = [];
  private sums = new FailedTests();
  private counts = { PASS: 0, FAIL: 0, SKIP: 0 };
  private errors = 0;
  private verbose = false;
  private packages = 0;
  private current: FailedTest | undefined;
  /** With `-v` a test's output comes before its result. */
  private readonly said = new Map<
    string,
    { file: string; line: number; message: string }
  >();
  private running = '';

  constructor(private readonly runs: TestRuns) {}

  write(line: LogLine): void {
    const { text } = line;
    if (text.includes('--- ')) {
      const match = RESULT.exec(text);
      if (match) {
        this.result(line, match[1], match[2]);
        return;
      }
    }
    if (text.startsWith('=== ')) {
      this.marker(line);
      return;
    }
    const place = PLACE.exec(text);
    if (place) {
      this.place(place[1], Number(place[2]), place[3]);
      return;
    }
    if (/^(?:ok|FAIL|\?|---)\s/.test(text)) this.packageLine(line);
    else if (text.startsWith('panic: ')) describe(this.current, text);
    else if (text.startsWith('DONE ')) this.done(text);
  }

  end(): void {
    this.closePackage();
    const seen = this.counts.PASS + this.counts.FAIL + this.counts.SKIP;
    if (this.packages > 0 || this.failedTests.length > 0) {
      const total = this.verbose && seen > 0 ? seen : undefined;
      this.runs.add({
        framework: 'go',
        total,
        passed: total === undefined ? undefined : this.counts.PASS,
        failed: this.counts.FAIL,
        errors: this.errors || undefined,
        skipped: total === undefined ? undefined : this.counts.SKIP,
        failedTests: this.failedTests,
      });
    }
    this.reset();
  }

  private result(line: LogLine, verdict: string, name: string): void {
    if (verdict === 'BENCH') return;
    this.counts[verdict as 'PASS' | 'FAIL' | 'SKIP'] += 1;
    if (verdict === 'PASS') this.verbose = true;
    const said = this.said.get(name);
    this.said.delete(name);
    if (verdict !== 'FAIL') {
      this.current = undefined;
      return;
    }
    this.current = this.pending.add({
      name,
      evidence: this.runs.evidence(line),
    });
    if (said) {
      locate(this.current, said.file, said.line);
      describe(this.current, said.message);
    }
  }

  private marker(line: LogLine): void {
    const { text } = line;
    const run = /^=== (RUN|CONT|NAME|PAUSE) {1,3}(\S{1,600})$/.exec(text);
    if (run) {
      this.running = run[2];
      if (run[1] === 'RUN') {
        this.verbose = true;
        this.current = undefined;
      }
      return;
    }
    const sum = SUM.exec(text);
    if (!sum) return;
    this.current = this.sums.add({
      name: sum[2] ? `${sum[1]} ${sum[2]}` : sum[1],
      evidence: this.runs.evidence(line),
    });
  }

  private place(file: string, at: number, message: string): void {
    if (this.current) {
      locate(this.current, file, at);
      describe(this.current, message);
    } else if (this.running && this.said.size < 500)
      this.said.set(this.running, { file, line: at, message });
  }

  private packageLine(line: LogLine): void {
    const match = PACKAGE.exec(line.text);
    if (!match || match[1] === '---') return;
    this.packages += 1;
    if (match[1] === 'FAIL' && /^\[(?:build|setup) failed\]$/.test(match[3])) {
      this.errors += 1;
      this.pending.add({
        name: match[2],
        message: match[3].slice(1, -1),
        evidence: this.runs.evidence(line),
      });
    }
    this.closePackage();
  }

  private closePackage(): void {
    this.runs.leave(this.pending.left);
    this.failedTests.push(...this.pending.take());
    this.runs.leave(Math.max(0, this.failedTests.length - 2000));
    this.failedTests.length = Math.min(this.failedTests.length, 2000);
    this.pending.left = 0;
    this.said.clear();
    this.running = '';
    this.current = undefined;
  }

  private done(text: string): void {
    const match = DONE.exec(text);
    if (!match) return;
    this.closePackage();
    const [total, skipped, failed, errors] = match
      .slice(1)
      .map(part => Number(part ?? 0));
    const sums = this.sums.take();
    this.runs.add({
      framework: 'go',
      total,
      // A package that does not build is a failure to gotestsum, and no test.
      passed: rest(
        total,
        skipped,
        failed - sums.filter(test => !test.name.includes(' ')).length,
      ),
      failed,
      errors: errors || undefined,
      skipped,
      failedTests: sums.length > 0 ? sums : this.failedTests,
    });
    this.reset();
  }

  private reset(): void {
    this.failedTests = [];
    this.sums.take();
    this.counts = { PASS: 0, FAIL: 0, SKIP: 0 };
    this.errors = 0;
    this.verbose = false;
    this.packages = 0;
    this.current = undefined;
  }
}

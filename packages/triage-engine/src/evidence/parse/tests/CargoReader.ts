import type { LogLine } from '../../../logs/types';
import { FailedTests, describe, locate, type FailedTest } from './FailedTests';
import type { FrameworkReader } from './FrameworkReader';
import type { TestRuns } from './TestRuns';

const RESULT =
  /^test result: (?:ok|FAILED)\. (\d{1,9}) passed; (\d{1,9}) failed; (\d{1,9}) ignored; (\d{1,9}) measured; \d{1,9} filtered out/;
const CASE = /^test (\S.{0,600}) \.\.\. FAILED$/;
const PANIC =
  /^thread '([^']{1,600})'(?: \(\d{1,12}\))? panicked at (?:'(.{0,600})', )?([^\s:]{1,400}):(\d{1,7}):\d{1,7}:?$/;
const NEXTEST =
  /^ {2,20}(?:TRY \d{1,4} )?(?:FAIL|SIGABRT|SIGSEGV|TIMEOUT) \[.{1,20}\] (?:\( {0,6}\d{1,6}\/\d{1,6}\) )?(\S.{0,600})$/;
const SUMMARY =
  /^ {2,20}Summary \[.{1,20}\] {1,4}(\d{1,9})(?:\/\d{1,9})? tests? run: (\d{1,9}) passed(?: \(.{1,60}\))?(?:, (\d{1,9}) failed)?(?:, (\d{1,9}) timed out)?(?:, (\d{1,9}) skipped)?$/;

/** Rust's test harness under `cargo test`, and cargo-nextest. */
export class CargoReader implements FrameworkReader {
  private readonly tests = new FailedTests();
  private readonly nextest = new FailedTests();
  private current: FailedTest | undefined;

  constructor(private readonly runs: TestRuns) {}

  write(line: LogLine): void {
    const { text } = line;
    if (text.startsWith('test ')) {
      this.harness(line);
      return;
    }
    if (text.startsWith("thread '")) {
      const panic = PANIC.exec(text);
      if (!panic) return;
      this.current = this.tests.find(test => test.name === panic[1]);
      locate(this.current, panic[3], Number(panic[4]));
      if (panic[2]) describe(this.current, panic[2]);
      return;
    }
    if (this.current && text !== '') {
      describe(this.current, text);
      this.current = undefined;
      return;
    }
    if (!text.startsWith('  ')) return;
    const failed = NEXTEST.exec(text);
    if (failed) {
      this.nextest.add({
        name: failed[1].trim(),
        evidence: this.runs.evidence(line),
      });
      return;
    }
    const summary = SUMMARY.exec(text);
    if (!summary) return;
    const [run, passed, failures, timedOut, skipped] = summary
      .slice(1)
      .map(part => Number(part ?? 0));
    this.runs.add({
      framework: 'nextest',
      total: run + skipped,
      passed,
      failed: failures + timedOut,
      skipped,
      failedTests: this.nextest.take(),
    });
  }

  end(): void {
    if (this.tests.size > 0)
      this.runs.add({ framework: 'cargo', failedTests: this.tests.take() });
    this.nextest.take();
    this.current = undefined;
  }

  private harness(line: LogLine): void {
    const failed = CASE.exec(line.text);
    if (failed) {
      this.tests.add({ name: failed[1], evidence: this.runs.evidence(line) });
      return;
    }
    const match = RESULT.exec(line.text);
    if (!match) return;
    const [passed, failures, ignored, measured] = match.slice(1).map(Number);
    const total = passed + failures + ignored + measured;
    if (total === 0) return;
    this.runs.leave(this.tests.left);
    this.tests.left = 0;
    this.runs.add({
      framework: 'cargo',
      total,
      passed: passed + measured,
      failed: failures,
      skipped: ignored,
      failedTests: this.tests.take(),
    });
    this.current = undefined;
  }
}

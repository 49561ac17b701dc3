import type { LogLine } from '../../../logs/types';
import { FailedTests, describe, locate, type FailedTest } from './FailedTests';
import type { FrameworkReader } from './FrameworkReader';
import { sum } from './text';
import type { TestRuns } from './TestRuns';

const LEVEL = /^\[(?:info|error|warn)\] /;
const SCALATEST =
  /^Tests: succeeded (\d{1,9}), failed (\d{1,9}), canceled (\d{1,9}), ignored (\d{1,9}), pending (\d{1,9})$/;
const SBT =
  /^(?:Passed|Failed|Error): Total (\d{1,9}), Failed (\d{1,9}), Errors (\d{1,9}), Passed (\d{1,9})(?:, Skipped (\d{1,9}))?(?:, Ignored (\d{1,9}))?(?:, Canceled (\d{1,9}))?(?:, Pending (\d{1,9}))?$/;
const MARKED =
  /^([\s-]{0,40})(\S.{0,800}?) \*\*\* (?:FAILED|ABORTED) \*\*\*(?: \(.{1,40}\))?$/;
const JUNIT_INTERFACE =
  /^Test ([\w.$]{1,400}(?:\[.{0,200}\])?) failed: (.{0,600}), took [\d.,E-]{1,12}s(?:ec)?$/;
const MUNIT = /^==> X (\S.{0,600}?) {1,3}[\d.]{1,12}s(?: (.{0,600}))?$/;

/** ScalaTest, alone or under sbt, and sbt's own count for any framework. */
export class ScalaReader implements FrameworkReader {
  private readonly tests = new FailedTests();
  private suite = '';
  private current: FailedTest | undefined;

  constructor(private readonly runs: TestRuns) {}

  write(line: LogLine): void {
    const text = line.text.replace(LEVEL, '');
    if (text.startsWith('Tests: succeeded ')) {
      const match = SCALATEST.exec(text);
      if (!match) return;
      const [passed, failed, canceled, ignored, pending] = match
        .slice(1)
        .map(Number);
      const skipped = canceled + ignored + pending;
      this.finish(
        'scalatest',
        passed + failed + skipped,
        passed,
        failed,
        0,
        skipped,
      );
      return;
    }
    if (text.includes(': Total ')) {
      const match = SBT.exec(text);
      if (!match) return;
      const [ran, failed, errors, passed, skipped, ...others] = match
        .slice(1)
        .map(part => Number(part ?? 0));
      // sbt leaves ignored, canceled and pending tests out of its total.
      const total = ran + sum(...others);
      this.finish(
        'sbt',
        total,
        passed,
        failed,
        errors,
        skipped + sum(...others),
      );
      return;
    }
    if (text.includes(' *** FAILED ***') || text.includes(' *** ABORTED ***')) {
      this.marked(line, text);
      return;
    }
    const other = /^(?:Test |==> X )/.test(text)
      ? (JUNIT_INTERFACE.exec(text) ?? MUNIT.exec(text))
      : null;
    if (other) {
      const test = this.add(line, other[1]);
      if (other[2]) describe(test, other[2]);
      return;
    }
    const suite = /^([\w$. ]{1,300}):$/.exec(text);
    if (suite) this.suite = suite[1];
    else if (this.current && text !== '') {
      const place = /\((\w[\w.$-]{0,200}\.scala):(\d{1,7})\)$/.exec(
        text.slice(-220),
      );
      if (place) locate(this.current, place[1], Number(place[2]));
      describe(this.current, text);
      this.current = undefined;
    }
  }

  end(): void {
    this.tests.take();
    this.suite = '';
    this.current = undefined;
  }

  private add(line: LogLine, name: string): FailedTest {
    return this.tests.add({ name, evidence: this.runs.evidence(line) });
  }

  /** `- should work *** FAILED ***`, below the line that names the suite. */
  private marked(line: LogLine, text: string): void {
    const match = MARKED.exec(text);
    if (!match || /^\d{1,9} TESTS? FAILED/.test(match[2])) return;
    const name = match[2].replace(/^- /, '');
    this.current = this.add(line, this.suite ? `${this.suite}: ${name}` : name);
  }

  private finish(
    framework: string,
    total: number,
    passed: number,
    failed: number,
    errors: number,
    skipped: number,
  ): void {
    this.runs.leave(this.tests.left);
    this.tests.left = 0;
    this.runs.add({
      framework,
      total,
      passed,
      failed,
      errors,
      skipped,
      failedTests: this.tests.take(),
    });
    this.suite = '';
    this.current = undefined;
  }
}

import type { LogLine } from '../../../logs/types';
import { FailedTests, describe, locate, type FailedTest } from './FailedTests';
import type { FrameworkReader } from './FrameworkReader';
import { isInClass, javaFrame } from './stackFrame';
import { rest } from './text';
import type { TestRuns } from './TestRuns';

const TOTALS =
  /^Total tests run: (\d{1,9}), (?:Passes: (\d{1,9}), )?Failures: (\d{1,9}), Skips: (\d{1,9})$/;
const JUNIT4 = /^Tests run: (\d{1,9}), {1,3}Failures: (\d{1,9})$/;

/**
 * The text reporters of TestNG (`FAILED: test`, `Total tests run: …`) and of
 * JUnit 3 and 4 (`1) test(org.example.FooTest)`, `OK (3 tests)`).
 */
export class TestNgReader implements FrameworkReader {
  private readonly tests = new FailedTests();
  private junitFailures = false;
  private current: FailedTest | undefined;

  constructor(private readonly runs: TestRuns) {}

  write(line: LogLine): void {
    const { text } = line;
    if (text.startsWith('Total tests run: ')) {
      const match = TOTALS.exec(text);
      if (match)
        this.finish(
          'testng',
          Number(match[1]),
          Number(match[3]),
          Number(match[4]),
        );
      return;
    }
    if (text.startsWith('FAILED: ')) {
      const name = text.slice('FAILED: '.length);
      this.current = /^[\w$.]{1,300}(?:\(.{0,400}\))?$/.test(name)
        ? this.tests.add({ name, evidence: this.runs.evidence(line) })
        : undefined;
      return;
    }
    if (/^There (?:was|were) \d{1,9} (?:failure|error)s?:$/.test(text)) {
      this.junitFailures = true;
      return;
    }
    if (this.junitFailures) {
      const entry = /^\d{1,6}\) (\S.{0,400}?\([\w.$]{1,300}\))(.{0,600})$/.exec(
        text,
      );
      if (entry) {
        const test = this.tests.add({
          name: entry[1],
          evidence: this.runs.evidence(line),
        });
        if (entry[2]) describe(test, entry[2]);
        this.current = test;
        return;
      }
      const totals = JUNIT4.exec(text);
      if (totals) {
        this.finish('junit4', Number(totals[1]), Number(totals[2]), 0);
        return;
      }
    }
    const ok = /^OK \((\d{1,9}) tests?\)$/.exec(text);
    if (ok) this.finish('junit4', Number(ok[1]), 0, 0);
    else if (text === '') this.current = undefined;
    else if (this.current) {
      const frame = javaFrame(text);
      if (!frame) describe(this.current, text);
      else if (isInClass(frame, this.current.name))
        locate(this.current, frame.file, frame.line);
    }
  }

  /** Without a count there was no such framework. */
  end(): void {
    this.tests.take();
    this.junitFailures = false;
    this.current = undefined;
  }

  private finish(
    framework: string,
    total: number,
    failed: number,
    skipped: number,
  ): void {
    this.runs.leave(this.tests.left);
    this.runs.add({
      framework,
      total,
      passed: rest(total, failed, skipped),
      failed,
      skipped,
      failedTests: this.tests.take(),
    });
    this.tests.left = 0;
    this.junitFailures = false;
    this.current = undefined;
  }
}

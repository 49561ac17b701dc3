import type { LogLine } from '../../../logs/types';
import { FailedTests, describe, locate, type FailedTest } from './FailedTests';
import type { FrameworkReader } from './FrameworkReader';
import { isInClass, javaFrame } from './stackFrame';
import { rest } from './text';
import type { TestRuns } from './TestRuns';

/** `junitlauncher` counts no errors. */
const COUNTS =
  /^Tests run: {0,4}(\d{1,9}), {1,3}Failures: {0,4}(\d{1,9})(?:, {1,3}Errors: {0,4}(\d{1,9}))?(?:, {1,3}Aborted: {0,4}(\d{1,9}))?(?:, {1,3}Skipped: {0,4}(\d{1,9}))?,? {1,3}Time elapsed/;
const BRIEF =
  /^Testcase: (\S.{0,400}?)(?: took [\d.,]{1,12} sec)?(?::\s{0,4}(?:(FAILED)|Caused an (ERROR)|SKIPPED.{0,300}))?$/;

/**
 * Ant's `junit` task with its summary, brief and plain formatters. A line of
 * counts belongs to one class; nothing counts them all.
 */
export class AntReader implements FrameworkReader {
  private readonly tests = new FailedTests();
  private readonly silent = new Map<string, FailedTest>();
  private counts = { total: 0, failed: 0, errors: 0, skipped: 0 };
  private seen = false;
  private counted = '';
  private className = '';
  private testCase: { name: string; line: LogLine } | undefined;
  private current: FailedTest | undefined;

  constructor(private readonly runs: TestRuns) {}

  write(line: LogLine): void {
    const { text } = line;
    if (text.startsWith('Tests run:')) {
      const match = COUNTS.exec(text);
      // The summary and the plain formatter say the same of a class.
      const said = `${this.className} ${text}`;
      if (!match || this.counted === said) return;
      this.counted = said;
      this.seen = true;
      this.counts.total += Number(match[1]);
      this.counts.failed += Number(match[2]);
      this.counts.errors += Number(match[3] ?? 0);
      this.counts.skipped += Number(match[4] ?? 0) + Number(match[5] ?? 0);
      return;
    }
    const suite = /^(?:Testsuite: |Running )([\w.$]{1,400})$/.exec(text);
    if (suite) {
      this.className = suite[1];
      this.current = undefined;
      return;
    }
    if (text.startsWith('Testcase: ')) this.caseLine(line);
    else if (/^\s{0,8}(?:FAILED|Caused an ERROR)$/.test(text)) {
      if (this.testCase) this.fail(this.testCase.name, this.testCase.line);
      this.testCase = undefined;
    } else if (/^(?:TEST|Test) \S{1,400} FAILED/.test(text)) {
      const name = text.split(' ')[1];
      this.silent.set(name, { name, evidence: this.runs.evidence(line) });
    } else if (this.current && text !== '') {
      const frame = javaFrame(text);
      if (!frame) describe(this.current, text);
      else if (isInClass(frame, this.current.name))
        locate(this.current, frame.file, frame.line);
    }
  }

  end(): void {
    if (!this.seen) return;
    const failedTests = this.tests.values();
    for (const [name, test] of this.silent) {
      if (!failedTests.some(t => t.name.includes(name))) failedTests.push(test);
    }
    this.runs.leave(this.tests.left);
    this.runs.add({
      framework: 'ant',
      ...this.counts,
      passed: rest(
        this.counts.total,
        this.counts.failed,
        this.counts.errors,
        this.counts.skipped,
      ),
      failedTests,
    });
    this.tests.take();
    this.silent.clear();
    this.counts = { total: 0, failed: 0, errors: 0, skipped: 0 };
    this.seen = false;
    this.counted = '';
  }

  private caseLine(line: LogLine): void {
    const match = BRIEF.exec(line.text);
    this.current = undefined;
    this.testCase = undefined;
    if (!match) return;
    if (match[2] ?? match[3]) this.fail(match[1], line);
    else this.testCase = { name: match[1], line };
  }

  private fail(name: string, line: LogLine): void {
    const full =
      this.className && !name.includes(this.className)
        ? `${this.className}.${name}`
        : name;
    this.current = this.tests.add({
      name: full,
      evidence: this.runs.evidence(line),
    });
  }
}

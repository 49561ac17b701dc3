import type { LogLine } from '../../../logs/types';
import { FailedTests, describe, locate, type FailedTest } from './FailedTests';
import type { FrameworkReader } from './FrameworkReader';
import { rest } from './text';
import type { TestRuns } from './TestRuns';

const EXAMPLES =
  /^(\d{1,9}) examples?, (\d{1,9}) failures?(?:, (\d{1,9}) pending)?(?:, (\d{1,9}) errors? occurred outside of examples)?$/;
const ASSERTIONS =
  /^(\d{1,9}) (?:runs|tests), \d{1,9} assertions, (\d{1,9}) failures, (\d{1,9}) errors(?:, (\d{1,9}) (?:skips|pendings))?(?:, (\d{1,9}) omissions)?(?:, \d{1,9} notifications)?$/;
const RERUN = /^rspec (?:'([^']{1,400})'|(\S{1,400})) # (.{1,1000})$/;
const NUMBERED = /^ {2}\d{1,6}\) (\S.{0,1000})$/;
const MINITEST =
  /^([\w:]{1,200}#\S.{0,400}?)(?: \[([^\]:]{1,400}):(\d{1,7})\])?:(?: (.{0,600}))?$/;
const TEST_UNIT =
  /^(?:Failure|Error): (test\S{0,300}\([\w:]{1,200}\))(?::(.{0,600}))?$/;

/** A line of the test's source, which RSpec and test-unit quote. */
const SOURCE = /^\s{0,12}(?:Failure\/Error: |(?:=> )?\d{1,7}: |# )/;

/** RSpec, minitest (also under Rails) and test-unit. */
export class RubyReader implements FrameworkReader {
  private readonly tests = new FailedTests();
  private readonly numbered = new FailedTests();
  private readonly reruns = new FailedTests();
  private failures = false;
  private awaitsName = false;
  private current: FailedTest | undefined;
  private examples: RegExpExecArray | undefined;

  constructor(private readonly runs: TestRuns) {}

  write(line: LogLine): void {
    const { text } = line;
    if (text === '') return;
    if (text === 'Failures:') {
      this.finishExamples();
      this.failures = true;
      return;
    }
    if (this.awaitsName) {
      this.awaitsName = false;
      if (this.minitest(line)) return;
    }
    if (/^(?: {2}\d{1,6}\) )?(?:Failure|Error):$/.test(text)) {
      this.awaitsName = true;
      return;
    }
    const unit = TEST_UNIT.exec(text);
    if (unit) {
      this.current = this.add(line, unit[1]);
      if (unit[2]) describe(this.current, unit[2]);
      return;
    }
    const first = text.charCodeAt(0);
    if (first >= 48 && first <= 57 && this.totals(text)) return;
    if (this.examples && text.startsWith('rspec ')) {
      this.rerun(line);
      return;
    }
    const numbered = this.failures ? NUMBERED.exec(text) : null;
    if (numbered) {
      this.current = this.numbered.add(
        { name: numbered[1], evidence: this.runs.evidence(line) },
        `${line.number}`,
      );
    } else this.detail(text);
  }

  end(): void {
    this.finishExamples();
    this.tests.take();
    this.numbered.take();
    this.reruns.take();
    this.failures = false;
    this.awaitsName = false;
    this.current = undefined;
  }

  private add(line: LogLine, name: string): FailedTest {
    return this.tests.add({ name, evidence: this.runs.evidence(line) });
  }

  private minitest(line: LogLine): boolean {
    const match = MINITEST.exec(line.text);
    if (!match) return false;
    this.current = this.add(line, match[1]);
    if (match[2]) locate(this.current, match[2], Number(match[3]));
    if (match[4]) describe(this.current, match[4]);
    return true;
  }

  private detail(text: string): void {
    if (!this.current) return;
    const at = /^\s{0,8}# (\.\/[^:]{1,400}):(\d{1,7})/.exec(text);
    if (at) locate(this.current, at[1], Number(at[2]));
    const frame = /^\s{0,12}([^\s:]{1,400}\.rb):(\d{1,7}):in /.exec(text);
    if (frame) locate(this.current, frame[1], Number(frame[2]));
    if (frame || at || SOURCE.test(text)) return;
    const said = text.trim();
    if (
      said.startsWith('got: ') &&
      this.current.message?.startsWith('expected: ')
    )
      this.current.message += `, ${said}`;
    else if (
      said.startsWith('Actual: ') &&
      this.current.message?.startsWith('Expected: ')
    )
      this.current.message += `, ${said}`;
    else if (this.current.message?.endsWith(' expected but was'))
      this.current.message += ` ${said}`;
    else describe(this.current, said);
  }

  private totals(text: string): boolean {
    const examples = EXAMPLES.exec(text);
    if (examples) {
      this.finishExamples();
      this.examples = examples;
      this.failures = false;
      this.current = undefined;
      return true;
    }
    const match = ASSERTIONS.exec(text);
    if (!match) return false;
    const [total, failed, errors] = match.slice(1, 4).map(Number);
    const skipped = Number(match[4] ?? 0) + Number(match[5] ?? 0);
    this.runs.add({
      framework: text.includes(' runs, ') ? 'minitest' : 'test-unit',
      total,
      passed: rest(total, failed, errors, skipped),
      failed,
      errors,
      skipped,
      failedTests: this.tests.take(),
    });
    this.current = undefined;
    return true;
  }

  private rerun(line: LogLine): void {
    const match = RERUN.exec(line.text);
    if (!match) return;
    const [file, at] = (match[1] ?? match[2]).split(/:(?=\d{1,7}$)/);
    const test = this.reruns.add(
      { name: match[3], file, evidence: this.runs.evidence(line) },
      match[1] ?? match[2],
    );
    if (at) locate(test, file, Number(at));
    const numbered = this.numbered.find(t => t.name === match[3]);
    if (numbered?.message) describe(test, numbered.message);
  }

  private finishExamples(): void {
    if (!this.examples) return;
    const [total, failed, skipped, errors] = this.examples
      .slice(1)
      .map(part => Number(part ?? 0));
    this.examples = undefined;
    const failedTests =
      this.reruns.size > 0 ? this.reruns.take() : this.numbered.values();
    this.numbered.take();
    this.runs.add({
      framework: 'rspec',
      total,
      passed: rest(total, failed, skipped),
      failed,
      errors: errors || undefined,
      skipped,
      failedTests: failed > 0 ? failedTests : [],
    });
  }
}

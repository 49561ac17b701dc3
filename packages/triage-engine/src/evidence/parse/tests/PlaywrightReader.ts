import type { LogLine } from '../../../logs/types';
import { FailedTests, describe, type FailedTest } from './FailedTests';
import type { FrameworkReader } from './FrameworkReader';
import type { TestRuns } from './TestRuns';

const COUNT =
  /^ {2}(\d{1,9}) (failed|flaky|interrupted|skipped|did not run|passed)(?: \([\d.]{1,12}\w{1,2}\))?$/;
const ENTRY = /^ {2}\d{1,6}\) (\S.{0,1000})$/;
const TITLE =
  /^((?:\[[^\]]{1,100}\] › )?([^\s:]{1,400}):(\d{1,7}):\d{1,7} › .{1,1000})$/;

/**
 * The list, line and dot reporters of Playwright Test: a numbered error for each
 * try, then the counts with the tests below `failed`.
 */
export class PlaywrightReader implements FrameworkReader {
  private readonly errors = new FailedTests();
  private readonly failed = new FailedTests();
  private readonly counts = new Map<string, number>();
  private section = '';
  private current: FailedTest | undefined;

  constructor(private readonly runs: TestRuns) {}

  write(line: LogLine): void {
    const { text } = line;
    if (!text.startsWith('  ')) return;
    const count = COUNT.exec(text);
    if (count) {
      if (this.counts.has(count[2])) this.end();
      this.counts.set(count[2], Number(count[1]));
      this.section = count[2];
      this.current = undefined;
      if (count[2] === 'passed') this.finish();
      return;
    }
    const entry = ENTRY.exec(text);
    if (entry) {
      this.section = '';
      this.current = this.test(line, entry[1], this.errors);
    } else if (this.section === 'failed' || this.section === 'interrupted')
      this.test(line, text.trim(), this.failed);
    else if (this.current && text.startsWith('    ')) {
      if (/^\s{4,8}(?:Expected|Received)\b/.test(text) && this.current.message)
        this.current.message = `${this.current.message} ${text.trim()}`.slice(
          0,
          500,
        );
      describe(this.current, text);
    }
  }

  /** Where nothing passed there is no such line; other tools say "failed" too. */
  end(): void {
    if (this.failed.size > 0 && this.counts.size > 0) this.finish();
    this.errors.take();
    this.failed.take();
    this.counts.clear();
    this.section = '';
    this.current = undefined;
  }

  private test(
    line: LogLine,
    said: string,
    into: FailedTests,
  ): FailedTest | undefined {
    const match = TITLE.exec(said.replace(/ ─{1,200}$/, ''));
    if (!match) return undefined;
    return into.add({
      name: match[1].trim(),
      file: match[2],
      line: Number(match[3]),
      message: this.errors.find(test => test.name === match[1].trim())?.message,
      evidence: this.runs.evidence(line),
    });
  }

  private finish(): void {
    const of = (word: string) => this.counts.get(word) ?? 0;
    const failed = of('failed') + of('interrupted');
    const passed = of('passed') + of('flaky');
    const skipped = of('skipped') + of('did not run');
    this.runs.leave(this.failed.left);
    this.failed.left = 0;
    this.runs.add({
      framework: 'playwright',
      total: passed + failed + skipped,
      passed,
      failed,
      skipped,
      failedTests: this.failed.take(),
    });
    this.errors.take();
    this.counts.clear();
    this.section = '';
    this.current = undefined;
  }
}

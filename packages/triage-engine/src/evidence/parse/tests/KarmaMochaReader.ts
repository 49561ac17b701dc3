import type { LogLine } from '../../../logs/types';
import { FailedTests, describe, locate, type FailedTest } from './FailedTests';
import type { FrameworkReader } from './FrameworkReader';
import { scriptFrame } from './stackFrame';
import { indentOf } from './text';
import type { TestRuns } from './TestRuns';

const COUNT = /^(?:✔|ℹ|✖) (\d{1,9}) tests? (completed|skipped|failed)$/;

/**
 * karma-mocha-reporter: a summary of three counts, then the failed tests below
 * the titles of their suites.
 */
export class KarmaMochaReader implements FrameworkReader {
  private readonly tests = new FailedTests();
  private readonly counts = new Map<string, number>();
  private summary = false;
  private failing = false;
  private path: Array<{ indent: number; title: string }> = [];
  private current: FailedTest | undefined;

  constructor(private readonly runs: TestRuns) {}

  write(line: LogLine): void {
    const { text } = line;
    if (text === 'SUMMARY:') {
      this.end();
      this.summary = true;
    } else if (text === 'FAILED TESTS:' && this.summary) {
      this.failing = true;
    } else if (this.summary && !this.failing) {
      const count = COUNT.exec(text);
      if (count) this.counts.set(count[2], Number(count[1]));
      else if (text !== '') this.end();
    } else if (this.failing && text !== '') {
      if (indentOf(text) === 0) this.end();
      else this.entry(line);
    }
  }

  end(): void {
    if (this.counts.size > 0) {
      const passed = this.counts.get('completed') ?? 0;
      const failed = this.counts.get('failed') ?? 0;
      const skipped = this.counts.get('skipped') ?? 0;
      this.runs.leave(this.tests.left);
      this.tests.left = 0;
      this.runs.add({
        framework: 'karma',
        total: passed + failed + skipped,
        passed,
        failed,
        skipped,
        failedTests: this.tests.take(),
      });
    }
    this.counts.clear();
    this.summary = false;
    this.failing = false;
    this.path = [];
    this.current = undefined;
  }

  private entry(line: LogLine): void {
    const indent = indentOf(line.text);
    const text = line.text.trim();
    if (text.startsWith('✖ ')) {
      this.outer(indent);
      const titles = this.path.map(suite => suite.title);
      this.current = this.tests.add(
        {
          name: [...titles, text.slice(2)].join(' '),
          evidence: this.runs.evidence(line),
        },
        `${line.number}`,
      );
      return;
    }
    if (this.current) {
      const frame = scriptFrame(line.text);
      if (frame) locate(this.current, frame.file, frame.line);
      // The browser's name is indented deeper than the message that follows.
      if (!frame && !/ \([^()]{1,60}\)$/.test(text))
        describe(this.current, text);
      if (indent > 2) return;
      this.current = undefined;
    }
    this.outer(indent);
    if (this.path.length < 50) this.path.push({ indent, title: text });
  }

  private outer(indent: number): void {
    while ((this.path.at(-1)?.indent ?? -1) >= indent) this.path.pop();
  }
}

import type { LogLine } from '../../../logs/types';
import {
  FailedTests,
  describe,
  isOpen,
  locate,
  type FailedTest,
} from './FailedTests';
import type { FrameworkReader } from './FrameworkReader';
import type { TestRuns } from './TestRuns';

const COUNT =
  /^ {2}(\d{1,9}) (tests? (?:failed|passed|skipped|todo)|known failures?|hooks? failed|uncaught exceptions?|unhandled rejections?|tests? remained pending.{0,100})$/;
const MARKED = /^ {2,4}(?:✘ \[fail\]:|✖) (\S.{0,1000})$/;
const PLACE = /^ {2}(\S{1,400}):(\d{1,7})$/;

/**
 * AVA's reporter: `✘ [fail]: title` as it comes, the counts, then a section for
 * each failure that begins with the title alone.
 */
export class AvaReader implements FrameworkReader {
  private readonly marked = new FailedTests();
  private readonly counts = new Map<string, number>();
  /** AVA says how many passed only where all did. */
  private ticks = 0;
  private current: FailedTest | undefined;
  private readonly titles = new FailedTests();

  constructor(private readonly runs: TestRuns) {}

  write(line: LogLine): void {
    const { text } = line;
    if (!text.startsWith('  ')) return;
    const count = COUNT.exec(text);
    if (count) {
      const word = count[2].replace(/^tests? /, '').replace(/s$/, '');
      if (this.counts.has(word)) this.end();
      this.counts.set(word, Number(count[1]));
      return;
    }
    const marked = MARKED.exec(text);
    if (marked) {
      this.marked.add({ name: marked[1], evidence: this.runs.evidence(line) });
    } else if (/^ {2,4}✔ (?!\[)/.test(text)) this.ticks += 1;
    else if (this.marked.size > 0) this.detail(line);
  }

  end(): void {
    if (this.counts.size > 0) this.finish();
    this.marked.take();
    this.titles.take();
    this.counts.clear();
    this.current = undefined;
    this.ticks = 0;
  }

  /** The title is a line of its own that a marked line begins with. */
  private detail(line: LogLine): void {
    const text = line.text.trim();
    if (this.titles.size < this.marked.size || this.current) {
      const place = this.current ? PLACE.exec(line.text) : null;
      if (place) {
        locate(this.current, place[1], Number(place[2]));
        return;
      }
      const same = this.marked.find(
        test => test.name === text || test.name.startsWith(`${text} `),
      );
      if (same && !this.titles.find(test => test.name === text)) {
        this.current = this.titles.add({ ...same, name: text });
        const message = same.name.slice(text.length);
        if (message) describe(this.current, message);
        return;
      }
    }
    if (
      (this.current?.message && isOpen(this.current)) ||
      /^(?:Error|\w{1,60}Error|Difference|Rejected|Value|Test)\b.{0,200}:?/.test(
        text,
      )
    )
      describe(this.current, text);
  }

  private finish(): void {
    const passed = this.counts.get('passed') ?? this.ticks;
    const failed = this.counts.get('failed') ?? 0;
    const skipped =
      (this.counts.get('skipped') ?? 0) + (this.counts.get('todo') ?? 0);
    const known = this.counts.get('known failure') ?? 0;
    if (passed === 0 && failed === 0) return;
    this.runs.leave(this.marked.left);
    this.runs.add({
      framework: 'ava',
      total: passed + failed + skipped + known,
      passed,
      failed,
      errors: this.counts.get('uncaught exception'),
      skipped,
      failedTests:
        this.titles.size >= failed ? this.titles.take() : this.marked.take(),
    });
  }
}

import type { LogLine } from '../../../logs/types';
import { FailedTests } from './FailedTests';
import type { FrameworkReader } from './FrameworkReader';
import type { TestRuns } from './TestRuns';

const ASSERTS =
  /^Asserts: {1,4}(?:(\d{1,9}) failed, )?(?:(\d{1,9}) passed, )?(?:(\d{1,9}) skip, )?(?:(\d{1,9}) todo, )?of (\d{1,9})$/;
const FILE =
  /^ ?FAIL {1,2}(\S{1,400}\.[cm]?[jt]sx?)(?: \d{1,9} failed of .{1,60})?$/;

/** node-tap's `base` and `terse` reporters, which count assertions. */
export class NodeTapReader implements FrameworkReader {
  private readonly tests = new FailedTests();
  private file: string | undefined;

  constructor(private readonly runs: TestRuns) {}

  write(line: LogLine): void {
    // Its colours are set between zero-width spaces.
    const text = line.text.includes('\u200b')
      ? line.text
          .replaceAll('\u200b', '')
          .replace(/ {2,8}/g, ' ')
          .trimEnd()
      : line.text;
    if (text.startsWith(' ✖ ') && this.file) {
      const name = text.slice(3);
      this.tests.add(
        { name, file: this.file, evidence: this.runs.evidence(line) },
        `${this.file} ${name}`,
      );
      return;
    }
    if (text.startsWith(' FAIL ') || text.startsWith('FAIL ')) {
      this.file = FILE.exec(text)?.[1];
      return;
    }
    const asserts = text.startsWith('Asserts:') ? ASSERTS.exec(text) : null;
    if (!asserts) return;
    const [failed, passed, skip, todo, total] = asserts
      .slice(1)
      .map(part => Number(part ?? 0));
    this.runs.leave(this.tests.left);
    this.tests.left = 0;
    this.runs.add({
      framework: 'tap',
      total,
      passed,
      failed,
      skipped: skip + todo,
      failedTests: this.tests.take(),
    });
    this.file = undefined;
  }

  /** Without a count there was no such framework. */
  end(): void {
    this.tests.take();
    this.file = undefined;
  }
}

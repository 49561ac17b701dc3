import type { LogLine } from '../../../logs/types';
import { FailedTests, describe, locate, type FailedTest } from './FailedTests';
import type { FrameworkReader } from './FrameworkReader';
import { scriptFrame } from './stackFrame';
import { rest } from './text';
import type { TestRuns } from './TestRuns';

const BROWSER = /^([A-Z][\w ]{1,40} [\d.]{1,30} \([^()]{1,60}\)):? /;
const EXECUTED =
  /^Executed (\d{1,9}) of (\d{1,9})(?: \((\d{1,9}) FAILED\))?(?: \(skipped (\d{1,9})\))?(?: (?:SUCCESS|ERROR|DISCONNECTED))?(?: \(.{1,60}\))?$/;
const SPECS =
  /^(\d{1,9}) specs?, (\d{1,9}) failures?(?:, (\d{1,9}) pending specs?)?$/;

interface BrowserRun {
  executed: number;
  total: number;
  failed: number;
  skipped: number;
}

/**
 * Karma's progress and dots reporters, which say the counts again and again for
 * each browser (the last one holds), and Jasmine's own console reporter.
 */
export class KarmaReader implements FrameworkReader {
  private readonly tests = new FailedTests();
  private readonly browsers = new Map<string, BrowserRun>();
  private jasmine = false;
  private current: FailedTest | undefined;

  constructor(private readonly runs: TestRuns) {}

  write(line: LogLine): void {
    const { text } = line;
    if (text === '') return;
    const browser = /^[A-Z]/.test(text) ? BROWSER.exec(text) : null;
    if (browser) {
      this.current = undefined;
      const said = text.slice(browser[0].length);
      if (said.startsWith('Executed ')) this.executed(browser[1], said);
      else if (said.endsWith(' FAILED'))
        this.fail(line, said.slice(0, -' FAILED'.length));
      return;
    }
    const specs = SPECS.exec(text);
    if (specs) {
      this.finishJasmine(
        Number(specs[1]),
        Number(specs[2]),
        Number(specs[3] ?? 0),
      );
      return;
    }
    if (text === 'Failures:') {
      this.jasmine = true;
      return;
    }
    if (text === 'Pending:') {
      this.jasmine = false;
      this.current = undefined;
      return;
    }
    if (this.jasmine) {
      const entry = /^\d{1,6}\) (\S.{0,1000})$/.exec(text);
      if (entry) {
        this.fail(line, entry[1]);
        return;
      }
      if (/^ {2}(?:Message|Stack):$/.test(text)) return;
    }
    if (!this.current) return;
    const frame = scriptFrame(text);
    if (frame) locate(this.current, frame.file, frame.line);
    if (/^\s/.test(text)) describe(this.current, text);
    else this.current = undefined;
  }

  end(): void {
    if (this.browsers.size > 0) this.finishKarma();
    this.tests.take();
    this.jasmine = false;
    this.current = undefined;
  }

  private fail(line: LogLine, name: string): void {
    this.current = this.tests.add({
      name: name.trim(),
      evidence: this.runs.evidence(line),
    });
  }

  private executed(browser: string, text: string): void {
    const match = EXECUTED.exec(text);
    if (!match) return;
    const executed = Number(match[1]);
    const known = this.browsers.get(browser);
    if (known && known.executed > executed) this.finishKarma();
    if (this.browsers.size >= 50) return;
    this.browsers.set(browser, {
      executed,
      total: Number(match[2]),
      failed: Number(match[3] ?? 0),
      skipped: Number(match[4] ?? 0),
    });
  }

  private finishKarma(): void {
    let total = 0;
    let failed = 0;
    let skipped = 0;
    for (const run of this.browsers.values()) {
      total += run.executed + run.skipped;
      failed += run.failed;
      skipped += run.skipped;
    }
    this.add('karma', total, failed, skipped);
    this.browsers.clear();
  }

  private finishJasmine(specs: number, failed: number, skipped: number): void {
    this.add('jasmine', specs, failed, skipped);
    this.jasmine = false;
    this.current = undefined;
  }

  private add(
    framework: string,
    total: number,
    failed: number,
    skipped: number,
  ): void {
    this.runs.leave(this.tests.left);
    this.tests.left = 0;
    this.runs.add({
      framework,
      total,
      passed: rest(total, failed, skipped),
      failed,
      skipped,
      failedTests: failed > 0 ? this.tests.take() : [],
    });
  }
}

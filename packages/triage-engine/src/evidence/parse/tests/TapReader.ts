import type { LogLine } from '../../../logs/types';
import {
  FailedTests,
  describe,
  isOpen,
  locate,
  type FailedTest,
} from './FailedTests';
import type { FrameworkReader } from './FrameworkReader';
import { indentOf, rest } from './text';
import type { TestRuns } from './TestRuns';

const POINT = /^ {0,40}(not )?ok\b(?: (\d{1,9}))?(?: - | )?(.{0,1000})$/;
const COUNT =
  /^# (tests|pass|fail|ok|cancelled|skipped|skip|todo) {1,3}(\d{1,9})$/;
const AT =
  /^ {2,44}(?:location|at): (?:.{0,200}\()?['"]?(?:file:\/\/)?([^'"()]{1,400}?):(\d{1,7}):\d{1,7}\)?['"]?$/;
const MESSAGE =
  /^ {2,44}(?:error|message): (?:['"](.{1,600})['"]|([^|>'"].{0,600}))$/;
const BLOCK = /^ {2,44}(?:error|message): [|>]-?$/;

/**
 * The Test Anything Protocol, versions 12 to 14, as Node's runner, tape, node-tap,
 * Testem and bats print it; and what Perl's `prove` makes of it.
 *
 * The counts are those of the closing comments, or else of the outermost points.
 */
export class TapReader implements FrameworkReader {
  private readonly tests = new FailedTests();
  private readonly counts = new Map<string, number>();
  private readonly points = { passed: 0, failed: 0, skipped: 0 };
  private planned = false;
  private current: FailedTest | undefined;
  private currentKey = '';
  /** In a text of several lines that is the message. */
  private inMessage = false;
  private expected = '';
  /** As prove sums them up. */
  private proved = 0;

  constructor(private readonly runs: TestRuns) {}

  write(line: LogLine): void {
    const { text } = line;
    if (text.startsWith('#')) {
      this.comment(line);
      return;
    }
    if (text.startsWith('TAP version ')) {
      if (this.counts.size > 0) this.end();
      this.planned = true;
      return;
    }
    if (/^1\.\.\d{1,9}(?: |$)/.test(text)) {
      this.planned = true;
      return;
    }
    if (
      text.startsWith('not ok') ||
      text.startsWith('ok') ||
      text.startsWith('  ')
    ) {
      const point = POINT.exec(text);
      if (point) {
        this.point(line, point[1] !== undefined, point[3]);
        return;
      }
      this.detail(text);
      return;
    }
    const file = /^\S{1,300} {1,8}\(Wstat: .{1,60} Failed: (\d{1,9})\)$/.exec(
      text,
    );
    if (file) this.proved += Number(file[1]);
    const prove = /^Files=\d{1,6}, Tests=(\d{1,9}), /.exec(text);
    if (prove) this.finish('prove', Number(prove[1]));
  }

  end(): void {
    const counted = this.counts.get('tests');
    const { passed, failed, skipped } = this.points;
    if (counted !== undefined) this.finish('tap', counted);
    else if (this.planned && passed + failed > 0)
      this.finish('tap', passed + failed + skipped);
    else this.reset();
  }

  private comment(line: LogLine): void {
    const { text } = line;
    const match = COUNT.exec(text);
    if (match) {
      if (match[1] === 'tests' && this.counts.has('tests')) this.end();
      this.counts.set(match[1], Number(match[2]));
      return;
    }
    const perl = /^# {3}Failed test '(.{1,600})'$/.exec(text);
    if (perl) {
      this.current =
        this.tests.find(test => test.name === perl[1]) ??
        this.tests.add({ name: perl[1], evidence: this.runs.evidence(line) });
      return;
    }
    const at =
      /^# {3}at (\S{1,400}) line (\d{1,7})\.$/.exec(text) ??
      /^# {1,3}\(?in test file (\S{1,400}), line (\d{1,7})\)$/.exec(text);
    if (at) locate(this.current, at[1], Number(at[2]));
    else if (/^# {2,12}\S/.test(text)) describe(this.current, text.slice(1));
  }

  private point(line: LogLine, notOk: boolean, title: string): void {
    const directive = /(?:^| )# (SKIP|TODO)\b/i.exec(title);
    const outer = indentOf(line.text) === 0;
    if (outer) {
      if (directive) this.points.skipped += 1;
      else if (notOk) this.points.failed += 1;
      else this.points.passed += 1;
    }
    this.current = undefined;
    this.inMessage = false;
    if (!notOk || directive) return;
    const name = title.replace(/ # time=.{1,30}$/, '').trim();
    if (name === '') return;
    const said = this.tests.find(test => test.name === name);
    if (
      said &&
      this.counts.size === 0 &&
      said.evidence?.quote.startsWith('#')
    ) {
      this.current = said;
      return;
    }
    this.currentKey = `${line.number}`;
    this.current = this.tests.add(
      { name, evidence: this.runs.evidence(line) },
      this.currentKey,
    );
  }

  /** The YAML below a point. A suite that failed by its tests is none itself. */
  private detail(text: string): void {
    if (!this.current) return;
    if (/^ {2,44}failureType: '?(?:subtestsFailed|hookFailed)'?$/.test(text)) {
      if (text.includes('subtestsFailed')) this.tests.delete(this.currentKey);
      this.current = undefined;
      return;
    }
    const at = AT.exec(text);
    if (at) {
      if (!at[1].includes('node_modules'))
        locate(this.current, at[1], Number(at[2]));
      return;
    }
    if (BLOCK.test(text)) {
      this.inMessage = true;
      return;
    }
    if (this.inMessage) {
      describe(this.current, text);
      this.inMessage = !this.current.message || isOpen(this.current);
      return;
    }
    const compared = /^ {2,44}(expected|actual): {1,3}(\S.{0,200})$/.exec(text);
    if (compared && !this.current.message) {
      if (compared[1] === 'expected') this.expected = compared[2];
      else
        describe(
          this.current,
          `expected: ${this.expected}, actual: ${compared[2]}`,
        );
      return;
    }
    const message = MESSAGE.exec(text);
    if (message) describe(this.current, message[1] ?? message[2]);
  }

  private finish(framework: string, total: number): void {
    const failed =
      framework === 'prove'
        ? this.proved
        : (this.counts.get('fail') ?? this.points.failed);
    const skipped =
      (this.counts.get('skipped') ??
        this.counts.get('skip') ??
        this.points.skipped) + (this.counts.get('todo') ?? 0);
    this.runs.leave(this.tests.left);
    this.runs.add({
      framework,
      total,
      passed: this.counts.get('pass') ?? rest(total, failed, skipped),
      failed,
      errors: this.counts.get('cancelled'),
      skipped,
      failedTests: this.tests.take(),
    });
    this.reset();
  }

  private reset(): void {
    this.tests.take();
    this.tests.left = 0;
    this.counts.clear();
    this.points.passed = 0;
    this.points.failed = 0;
    this.points.skipped = 0;
    this.planned = false;
    this.proved = 0;
    this.inMessage = false;
    this.current = undefined;
  }
}

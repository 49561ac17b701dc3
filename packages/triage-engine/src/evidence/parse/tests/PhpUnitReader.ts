import type { LogLine } from '../../../logs/types';
import { FailedTests, describe, locate, type FailedTest } from './FailedTests';
import type { FrameworkReader } from './FrameworkReader';
import { rest } from './text';
import type { TestRuns } from './TestRuns';

const OK = /^OK \((\d{1,9}) tests?, \d{1,9} assertions?\)$/;
const SECTION = /^There (?:was|were) \d{1,9} ([a-z ]{3,40}):$/;
const ENTRY = /^\d{1,6}\) ([\w\\]{1,300}::\S.{0,600})$/;
const PEST = /^ {2,4}Tests: {2,8}(\d.{0,200}?)(?: \(\d{1,9} assertions?\))?$/;

/** PHPUnit's and Pest's result printers. */
export class PhpUnitReader implements FrameworkReader {
  private readonly tests = new FailedTests();
  private failing = false;
  private current: FailedTest | undefined;

  constructor(private readonly runs: TestRuns) {}

  write(line: LogLine): void {
    const { text } = line;
    if (text === '') return;
    const section = SECTION.exec(text);
    if (section) {
      this.failing = /^(?:failure|error)s?$/.test(section[1]);
      this.current = undefined;
      return;
    }
    if (text.startsWith('Tests: ') && text.includes('Assertions: ')) {
      this.totals(text);
      return;
    }
    const ok = OK.exec(text);
    if (ok) {
      this.finish(Number(ok[1]), 0, 0, 0);
      return;
    }
    const pest = PEST.exec(text);
    if (pest) {
      this.pest(pest[1]);
      return;
    }
    const bullet = /^ {2,4}FAILED {2}(\S.{0,600}?)(?: {2,}\S{1,60})?$/.exec(
      text,
    );
    const entry = this.failing ? ENTRY.exec(text) : null;
    if (entry ?? bullet) {
      this.current = this.tests.add({
        name: (entry ?? bullet)![1],
        evidence: this.runs.evidence(line),
      });
    } else this.detail(text);
  }

  end(): void {
    this.tests.take();
    this.failing = false;
    this.current = undefined;
  }

  private detail(text: string): void {
    if (!this.current) return;
    const at = /^(?: {2}at )?(\/?[^\s:]{1,400}\.php):(\d{1,7})$/.exec(text);
    if (at) locate(this.current, at[1], Number(at[2]));
    else describe(this.current, text);
  }

  private totals(text: string): void {
    const counts = new Map<string, number>();
    for (const part of text.replace(/\.$/, '').split(', ')) {
      const match = /^([A-Z][A-Za-z ]{2,30}): (\d{1,9})$/.exec(part);
      if (match) counts.set(match[1], Number(match[2]));
    }
    const of = (word: string) => counts.get(word) ?? 0;
    this.finish(
      of('Tests'),
      of('Failures'),
      of('Errors'),
      of('Skipped') + of('Incomplete'),
    );
  }

  private pest(text: string): void {
    const counts = new Map<string, number>();
    for (const part of text.split(', ')) {
      const match = /^(\d{1,9}) ([a-z]{3,20})$/.exec(part);
      if (!match || match[2] === 'total') return;
      counts.set(match[2], Number(match[1]));
    }
    const of = (word: string) => counts.get(word) ?? 0;
    const skipped = of('skipped') + of('todos') + of('todo') + of('incomplete');
    const failed = of('failed');
    const total = failed + skipped + of('passed') + of('warning') + of('risky');
    this.finish(total, failed, 0, skipped);
  }

  private finish(
    total: number,
    failed: number,
    errors: number,
    skipped: number,
  ): void {
    this.runs.leave(this.tests.left);
    this.tests.left = 0;
    this.runs.add({
      framework: 'phpunit',
      total,
      passed: rest(total, failed, errors, skipped),
      failed,
      errors,
      skipped,
      failedTests: this.tests.take(),
    });
    this.failing = false;
    this.current = undefined;
  }
}

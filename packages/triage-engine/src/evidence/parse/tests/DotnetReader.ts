import type { LogLine } from '../../../logs/types';
import { FailedTests, describe, locate, type FailedTest } from './FailedTests';
import type { FrameworkReader } from './FrameworkReader';
import { rest } from './text';
import type { TestRuns } from './TestRuns';

const SUMMARY =
  /^(?:Passed|Failed|Skipped)! {1,4}- Failed: {1,10}(\d{1,9}), Passed: {1,10}(\d{1,9}), Skipped: {1,10}(\d{1,9}), Total: {1,10}(\d{1,9})/;
const OLD =
  /^Total tests: (\d{1,9})\. Passed: (\d{1,9})\. Failed: (\d{1,9})\. Skipped: (\d{1,9})\.?$/;
const TERMINAL =
  /^Test summary: total: (\d{1,9}), failed: (\d{1,9}), succeeded: (\d{1,9}), skipped: (\d{1,9}), duration:/;
const NUNIT =
  /^ {0,4}Test Count: (\d{1,9}), Passed: (\d{1,9}), Failed: (\d{1,9}), Warnings: \d{1,9}, Inconclusive: \d{1,9}, Skipped: (\d{1,9})/;
const FAILED =
  /^ {0,4}(?:Failed|X) {1,3}(\S.{0,800}?)(?: \[(?:< )?[\d.,:]{1,12} ?\w{0,4}(?: [\d.,]{1,8} ?\w{1,3}){0,3}\])?$/;
const XUNIT = /^(?:\[xUnit\.net [\d:.]{5,20}\])?\s{2,8}(\S.{0,800}) \[FAIL\]$/;
const FRAME = /^\s{1,12}at .{1,600} in (.{1,400}):line (\d{1,7})$/;

/** `dotnet test` (VSTest's console logger), the xunit and NUnit consoles. */
export class DotnetReader implements FrameworkReader {
  private readonly tests = new FailedTests();
  private readonly xunit = new FailedTests();
  private readonly counts = new Map<string, number>();
  private message = false;
  private current: FailedTest | undefined;

  constructor(private readonly runs: TestRuns) {}

  write(line: LogLine): void {
    const { text } = line;
    if (text === '') return;
    if (this.totals(text)) return;
    if (text.endsWith(' [FAIL]')) {
      const match = XUNIT.exec(text);
      if (match)
        this.xunit.add({ name: match[1], evidence: this.runs.evidence(line) });
      return;
    }
    if (/^ {0,4}(?:Failed|X) /.test(text)) {
      const match = FAILED.exec(text);
      const named = match && /^[\w.+`]{1,400}(?:\(.{0,600}\))?$/.test(match[1]);
      if (match && (named || text.endsWith(']'))) {
        this.current = this.tests.add({
          name: match[1],
          evidence: this.runs.evidence(line),
        });
        this.message = false;
        return;
      }
    }
    if (!this.current) return;
    if (text.trim() === 'Error Message:') {
      this.message = true;
      return;
    }
    if (this.message) {
      describe(this.current, text);
      this.message = false;
    }
    const frame = FRAME.exec(text);
    if (frame) locate(this.current, frame[1], Number(frame[2]));
  }

  /** A failed test without a count is not .NET's: other tools say "Failed" too. */
  end(): void {
    this.block();
    this.tests.take();
    this.xunit.take();
    this.current = undefined;
    this.message = false;
  }

  private totals(text: string): boolean {
    const box =
      /^(?:Total tests| {5}(?:Passed| {0,1}Failed|Skipped| {0,2}Failed)): (\d{1,9})$/.exec(
        text,
      );
    if (box) {
      const word = text.trim().split(':')[0];
      if (word === 'Total tests') this.block();
      else if (!this.counts.has('Total tests')) return false;
      this.counts.set(word, Number(box[1]));
      return true;
    }
    const summary = SUMMARY.exec(text);
    if (summary) {
      const [failed, passed, skipped, total] = summary.slice(1).map(Number);
      this.finish(total, passed, failed, skipped);
      return true;
    }
    const old = OLD.exec(text) ?? NUNIT.exec(text);
    if (old) {
      const [total, passed, failed, skipped] = old.slice(1).map(Number);
      this.finish(total, passed, failed, skipped);
      return true;
    }
    const terminal = TERMINAL.exec(text);
    if (!terminal) return false;
    const [total, failed, passed, skipped] = terminal.slice(1).map(Number);
    this.finish(total, passed, failed, skipped);
    return true;
  }

  /** VSTest before .NET 5 prints a count on a line each. */
  private block(): void {
    const total = this.counts.get('Total tests');
    if (total === undefined) return;
    const failed = this.counts.get('Failed') ?? 0;
    const skipped = this.counts.get('Skipped') ?? 0;
    const passed = this.counts.get('Passed') ?? rest(total, failed, skipped);
    this.counts.clear();
    this.finish(total, passed, failed, skipped);
  }

  private finish(
    total: number,
    passed: number | undefined,
    failed: number,
    skipped: number,
  ): void {
    this.runs.leave(this.tests.left);
    this.tests.left = 0;
    const tests = this.tests.take();
    const xunit = this.xunit.take();
    this.runs.add({
      framework: 'dotnet',
      total,
      passed,
      failed,
      skipped,
      failedTests: failed === 0 ? [] : [...(tests.length > 0 ? tests : xunit)],
    });
    this.current = undefined;
  }
}

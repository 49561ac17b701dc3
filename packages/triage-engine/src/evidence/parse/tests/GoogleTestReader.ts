import type { LogLine } from '../../../logs/types';
import { FailedTests, describe, locate, type FailedTest } from './FailedTests';
import type { FrameworkReader } from './FrameworkReader';
import { rest } from './text';
import type { TestRuns } from './TestRuns';

const RAN =
  /^\[={10}\] (\d{1,9}) tests? from \d{1,9} test (?:suite|case)s? ran\./;
const TAGGED = /^\[ {1,2}(PASSED|SKIPPED|FAILED) {1,2}\] (.{1,800})$/;
const PLACE = /^([^\s:]{1,400}):(\d{1,7}): Failure$/;
const CTEST =
  /^(\d{1,3})% tests passed, (\d{1,9}) tests? failed out of (\d{1,9})$/;
const CTEST_ENTRY =
  /^\s{1,10}\d{1,7} - (\S.{0,600}?) \((\w[\w ]{0,40})\)(?: {2,}.{0,200})?$/;

/** GoogleTest, and CTest around it or around other programs. */
export class GoogleTestReader implements FrameworkReader {
  private readonly tests = new FailedTests();
  private readonly ctests = new FailedTests();
  private total: number | undefined;
  private passed: number | undefined;
  private skipped = 0;
  private failedCount: number | undefined;
  private ctest: { failed: number; total: number } | undefined;
  private place: { file: string; line: number } | undefined;
  /** The first lines of the failed assertion. */
  private said: string[] = [];

  constructor(private readonly runs: TestRuns) {}

  write(line: LogLine): void {
    const { text } = line;
    if (text.startsWith('[')) {
      this.bracket(line);
      return;
    }
    const place = text.endsWith(': Failure') ? PLACE.exec(text) : null;
    if (place) {
      this.place ??= { file: place[1], line: Number(place[2]) };
      return;
    }
    if (this.place && text !== '' && this.said.length < 4) {
      this.said.push(text.trim());
      return;
    }
    const ctest = text.includes('% tests passed') ? CTEST.exec(text) : null;
    if (ctest) {
      this.finishCtest();
      this.ctest = { failed: Number(ctest[2]), total: Number(ctest[3]) };
      return;
    }
    if (!this.ctest || !/^\s/.test(text)) return;
    const entry = CTEST_ENTRY.exec(text);
    if (entry)
      this.ctests.add({
        name: entry[1],
        message: entry[2],
        evidence: this.runs.evidence(line),
      });
  }

  end(): void {
    this.finishGoogleTest();
    this.finishCtest();
  }

  private bracket(line: LogLine): void {
    const ran = RAN.exec(line.text);
    if (ran) {
      if (this.total !== undefined) this.finishGoogleTest();
      this.total = Number(ran[1]);
      return;
    }
    if (line.text.startsWith('[ RUN ')) {
      if (this.total !== undefined) this.finishGoogleTest();
      this.place = undefined;
      this.said = [];
      return;
    }
    const tagged = TAGGED.exec(line.text);
    if (!tagged) return;
    const counted = /^(\d{1,9}) tests?[.,]/.exec(tagged[2]);
    if (tagged[1] === 'PASSED')
      this.passed = counted ? Number(counted[1]) : undefined;
    else if (tagged[1] === 'SKIPPED') {
      if (counted) this.skipped = Number(counted[1]);
    } else if (counted) this.failedCount = Number(counted[1]);
    else this.fail(line, tagged[2]);
  }

  private fail(line: LogLine, text: string): void {
    const name = text.replace(/ \(\d{1,12} ms\)$/, '');
    const key = name.replace(/, where [^]*$/, '');
    if (!/^\S{1,300}\.\S/.test(key)) return;
    const known = this.tests.add(
      { name: key, evidence: this.runs.evidence(line) },
      key,
    );
    this.explain(known);
  }

  private explain(test: FailedTest): void {
    if (!this.place) return;
    locate(test, this.place.file, this.place.line);
    describe(test, this.said.join(' '));
    this.place = undefined;
    this.said = [];
  }

  private finishGoogleTest(): void {
    if (this.total === undefined) {
      this.tests.take();
      return;
    }
    const failed = this.failedCount ?? this.tests.size;
    this.runs.leave(this.tests.left);
    this.tests.left = 0;
    this.runs.add({
      framework: 'googletest',
      total: this.total,
      passed: this.passed ?? rest(this.total, failed, this.skipped),
      failed,
      skipped: this.skipped,
      failedTests: this.tests.take(),
    });
    this.total = undefined;
    this.passed = undefined;
    this.skipped = 0;
    this.failedCount = undefined;
  }

  private finishCtest(): void {
    if (!this.ctest) return;
    const { failed, total } = this.ctest;
    this.ctest = undefined;
    this.runs.add({
      framework: 'ctest',
      total,
      passed: rest(total, failed),
      failed,
      failedTests: this.ctests.take(),
    });
  }
}

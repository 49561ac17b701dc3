import { z } from 'zod';
import type { LogLine } from '../../../logs/types';
import { FailedTests, describe, locate } from './FailedTests';
import type { FrameworkReader } from './FrameworkReader';
import type { TestRuns } from './TestRuns';

const eventSchema = z.object({
  Action: z.string(),
  Package: z.string().optional(),
  Test: z.string().optional(),
  Output: z.string().optional(),
});

const PLACE = /^\s{0,40}([\w./-]{1,200}\.go):(\d{1,7}): ?(.{0,600})/;
const MAX_SAID = 1000;

/** The events of `go test -json` (`cmd/test2json`), one on a line. */
export class GoTestJsonReader implements FrameworkReader {
  private readonly tests = new FailedTests();
  private readonly said = new Map<
    string,
    { file?: string; line?: number; message: string }
  >();
  private counts = { pass: 0, fail: 0, skip: 0 };
  private errors = 0;
  private seen = false;

  constructor(private readonly runs: TestRuns) {}

  write(line: LogLine): void {
    const { text } = line;
    if (!text.startsWith('{"') || !text.includes('"Action":')) return;
    let event: z.infer<typeof eventSchema>;
    try {
      event = eventSchema.parse(JSON.parse(text));
    } catch {
      return;
    }
    const key = `${event.Package ?? ''} ${event.Test ?? ''}`;
    switch (event.Action) {
      case 'output':
        this.output(key, event.Output ?? '');
        return;
      case 'pass':
      case 'fail':
      case 'skip':
        if (!event.Test) return;
        this.seen = true;
        this.counts[event.Action] += 1;
        if (event.Action === 'fail') this.fail(line, key, event.Test);
        this.said.delete(key);
        return;
      case 'build-fail':
        this.seen = true;
        this.errors += 1;
        return;
      default:
    }
  }

  end(): void {
    if (this.seen) {
      const { pass, fail, skip } = this.counts;
      this.runs.leave(this.tests.left);
      this.runs.add({
        framework: 'go',
        total: pass + fail + skip,
        passed: pass,
        failed: fail,
        errors: this.errors || undefined,
        skipped: skip,
        failedTests: this.tests.take(),
      });
    }
    this.tests.left = 0;
    this.said.clear();
    this.counts = { pass: 0, fail: 0, skip: 0 };
    this.errors = 0;
    this.seen = false;
  }

  private output(key: string, output: string): void {
    if (this.said.has(key) || this.said.size >= MAX_SAID) return;
    if (output.startsWith('panic: ')) {
      this.said.set(key, { message: output.trim() });
      return;
    }
    const place = PLACE.exec(output);
    if (!place) return;
    this.said.set(key, {
      file: place[1],
      line: Number(place[2]),
      message: place[3],
    });
  }

  private fail(line: LogLine, key: string, name: string): void {
    const test = this.tests.add(
      { name, evidence: this.runs.evidence(line) },
      key,
    );
    const said = this.said.get(key);
    if (!said) return;
    if (said.file && said.line) locate(test, said.file, said.line);
    describe(test, said.message);
  }
}

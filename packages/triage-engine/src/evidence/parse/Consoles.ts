// SPDX-License-Identifier: Apache-2.0
import type { LogLine } from '../../logs/types';
import { ScanConsoleReader } from './ScanConsoleReader';
import { TestConsoleReader } from './TestConsoleReader';
import type { ConsoleReader, ParseResult } from './types';

/** Reads what scanners and test frameworks print, line by line. */
export class Consoles implements ConsoleReader {
  readonly #readers: ConsoleReader[];

  constructor(source: string) {
    this.#readers = [
      new ScanConsoleReader({ source }),
      new TestConsoleReader({ source }),
    ];
  }

  write(line: LogLine): void {
    this.#readers.forEach(reader => reader.write(line));
  }

  end(): ParseResult {
    const results = this.#readers.map(reader => reader.end());
    return {
      findings: results.flatMap(result => result.findings),
      tests: results.flatMap(result => result.tests),
      errors: results.flatMap(result => result.errors),
    };
  }
}

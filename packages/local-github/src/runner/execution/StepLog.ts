// SPDX-License-Identifier: Apache-2.0
import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import path from 'node:path';
import type { Masker } from './Masker';

/** Bytes of log that one step may write; what comes after is dropped, and the log says so. */
const maxStepLogBytes = 16 * 1024 * 1024;

/** Writes one step's log in GitHub's form: a timestamp of seven digits, a space, the line. */
export class StepLog {
  readonly #file: number;
  #bytes = 0;
  #full = false;
  readonly #masker: Masker;

  constructor(directory: string, number: number, masker: Masker) {
    this.#masker = masker;
    mkdirSync(directory, { recursive: true });
    this.#file = openSync(path.join(directory, `${number}.txt`), 'a');
  }

  /** Writes text; each of its lines gets the timestamp. */
  write(text: string): void {
    const time = timestamp();
    const lines = this.#masker
      .mask(text)
      .split('\n')
      .map(line => `${time} ${line}\n`)
      .join('');
    if (this.#full) {
      return;
    }
    if (this.#bytes + lines.length > maxStepLogBytes) {
      this.#full = true;
      writeSync(
        this.#file,
        `${time} ##[warning]The log of this step is larger than ${maxStepLogBytes} bytes; the rest was dropped\n`,
      );
      return;
    }
    this.#bytes += lines.length;
    writeSync(this.#file, lines);
  }

  group(title: string, lines: string[] = []): void {
    this.write([`##[group]${title}`, ...lines, '##[endgroup]'].join('\n'));
  }

  error(message: string): void {
    this.write(`##[error]${message}`);
  }

  warning(message: string): void {
    this.write(`##[warning]${message}`);
  }

  close(): void {
    closeSync(this.#file);
  }
}

let lastMillisecond = 0;
let linesInIt = 0;

/** `2026-11-21T08:00:00.1234567Z`; what is finer than the clock counts up, so that order is kept. */
function timestamp(): string {
  const time = Date.now();
  linesInIt = time === lastMillisecond ? Math.min(linesInIt + 1, 9_999) : 0;
  lastMillisecond = time;
  return new Date(time)
    .toISOString()
    .replace('Z', `${String(linesInIt).padStart(4, '0')}Z`);
}

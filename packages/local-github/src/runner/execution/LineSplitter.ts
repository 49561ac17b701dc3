// SPDX-License-Identifier: Apache-2.0
import { StringDecoder } from 'node:string_decoder';

const maxLineLength = 64 * 1024;

/** Cuts a byte stream into lines; a line that never ends is cut too. */
export class LineSplitter {
  readonly #decoder = new StringDecoder('utf8');
  #rest = '';
  readonly #onLine: (line: string) => void;

  constructor(onLine: (line: string) => void) {
    this.#onLine = onLine;
  }

  push(chunk: Buffer): void {
    const lines = (this.#rest + this.#decoder.write(chunk)).split('\n');
    this.#rest = lines.pop() ?? '';
    lines.forEach(line => this.#emit(line));
    while (this.#rest.length > maxLineLength) {
      this.#onLine(this.#rest.slice(0, maxLineLength));
      this.#rest = this.#rest.slice(maxLineLength);
    }
  }

  end(): void {
    const rest = this.#rest + this.#decoder.end();
    this.#rest = '';
    if (rest !== '') {
      this.#emit(rest);
    }
  }

  #emit(line: string): void {
    const text = line.endsWith('\r') ? line.slice(0, -1) : line;
    for (
      let start = 0;
      start === 0 || start < text.length;
      start += maxLineLength
    ) {
      this.#onLine(text.slice(start, start + maxLineLength));
    }
  }
}

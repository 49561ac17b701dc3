import type { LogInput } from '../types';
import { LineSplitter } from './LineSplitter';
import { toUtf8 } from './toUtf8';

/** What is shown of a line: enough for a time stamp, `gh`'s columns, a group's title. */
const LINE_HEAD = 1024;

/** A line as it stands in the bytes. */
export interface LineHead {
  /** From 1. */
  number: number;
  /** Of its first byte. */
  offset: number;
  /** Its first {@link LINE_HEAD} bytes, without the end of the line; not to be kept. */
  head: Uint8Array;
}

/**
 * Counts lines as `LogLineDecoder` does without making text of them: a log is
 * scanned for its steps at the speed of `indexOf`.
 */
export class LineHeadScanner {
  /** How many lines there were so far. */
  lines = 0;
  #offset = 0;
  #lineOffset = 0;
  #held = new Uint8Array(0);
  #hasContent = false;
  readonly #splitter = new LineSplitter();
  readonly #onLine?: (line: LineHead) => void;

  constructor(onLine?: (line: LineHead) => void) {
    this.#onLine = onLine;
  }

  write(chunk: Uint8Array): void {
    const begin = (at: number) => {
      if (!this.#hasContent) {
        this.#lineOffset = this.#offset + at;
      }
    };
    const rest = this.#splitter.split(chunk, (start, end) => {
      begin(start);
      this.#emit(chunk.subarray(start, end));
    });
    begin(rest);
    this.#hold(chunk.subarray(rest));
    this.#offset += chunk.length;
  }

  end(): void {
    if (this.#hasContent) {
      this.#emit(new Uint8Array(0));
    }
  }

  #hold(rest: Uint8Array): void {
    this.#hasContent ||= rest.length > 0;
    const room = LINE_HEAD - this.#held.length;
    if (room > 0 && rest.length > 0) {
      this.#held = Buffer.concat([this.#held, rest.subarray(0, room)]);
    }
  }

  #emit(rest: Uint8Array): void {
    let head = rest;
    if (this.#hasContent) {
      this.#hold(rest);
      head = this.#held;
      this.#held = new Uint8Array(0);
      this.#hasContent = false;
    }
    this.lines += 1;
    this.#onLine?.({
      number: this.lines,
      offset: this.#lineOffset,
      head: head.length > LINE_HEAD ? head.subarray(0, LINE_HEAD) : head,
    });
  }
}

/**
 * Scans a log for the heads of its lines.
 *
 * @returns how many lines it has
 */
export async function scanLineHeads(
  log: LogInput,
  onLine?: (line: LineHead) => void,
): Promise<number> {
  const scanner = new LineHeadScanner(onLine);
  for await (const piece of toUtf8(log.open())) {
    scanner.write(piece);
  }
  scanner.end();
  return scanner.lines;
}

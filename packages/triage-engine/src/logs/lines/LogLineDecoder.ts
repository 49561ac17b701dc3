import { plainText } from '../../text/plainText';
import { LineSplitter } from './LineSplitter';
import type { LogLine } from '../types';

/** A longer line is cut: no message is that long, and memory stays bounded. */
const MAX_LINE = 64 * 1024;

/**
 * Bytes decoded at a time: a line that is kept keeps alive the string that it
 * was cut from, so this is what each kept line may cost.
 */
const PIECE = 16 * 1024;

const BOM = '\ufeff';

/**
 * Turns the bytes of a log, in whatever pieces they come, into its lines.
 *
 * Lines end as {@link LineSplitter} says, and are counted from 1. Bytes are UTF-8
 * unless the log starts with a UTF-16 byte order mark; invalid ones become
 * U+FFFD. Holds one line and one piece, never the log.
 */
export class LogLineDecoder {
  #decoder: TextDecoder | undefined;
  /** The first bytes, until there are enough to tell the encoding. */
  #head: Uint8Array = new Uint8Array(0);
  #rest = '';
  /** Characters of the line in `rest` that were cut. */
  #dropped = 0;
  readonly #splitter = new LineSplitter();
  #count = 0;
  readonly #onLine: (line: LogLine, raw: string) => void;

  /** @param onLine - `raw` is the line as it stands in the log, time stamp and all. */
  constructor(onLine: (line: LogLine, raw: string) => void) {
    this.#onLine = onLine;
  }

  /** The bytes are not kept after the call. */
  write(chunk: Uint8Array): void {
    if (this.#decoder) {
      this.#decode(this.#decoder, chunk);
      return;
    }
    const head = new Uint8Array(this.#head.length + chunk.length);
    head.set(this.#head);
    head.set(chunk, this.#head.length);
    this.#head = head;
    if (head.length >= 2) {
      this.#start();
    }
  }

  /** A last line without an end is a line. */
  end(): void {
    this.#start();
    this.#push(this.#decoder?.decode() ?? '');
    if (this.#rest.length > 0) {
      this.#emit('');
    }
  }

  #start(): void {
    if (!this.#decoder) {
      const head = this.#head;
      this.#head = new Uint8Array(0);
      this.#decoder = new TextDecoder(encodingOf(head), { ignoreBOM: true });
      this.#decode(this.#decoder, head);
    }
  }

  #decode(decoder: TextDecoder, bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length; at += PIECE) {
      const piece = bytes.subarray(at, at + PIECE);
      this.#push(decoder.decode(piece, { stream: true }));
    }
  }

  #push(text: string): void {
    const rest = this.#splitter.split(text, (start, end) =>
      this.#emit(text.slice(start, end)),
    );
    this.#hold(text.slice(rest));
  }

  #hold(text: string): void {
    const room = Math.max(0, MAX_LINE - this.#rest.length);
    this.#rest += text.slice(0, room);
    this.#dropped += Math.max(0, text.length - room);
  }

  #emit(text: string): void {
    let raw = text;
    if (this.#rest.length > 0 || text.length > MAX_LINE) {
      this.#hold(text);
      raw = this.#rest;
      this.#rest = '';
    }
    this.#count += 1;
    const plain = plainText(raw);
    const line: LogLine = {
      number: this.#count,
      text: this.#count === 1 && plain.startsWith(BOM) ? plain.slice(1) : plain,
    };
    if (this.#dropped > 0) {
      line.cutFrom = line.text.length + this.#dropped;
      this.#dropped = 0;
    }
    this.#onLine(line, raw);
  }
}

function encodingOf(head: Uint8Array): string {
  if (head[0] === 0xff && head[1] === 0xfe) {
    return 'utf-16le';
  }
  return head[0] === 0xfe && head[1] === 0xff ? 'utf-16be' : 'utf-8';
}

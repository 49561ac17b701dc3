// SPDX-License-Identifier: Apache-2.0

/**
 * The encodings that a table may have, as Python's `codecs` name them (UTF-8
 * with or without a byte order mark, UTF-16 with one).
 *
 * @public
 */
export type TableEncoding = 'utf-8' | 'utf-16' | 'cp1252';

// Windows-1252 from 0x80 to 0x9f, where it differs from Latin-1; a space is a byte
// that it leaves open and Python's codec refuses. TextDecoder is not asked: some
// versions of Node decode these as Latin-1.
// https://www.unicode.org/Public/MAPPINGS/VENDORS/MICSFT/WINDOWS/CP1252.TXT
const CP1252 = '€ ‚ƒ„…†‡ˆ‰Š‹Œ Ž  ‘’“”•–—˜™š›œ žŸ';

/** How many bytes at the end begin a UTF-8 sequence that is not complete. */
function incompleteTail(bytes: Uint8Array): number {
  for (let length = 1; length <= Math.min(3, bytes.length); length++) {
    const byte = bytes[bytes.length - length];
    if (byte >= 0xc0) {
      const sequence = 2 + Number(byte >= 0xe0) + Number(byte >= 0xf0);
      return sequence > length ? length : 0;
    }
    if (byte < 0x80) {
      return 0;
    }
  }
  return 0;
}

function concat(first: Uint8Array, second: Uint8Array): Uint8Array {
  if (first.length === 0) {
    return second;
  }
  const both = new Uint8Array(first.length + second.length);
  both.set(first);
  both.set(second, first.length);
  return both;
}

function tryUtf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(
      bytes,
    );
  } catch {
    return undefined;
  }
}

/** Whether more of what is beyond ASCII is UTF-8 than is not. */
function isMostlyUtf8(bytes: Uint8Array): boolean {
  const text = new TextDecoder('utf-8').decode(bytes);
  const broken = text.match(/\ufffd/g)?.length ?? 0;
  const beyond = text.match(/[^\0-\x7f\ufffd]/gu)?.length ?? 0;
  return beyond > broken;
}

/** Why bytes are no text: how many complete lines of them are. */
export class DecodeError extends Error {
  readonly linesBefore: number;

  constructor(linesBefore: number) {
    super('The bytes are in no encoding that is known');
    this.linesBefore = linesBefore;
  }
}

/**
 * Turns the bytes of a table into text, chunk by chunk, and finds out their
 * encoding on the way.
 *
 * A byte order mark decides. Without one the text is UTF-8, or Windows-1252
 * where the first byte beyond ASCII is no UTF-8: up to there both are the same,
 * so that nothing has to be read twice.
 */
export class TableDecoder {
  #encoding: TableEncoding | undefined;
  #utf16: TextDecoder | undefined;
  #pending: Uint8Array = new Uint8Array();
  #started = false;

  /** As far as it is known; ASCII alone is UTF-8. */
  get encoding(): TableEncoding {
    return this.#encoding ?? 'utf-8';
  }

  /**
   * The text of the next bytes.
   *
   * @throws DecodeError where they are in no encoding that is known
   */
  write(chunk: Uint8Array): string {
    const bytes = concat(this.#pending, chunk);
    if (!this.#started && bytes.length < 3) {
      this.#pending = bytes;
      return '';
    }
    this.#pending = new Uint8Array();
    return this.#decode(this.#start(bytes), false);
  }

  /** The text of what is left. */
  end(): string {
    const bytes = this.#start(this.#pending);
    this.#pending = new Uint8Array();
    return this.#decode(bytes, true);
  }

  #start(bytes: Uint8Array): Uint8Array {
    if (this.#started) {
      return bytes;
    }
    this.#started = true;
    const [first, second, third] = bytes;
    if (first === 0xff && second === 0xfe) {
      this.#utf16 = new TextDecoder('utf-16le', { fatal: true });
    } else if (first === 0xfe && second === 0xff) {
      this.#utf16 = new TextDecoder('utf-16be', { fatal: true });
    } else if (first === 0xef && second === 0xbb && third === 0xbf) {
      this.#encoding = 'utf-8';
      return bytes.subarray(3);
    }
    if (this.#utf16) {
      this.#encoding = 'utf-16';
    }
    return bytes;
  }

  #decode(bytes: Uint8Array, last: boolean): string {
    if (this.#utf16) {
      try {
        return this.#utf16.decode(bytes, { stream: !last });
      } catch {
        throw new DecodeError(0);
      }
    }
    if (this.#encoding === 'cp1252') {
      return this.#decodeCp1252(bytes);
    }
    const tail = last ? 0 : incompleteTail(bytes);
    const complete = bytes.subarray(0, bytes.length - tail);
    const text = tryUtf8(complete);
    if (text !== undefined) {
      this.#pending = bytes.slice(bytes.length - tail);
      if (text.length < complete.length) {
        this.#encoding = 'utf-8';
      }
      return text;
    }
    if (this.#encoding === undefined && !isMostlyUtf8(complete)) {
      this.#encoding = 'cp1252';
      return this.#decodeCp1252(bytes);
    }
    throw new DecodeError(this.#countLines(complete));
  }

  #decodeCp1252(bytes: Uint8Array): string {
    const units = new Uint16Array(bytes.length);
    let lines = 0;
    for (let index = 0; index < bytes.length; index++) {
      const byte = bytes[index];
      const isSpecial = byte >= 0x80 && byte < 0xa0;
      const unit = isSpecial ? CP1252.charCodeAt(byte - 0x80) : byte;
      if (isSpecial && unit === 0x20) {
        throw new DecodeError(lines);
      }
      lines += Number(byte === 0x0a);
      units[index] = unit;
    }
    return new TextDecoder('utf-16le').decode(units);
  }

  #countLines(bytes: Uint8Array): number {
    let lines = 0;
    let start = 0;
    for (;;) {
      const end = bytes.indexOf(0x0a, start);
      const line = bytes.subarray(start, end < 0 ? bytes.length : end);
      if (end < 0 || tryUtf8(line) === undefined) {
        return lines;
      }
      lines += 1;
      start = end + 1;
    }
  }
}

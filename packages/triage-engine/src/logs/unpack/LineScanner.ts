const LF = 10;
const CR = 13;

/** What is shown of a line: enough for a time stamp, `gh`'s columns, a group's title. */
const LINE_HEAD = 1024;

/** A line as it stands in the bytes. */
export interface ScannedLine {
  /** From 1. */
  number: number;
  /** Of its first byte. */
  offset: number;
  /** Its first {@link LINE_HEAD} bytes, without the end of the line; not to be kept. */
  head: Uint8Array;
}

/**
 * Counts lines as `LogLineDecoder` does (CRLF, a lone CR, LF) without making text
 * of them: a log is scanned for its steps at the speed of `indexOf`.
 */
export class LineScanner {
  /** How many lines there were so far. */
  lines = 0;
  private offset = 0;
  private lineOffset = 0;
  private held = new Uint8Array(0);
  private hasContent = false;
  private skipLineFeed = false;

  constructor(private readonly onLine?: (line: ScannedLine) => void) {}

  write(chunk: Uint8Array): void {
    let start = 0;
    if (this.skipLineFeed && chunk.length > 0) {
      this.skipLineFeed = false;
      if (chunk[0] === LF) {
        start = 1;
        this.lineOffset += 1;
      }
    }
    let lf = chunk.indexOf(LF, start);
    let cr = chunk.indexOf(CR, start);
    while (lf >= 0 || cr >= 0) {
      const end = cr >= 0 && (lf < 0 || cr < lf) ? cr : lf;
      this.emit(chunk.subarray(start, end));
      start = end + 1;
      if (end === cr) {
        if (start === chunk.length) {
          this.skipLineFeed = true;
        } else if (chunk[start] === LF) {
          start += 1;
        }
        cr = chunk.indexOf(CR, start);
      }
      if (lf >= 0 && lf < start) {
        lf = chunk.indexOf(LF, start);
      }
      this.lineOffset = this.offset + start;
    }
    this.hold(chunk.subarray(start));
    this.offset += chunk.length;
  }

  end(): void {
    if (this.hasContent) {
      this.emit(new Uint8Array(0));
    }
  }

  private hold(rest: Uint8Array): void {
    this.hasContent ||= rest.length > 0;
    const room = LINE_HEAD - this.held.length;
    if (room > 0 && rest.length > 0) {
      this.held = Buffer.concat([this.held, rest.subarray(0, room)]);
    }
  }

  private emit(rest: Uint8Array): void {
    let head = rest;
    if (this.hasContent) {
      this.hold(rest);
      head = this.held;
      this.held = new Uint8Array(0);
      this.hasContent = false;
    }
    this.lines += 1;
    this.onLine?.({
      number: this.lines,
      offset: this.lineOffset,
      head: head.length > LINE_HEAD ? head.subarray(0, LINE_HEAD) : head,
    });
  }
}

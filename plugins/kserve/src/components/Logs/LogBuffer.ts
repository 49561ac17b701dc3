// SPDX-License-Identifier: Apache-2.0
import { toPlainText } from '../../formatting';

/** So many lines are kept, and so much of each: a log has no end, a browser has. */
export const MAX_LINES = 5_000;
const MAX_LINE_LENGTH = 4_000;

/** The time before each line, RFC 3339. */
const TIME =
  /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d))(?: |$)/;

/** The reader's own time of day, as logs have it. */
function formatClock(time: Date) {
  return [time.getHours(), time.getMinutes(), time.getSeconds()]
    .map(part => String(part).padStart(2, '0'))
    .join(':');
}

/**
 * The last lines of a log that comes in pieces, as plain text. A line that is
 * redrawn with carriage returns is kept as it stood last.
 */
export class LogBuffer {
  #lines: string[] = [];
  #rest = '';
  #isCut = false;
  /** How many lines were there before those that are kept. */
  dropped = 0;

  append(text: string) {
    const pieces = text.split('\n');
    for (const [index, piece] of pieces.entries()) {
      this.#extend(piece);
      if (index < pieces.length - 1) {
        this.#endLine();
      }
    }
    const excess = this.#lines.length - MAX_LINES;
    if (excess > 0) {
      this.#lines = this.#lines.slice(excess);
      this.dropped += excess;
    }
  }

  /** All lines that are kept; the last one may not have ended. */
  get lines(): readonly string[] {
    return this.#rest === '' ? this.#lines : [...this.#lines, this.#clean()];
  }

  #extend(piece: string) {
    const room = MAX_LINE_LENGTH - this.#rest.length;
    this.#isCut ||= piece.length > room;
    this.#rest += piece.slice(0, Math.max(room, 0));
  }

  #endLine() {
    this.#lines.push(this.#clean());
    this.#rest = '';
    this.#isCut = false;
  }

  #clean() {
    const written = TIME.exec(this.#rest);
    const text = this.#rest.slice(written?.[0].length ?? 0).replace(/\r$/, '');
    const line = toPlainText(text.slice(text.lastIndexOf('\r') + 1));
    return [
      written ? `${formatClock(new Date(written[1]))} ` : '',
      line,
      this.#isCut ? '…' : '',
    ].join('');
  }
}

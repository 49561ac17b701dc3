// SPDX-License-Identifier: Apache-2.0
import { RowSplitter } from './RowSplitter';
import { TABLE_LIMITS, TableError } from './tableProblems';

const DELIMITERS = [',', ';', '\t', '|'];

/** Enough of a file to tell its delimiter by. */
const HEAD_LENGTH = 64 * 1024;
const HEAD_ROWS = 200;

/**
 * The delimiter that makes most rows as long as the header; of several the one
 * that makes most columns.
 */
function findDelimiter(head: string, isLast: boolean): string {
  const scored = DELIMITERS.map(delimiter => {
    const all: string[][] = [];
    const splitter = new RowSplitter(delimiter, cells => all.push(cells));
    splitter.write(head);
    if (isLast) {
      splitter.end();
    }
    const rows = all
      .slice(0, HEAD_ROWS)
      .filter(row => row.some(cell => cell.trim() !== ''));
    const columns = rows[0]?.length ?? 0;
    const fitting = rows.filter(row => row.length === columns).length;
    return {
      delimiter,
      columns,
      share: columns > 1 ? fitting / rows.length : 0,
    };
  });
  scored.sort((a, b) => b.share - a.share || b.columns - a.columns);
  return scored[0].share > 0 ? scored[0].delimiter : ',';
}

/**
 * Takes the text of a table chunk by chunk and hands on its rows: cells between
 * delimiters, quoted as RFC 4180 has it, lines ended by LF, CRLF or CR. Keeps
 * the head until the delimiter is known, then one row.
 */
export class TableReader {
  delimiter: string | undefined;
  #splitter: RowSplitter | undefined;
  /** The text before the delimiter is known. */
  #head: string[] = [];
  #headLength = 0;
  #hasRow = false;
  #heldReturn = false;
  #row = 0;
  readonly #onRow: (cells: string[], row: number) => void;

  /** @param onRow - gets each row, blank ones too, and its number from 1 */
  constructor(onRow: (cells: string[], row: number) => void) {
    this.#onRow = onRow;
  }

  /** The number of the row that is read next. */
  get nextRow(): number {
    return this.#row + 1;
  }

  /** @throws TableError for text that is no table */
  write(text: string): void {
    // CRLF may be cut in two.
    const joined = this.#heldReturn ? `\r${text}` : text;
    this.#heldReturn = joined.endsWith('\r');
    const whole = this.#heldReturn ? joined.slice(0, -1) : joined;
    const lines = whole.includes('\r') ? whole.replace(/\r\n?/g, '\n') : whole;
    if (this.#splitter) {
      this.#splitter.write(lines);
    } else {
      this.#head.push(lines);
      this.#headLength += lines.length;
      this.#hasRow ||= lines.includes('\n');
      if (
        this.#headLength > TABLE_LIMITS.maxRowLength ||
        (this.#headLength >= HEAD_LENGTH && this.#hasRow)
      ) {
        this.#writeHead(false);
      }
    }
    if ((this.#splitter?.pendingLength ?? 0) > TABLE_LIMITS.maxRowLength) {
      throw new TableError({
        code: this.#splitter?.pendingQuote ? 'unclosed-quote' : 'long-row',
        row: this.nextRow,
      });
    }
  }

  /** @throws TableError for text that is no table */
  end(): void {
    this.#heldReturn = false;
    (this.#splitter ?? this.#writeHead(true)).end();
  }

  #writeHead(isLast: boolean): RowSplitter {
    const head = this.#head.join('');
    this.#head = [];
    this.delimiter = findDelimiter(head, isLast);
    this.#splitter = new RowSplitter(this.delimiter, (cells, isBroken) => {
      if (isBroken) {
        throw new TableError({ code: 'unclosed-quote', row: this.nextRow });
      }
      this.#row += 1;
      this.#onRow(cells, this.#row);
    });
    this.#splitter.write(head);
    return this.#splitter;
  }
}

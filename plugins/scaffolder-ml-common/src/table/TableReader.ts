import Papa from 'papaparse';
import { TABLE_LIMITS, TableError } from './tableProblems';

const DELIMITERS = [',', ';', '\t', '|'];

/** Enough of a file to tell its delimiter by. */
const HEAD_LENGTH = 64 * 1024;
const HEAD_ROWS = 200;

interface ParsedRows {
  data: string[][];
  errors: Array<{ row?: number }>;
  meta: { cursor: number };
}

function parse(
  text: string,
  options: { delimiter: string; isLast: boolean },
): ParsedRows {
  // The parser below Papa.parse, which says how far it came.
  return new Papa.Parser({
    delimiter: options.delimiter,
    newline: '\n',
  }).parse(text, 0, !options.isLast);
}

/**
 * The delimiter that makes most rows as long as the header; of several the one
 * that makes most columns.
 */
function findDelimiter(head: string, isLast: boolean): string {
  const scored = DELIMITERS.map(delimiter => {
    const { data } = parse(head, { delimiter, isLast });
    const rows = data
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
 * one row and one chunk in memory.
 */
export class TableReader {
  delimiter: string | undefined;
  #buffer = '';
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
    this.#buffer += whole.includes('\r')
      ? whole.replace(/\r\n?/g, '\n')
      : whole;
    const hasHead =
      this.#buffer.length >= HEAD_LENGTH && this.#buffer.includes('\n');
    if (this.delimiter !== undefined || hasHead) {
      this.#read(false);
    }
    if (this.#buffer.length > TABLE_LIMITS.maxRowLength) {
      throw new TableError({
        code: this.#buffer.includes('"') ? 'unclosed-quote' : 'long-row',
        row: this.nextRow,
      });
    }
  }

  /** @throws TableError for text that is no table */
  end(): void {
    this.#heldReturn = false;
    this.#read(true);
  }

  #read(isLast: boolean): void {
    this.delimiter ??= findDelimiter(this.#buffer, isLast);
    const { data, errors, meta } = parse(this.#buffer, {
      delimiter: this.delimiter,
      isLast,
    });
    // What is said about a row that is not complete is said again later.
    const broken = errors.find(error => (error.row ?? 0) < data.length);
    for (const [index, cells] of data.entries()) {
      if (broken?.row === index) {
        throw new TableError({ code: 'unclosed-quote', row: this.nextRow });
      }
      this.#row += 1;
      this.#onRow(cells, this.#row);
    }
    this.#buffer = isLast ? '' : this.#buffer.slice(meta.cursor);
  }
}

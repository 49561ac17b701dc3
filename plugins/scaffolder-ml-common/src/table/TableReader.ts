// SPDX-License-Identifier: Apache-2.0
import { RowSplitter } from './RowSplitter';
import { TABLE_LIMITS, TableError } from './tableProblems';

const DELIMITERS = [',', ';', '\t', '|'];

/** Enough of a file to tell its delimiter by. */
const HEAD_LENGTH = 64 * 1024;
const HEAD_ROWS = 200;

/** How the rows of a table are cut into cells. */
interface Cut {
  delimiter: string;
  skipsSpaces: boolean;
}

/** The rows of the head that are whole, and whether their quotation marks match. */
function splitHead(head: string, isLast: boolean, cut: Cut) {
  const rows: string[][] = [];
  let isBroken = false;
  const splitter = new RowSplitter(
    cut.delimiter,
    (cells, isRowBroken) => {
      rows.push(cells);
      isBroken ||= isRowBroken;
    },
    cut,
  );
  splitter.write(head);
  if (isLast) {
    splitter.end();
  }
  return { rows, isBroken };
}

/** Stops at a table whose columns are separated by spaces, as `read_fwf` takes it. */
function refuseSpaces(head: string, isLast: boolean): void {
  const lines = head.split('\n', HEAD_ROWS);
  const counts = (isLast ? lines : lines.slice(0, -1))
    .map(line => line.trim().split(/\s+/).length)
    .filter((count, index) => count > 1 || lines[index].trim() !== '');
  const [columns, ...others] = counts;
  // R writes the names of the rows without a header.
  const fitting = others.filter(
    count =>
      count === others[0] && (count === columns || count === columns + 1),
  );
  if (others[0] > 1 && fitting.length >= 0.9 * others.length) {
    throw new TableError({ code: 'whitespace', count: others[0] });
  }
}

/**
 * The delimiter that makes most rows as long as the header; of several the one
 * that makes most columns. Quotation marks after spaces are text where they do
 * not match.
 */
function findCut(head: string, isLast: boolean): Cut {
  const scored = DELIMITERS.map(delimiter => {
    const all = splitHead(head, isLast, { delimiter, skipsSpaces: true }).rows;
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
  if (scored[0].share === 0) {
    refuseSpaces(head, isLast);
    return { delimiter: ',', skipsSpaces: true };
  }
  const { delimiter } = scored[0];
  const isBroken = (skipsSpaces: boolean) =>
    splitHead(head, isLast, { delimiter, skipsSpaces }).isBroken;
  return { delimiter, skipsSpaces: !isBroken(true) || isBroken(false) };
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

  /** Whether cells are quoted after spaces. */
  get hasPaddedQuotes(): boolean {
    return this.#splitter?.hasPaddedQuotes ?? false;
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
    const cut = findCut(head, isLast);
    this.delimiter = cut.delimiter;
    this.#splitter = new RowSplitter(
      cut.delimiter,
      (cells, isBroken) => {
        if (isBroken) {
          throw new TableError({ code: 'unclosed-quote', row: this.nextRow });
        }
        this.#row += 1;
        this.#onRow(cells, this.#row);
      },
      cut,
    );
    this.#splitter.write(head);
    return this.#splitter;
  }
}

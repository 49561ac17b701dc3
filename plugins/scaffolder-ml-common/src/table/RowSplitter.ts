// SPDX-License-Identifier: Apache-2.0
const QUOTE = '"';

type State = 'start' | 'padding' | 'plain' | 'quoted' | 'closed';

/**
 * Splits text into the cells of rows: RFC 4180 with a delimiter of choice and
 * lines ended by LF. A quotation mark opens a cell only where the cell begins,
 * or after the spaces that it begins with (`skipinitialspace` of Python's csv);
 * after the one that closes it there may be spaces.
 *
 * Reads each character once, whatever the chunks are: papaparse looks for the
 * end of the row from each quoted cell on, and reads a row from its beginning
 * with each chunk, so that a row of 1 MiB stops a portal.
 */
export class RowSplitter {
  readonly #delimiter: string;
  readonly #onRow: (cells: string[], isBroken: boolean) => void;
  readonly #skipsSpaces: boolean;
  #state: State = 'start';
  #cells: string[] = [];
  /** What is known of the cell, without the part that is in the chunk. */
  #cell = '';
  /** What follows the mark that seems to close a cell. */
  #spaces = '';
  #isBroken = false;

  /** Characters of the row that is not complete. */
  pendingLength = 0;
  /** Whether that row has a quotation mark. */
  pendingQuote = false;
  /** Whether a cell was quoted after spaces. */
  hasPaddedQuotes = false;

  /**
   * @param onRow - gets each row, and whether its quotation marks match not
   * @param options - `skipsSpaces`: whether a quotation mark after spaces opens a
   *   cell
   */
  constructor(
    delimiter: string,
    onRow: (cells: string[], isBroken: boolean) => void,
    options: { skipsSpaces: boolean },
  ) {
    this.#delimiter = delimiter;
    this.#onRow = onRow;
    this.#skipsSpaces = options.skipsSpaces;
  }

  write(text: string): void {
    /** Where the part of the cell begins that is not kept yet. */
    let from = 0;
    let rowStart = 0;
    for (let index = 0; index < text.length; index++) {
      const character = text[index];
      const isMark = character === QUOTE;
      this.pendingQuote ||= isMark;
      switch (this.#state) {
        case 'quoted':
          if (isMark) {
            this.#cell += text.slice(from, index);
            this.#state = 'closed';
          }
          continue;
        case 'closed':
          if (isMark && this.#spaces === '') {
            // Doubled: one of both belongs to the cell.
            this.#state = 'quoted';
            from = index;
            continue;
          }
          if (
            character !== this.#delimiter &&
            character !== '\n' &&
            character.trim() !== ''
          ) {
            // It closed nothing.
            this.#isBroken = true;
            this.#cell += QUOTE + this.#spaces;
            this.#spaces = '';
            this.#state = isMark ? 'closed' : 'quoted';
            from = index;
            continue;
          }
          break;
        case 'start':
          if (isMark) {
            this.#state = 'quoted';
            from = index + 1;
            continue;
          }
          this.#state =
            this.#skipsSpaces && character === ' ' ? 'padding' : 'plain';
          from = index;
          break;
        case 'padding':
          if (isMark) {
            this.hasPaddedQuotes = true;
            this.#cell = '';
            this.#state = 'quoted';
            from = index + 1;
            continue;
          }
          if (character !== ' ') {
            this.#state = 'plain';
          }
          break;
        default:
      }
      if (character === this.#delimiter || character === '\n') {
        this.#endCell(this.#isKept() ? text.slice(from, index) : '');
        if (character === '\n') {
          this.#endRow();
          rowStart = index + 1;
        }
      } else if (this.#state === 'closed') {
        this.#spaces += character;
      }
    }
    if (this.#isKept() || this.#state === 'quoted') {
      this.#cell += text.slice(from);
    }
    this.pendingLength += text.length - rowStart;
  }

  /** Hands on the last row, which no line break ends. */
  end(): void {
    this.#isBroken ||= this.#state === 'quoted';
    this.#endCell('');
    this.#endRow();
  }

  #isKept(): boolean {
    return this.#state === 'plain' || this.#state === 'padding';
  }

  #endCell(rest: string): void {
    this.#cells.push(this.#cell + rest);
    this.#cell = '';
    this.#spaces = '';
    this.#state = 'start';
  }

  #endRow(): void {
    const cells = this.#cells;
    const isBroken = this.#isBroken;
    this.#cells = [];
    this.#isBroken = false;
    this.pendingLength = 0;
    this.pendingQuote = false;
    this.#onRow(cells, isBroken);
  }
}

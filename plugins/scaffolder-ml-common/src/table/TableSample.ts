// SPDX-License-Identifier: Apache-2.0

/** What is kept of a table, in all columns: cells, and different values of them. */
const MAX_CELLS = 4_000_000;
const MAX_VALUES = 200_000;
const MAX_CHARACTERS = 8_000_000;

// A part of a long string keeps the whole of it in memory; a copy does not.
const copy = (text: string): string =>
  text.length < 13 ? text : JSON.parse(JSON.stringify(text));

/** The cells of one column: each is the place of its value among the different ones. */
class ColumnSample {
  readonly #places = new Map<string, number>();
  /** The different values, trimmed. */
  readonly values: string[] = [];
  places = new Int32Array(256);

  /** @returns how many characters are kept of a value that is new */
  add(cell: string, row: number): number {
    const value = cell.trim();
    let place = this.#places.get(value);
    let kept = -1;
    if (place === undefined) {
      place = this.values.length;
      const copied = copy(value);
      this.#places.set(copied, place);
      this.values.push(copied);
      kept = value.length;
    }
    if (row >= this.places.length) {
      const longer = new Int32Array(this.places.length * 2);
      longer.set(this.places);
      this.places = longer;
    }
    this.places[row] = place;
    return kept;
  }
}

/**
 * The first rows of a table, cell by cell, in bounded memory: what is asked of
 * rows and of two columns at once cannot be counted on the way.
 *
 * @public
 */
export class TableSample {
  #columns: ColumnSample[] = [];
  #cells = 0;
  #values = 0;
  #characters = 0;
  #isFull = false;

  /** Rows that are kept. */
  rows = 0;

  /** Whether there were more rows than are kept. */
  get isPartial(): boolean {
    return this.#isFull;
  }

  /** Takes the cells of a row, as long as there is room. */
  add(cells: readonly string[], length: number): void {
    if (this.#isFull) {
      return;
    }
    if (
      this.#cells + length > MAX_CELLS ||
      this.#values > MAX_VALUES ||
      this.#characters > MAX_CHARACTERS
    ) {
      this.#isFull = true;
      return;
    }
    while (this.#columns.length < length) {
      this.#columns.push(new ColumnSample());
    }
    for (let index = 0; index < length; index++) {
      const kept = this.#columns[index].add(cells[index], this.rows);
      if (kept >= 0) {
        this.#values += 1;
        this.#characters += kept;
      }
    }
    this.#cells += length;
    this.rows += 1;
  }

  /** Keeps these columns only, in this order. */
  pick(indexes: number[]): void {
    this.#columns = indexes.map(
      index => this.#columns[index] ?? new ColumnSample(),
    );
  }

  /**
   * The different values of a column, trimmed, and of each row the place of its
   * value among them.
   */
  getColumn(index: number): { values: readonly string[]; places: Int32Array } {
    const { values, places } = this.#columns[index];
    return { values, places: places.subarray(0, this.rows) };
  }
}

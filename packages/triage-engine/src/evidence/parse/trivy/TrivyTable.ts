// SPDX-License-Identifier: Apache-2.0
import type { LogLine } from '../../../logs/types';

/** A row of a table: its cells by the name of their column, in lower case. */
export interface TrivyRow {
  cells: Map<string, string>;
  line: LogLine;
}

/** Corners and crossings of `┌──┬──┐` and of `+--+--+`. */
const CORNERS = /[┌┬┐├┼┤└┴┘│+]/;
const BORDERS = /^[\s┌┬┐├┼┤└┴┘│─+-]+$/;

/**
 * Reads tables as Trivy draws them, with lines or, before 0.24, in ASCII. A cell
 * that is the same as the one above is drawn as one with it: the border above it
 * is open. A row may have several lines.
 */
export class TrivyTable {
  #header: string[] | undefined;
  #open = false;
  #lines: string[][] = [];
  #first: LogLine | undefined;
  #above: string[] = [];
  /** Which cells of the row at hand are one with those above. */
  #merged: boolean[] = [];
  readonly #onRow: (row: TrivyRow) => void;

  constructor(onRow: (row: TrivyRow) => void) {
    this.#onRow = onRow;
  }

  /** Whether the line belonged to a table. */
  write(line: LogLine): boolean {
    const { text } = line;
    const isTable =
      /^[┌├│└]/.test(text) ||
      (this.#open && /^[|+]/.test(text)) ||
      text.startsWith('+--');
    if (!isTable) {
      this.end();
      return false;
    }
    if (BORDERS.test(text) && !text.startsWith('|')) {
      this.#border(text);
    } else if (this.#open) {
      this.#first ??= line;
      this.#lines.push(cellsOf(text));
    }
    return true;
  }

  end(): void {
    if (this.#open) {
      this.#row();
      this.#open = false;
      this.#header = undefined;
      this.#above = [];
    }
  }

  #border(text: string): void {
    if (/^[┌└]/.test(text)) {
      this.end();
    }
    this.#row();
    this.#open = !text.startsWith('└');
    this.#merged = text
      .split(CORNERS)
      .slice(1, -1)
      .map(segment => segment.trim() === '');
  }

  #row(): void {
    const lines = this.#lines;
    const first = this.#first;
    this.#lines = [];
    this.#first = undefined;
    if (!first) {
      return;
    }
    const columns = Math.max(...lines.map(each => each.length));
    const cells = Array.from({ length: columns }, (_, column) =>
      lines
        .map(each => each[column] ?? '')
        .filter(Boolean)
        .join(' '),
    );
    if (!this.#header) {
      this.#header = cells.map(cell => cell.toLowerCase());
      return;
    }
    const full = cells.map((cell, column) =>
      cell === '' && this.#merged[column] ? (this.#above[column] ?? '') : cell,
    );
    this.#above = full;
    const named = this.#header.map((name, column): [string, string] => [
      name,
      full[column] ?? '',
    ]);
    this.#onRow({ cells: new Map(named), line: first });
  }
}

/** A `|` in the last cell is its own: a title may hold one. */
function cellsOf(text: string): string[] {
  return text
    .split(text.startsWith('|') ? '|' : '│')
    .slice(1, -1)
    .map(cell => cell.trim());
}

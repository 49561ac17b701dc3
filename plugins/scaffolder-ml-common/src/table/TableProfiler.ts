// SPDX-License-Identifier: Apache-2.0
import { findBooleanWords } from './booleanWords';
import { checkHeader } from './checkHeader';
import { ColumnProfiler } from './ColumnProfiler';
import { NUMBER_FORMATS, orderNumberFormats } from './numberFormats';
import { sniffBytes, sniffText } from './sniffFormat';
import { DecodeError, TableDecoder } from './TableDecoder';
import { describeColumn } from './describeColumn';
import { TABLE_LIMITS, TableError, type TableProblem } from './tableProblems';
import type { TableProfile } from './tableProfile';
import { TableReader } from './TableReader';
import { TableSample } from './TableSample';

/** Bytes that tell a foreign format. */
const SNIFF_LENGTH = 4096;

/** Characters of different values that are kept, over all columns. */
const MAX_KEPT = 8_000_000;

const isBoolean = (values: string[]) => findBooleanWords(values) !== undefined;

/**
 * Learns from the bytes of a CSV file, chunk by chunk, how it is written and what
 * its columns hold. Memory does not grow with the number of rows: different
 * values are kept up to a limit, everything else is counted. Runs in a browser
 * and in Node.
 *
 * @example
 * ```ts
 * const profiler = new TableProfiler();
 * for await (const chunk of stream) {
 *   profiler.write(chunk);
 * }
 * const result = profiler.end();
 * ```
 * @public
 */
export class TableProfiler {
  readonly #decoder = new TableDecoder();
  readonly #reader = new TableReader((cells, row) => this.#addRow(cells, row));
  #problem: TableProblem | undefined;
  #head: Uint8Array | undefined = new Uint8Array();
  #sniffed = false;
  #names: string[] | undefined;
  #columns: ColumnProfiler[] = [];
  #rows = 0;
  #kept = 0;
  readonly #sample = new TableSample();

  /**
   * Takes the next bytes.
   *
   * @returns what is wrong with them, if they are no table; there is no need to
   * go on then
   */
  write(chunk: Uint8Array): TableProblem | undefined {
    return this.#attempt(() => {
      if (this.#head === undefined) {
        this.#decode(() => this.#decoder.write(chunk));
        return;
      }
      const head = new Uint8Array(this.#head.length + chunk.length);
      head.set(this.#head);
      head.set(chunk, this.#head.length);
      this.#head = head;
      if (head.length >= SNIFF_LENGTH) {
        this.#writeHead();
      }
    });
  }

  /** Says what the table holds, or why it is none. */
  end(): { profile: TableProfile } | { problem: TableProblem } {
    this.#attempt(() => {
      this.#writeHead();
      this.#decode(() => this.#decoder.end());
      this.#reader.end();
      if (this.#names === undefined) {
        throw new TableError({ code: 'empty' });
      }
      if (this.#rows < TABLE_LIMITS.minRows) {
        throw new TableError({ code: 'too-few-rows', rows: this.#rows });
      }
    });
    return this.#problem
      ? { problem: this.#problem }
      : { profile: this.#describe() };
  }

  #attempt(step: () => void): TableProblem | undefined {
    if (this.#problem) {
      return this.#problem;
    }
    try {
      step();
    } catch (error) {
      if (!(error instanceof TableError)) {
        throw error;
      }
      this.#problem = error.problem;
    }
    return this.#problem;
  }

  #writeHead(): void {
    const head = this.#head;
    this.#head = undefined;
    if (head) {
      const format = sniffBytes(head);
      if (format) {
        throw new TableError({ code: format });
      }
      this.#decode(() => this.#decoder.write(head));
    }
  }

  #decode(step: () => string): void {
    let text: string;
    try {
      text = step();
    } catch (error) {
      if (!(error instanceof DecodeError)) {
        throw error;
      }
      throw new TableError({
        code: 'encoding',
        row: this.#reader.nextRow + error.linesBefore,
      });
    }
    if (text.includes('\u0000')) {
      throw new TableError({ code: 'not-text' });
    }
    if (!this.#sniffed && text.trim() !== '') {
      this.#sniffed = true;
      const format = sniffText(text);
      if (format) {
        throw new TableError({ code: format });
      }
    }
    this.#reader.write(text);
  }

  #addRow(cells: string[], row: number): void {
    if (cells.every(cell => cell.trim() === '')) {
      return;
    }
    if (this.#names === undefined) {
      this.#names = checkHeader(cells);
      this.#columns = this.#names.map(() => new ColumnProfiler());
      return;
    }
    this.#checkLength(cells, row, this.#names);
    this.#rows += 1;
    this.#sample.add(cells, this.#names.length);
    for (const [index, column] of this.#columns.entries()) {
      this.#kept += column.add(cells[index], row);
      // A data frame's index comes first; a name that is forgotten elsewhere
      // would lose what the column holds.
      if (this.#names[index] === '' && index > 0 && column.count > 0) {
        throw new TableError({
          code: 'unnamed-column',
          column: index + 1,
          row,
        });
      }
    }
    if (this.#kept > MAX_KEPT) {
      this.#forget();
    }
  }

  #checkLength(cells: string[], row: number, names: string[]): void {
    const counts = { row, found: cells.length, expected: names.length };
    if (cells.length < names.length) {
      const name = names[cells.length] || String(cells.length + 1);
      throw new TableError({ code: 'short-row', ...counts, name });
    }
    // Spreadsheets end rows with empty cells; pandas reads over them.
    const value = cells
      .slice(names.length)
      .find(cell => cell.trim() !== '')
      ?.trim();
    if (value !== undefined) {
      throw new TableError({ code: 'ragged', ...counts, value });
    }
  }

  /** Frees what most columns of free text have kept. */
  #forget(): void {
    for (const column of this.#columns) {
      if (column.distinct.size > 50) {
        column.overflow();
      }
    }
    this.#kept = 0;
  }

  #describe(): TableProfile {
    const names = this.#names ?? [];
    const delimiter = this.#reader.delimiter ?? ',';
    const named = this.#columns.filter((_, index) => names[index] !== '');
    const missing = this.#findMissing(named);
    for (const column of named) {
      column.settle(missing);
    }
    const format = this.#findNumberFormat(named, delimiter);
    const { decimal, thousands } = NUMBER_FORMATS[format];
    const places = names.flatMap((name, index) => (name === '' ? [] : [index]));
    this.#sample.pick(places);
    return {
      csv: {
        delimiter,
        encoding: this.#decoder.encoding,
        decimal,
        ...(thousands ? { thousands } : {}),
        missing: [
          ...new Set(['', ...named.flatMap(column => [...column.spellings])]),
        ],
        ...(this.#reader.hasPaddedQuotes
          ? { skipinitialspace: true as const }
          : {}),
      },
      sample: this.#sample,
      rows: this.#rows,
      columns: named.map((column, index) =>
        describeColumn(column, {
          name: names[places[index]],
          format,
          decimal,
        }),
      ),
    };
  }

  /** What stands for a missing value somewhere among numbers, does so everywhere. */
  #findMissing(columns: ColumnProfiler[]): Set<string> {
    return new Set(
      columns
        .filter(column => column.hasKind(isBoolean))
        .flatMap(column => [...column.doubtful.keys()]),
    );
  }

  /** The format in which most columns are numbers. */
  #findNumberFormat(columns: ColumnProfiler[], delimiter: string): number {
    const fitting = (format: number) =>
      columns.filter(
        column =>
          column.count > 0 &&
          (column.hasMostNumbers
            ? column.mostNumberFormats
            : column.numberFormats) &
            (1 << format),
      ).length;
    return orderNumberFormats(delimiter).reduce((best, format) =>
      fitting(format) > fitting(best) ? format : best,
    );
  }
}

// SPDX-License-Identifier: Apache-2.0
import type { TableEncoding } from './TableDecoder';
import type { TableSample } from './TableSample';

/**
 * How a table is written: what `pandas.read_csv` has to be told.
 *
 * @public
 */
export interface CsvDialect {
  delimiter: string;
  encoding: TableEncoding;
  decimal: '.' | ',';
  /** The mark between groups of three digits, where numbers have one. */
  thousands?: string;
  /** What stands for a missing value, as it is spelled; always the empty cell. */
  missing: string[];
  /** Where cells are quoted after spaces; as Python's csv calls it. */
  skipinitialspace?: true;
}

/**
 * What a column holds: numbers, words for yes and no, dates of one format, at
 * most 50 different values, or any text. A column without a single value counts
 * as numbers.
 *
 * @public
 */
export type ColumnType = 'number' | 'boolean' | 'date' | 'category' | 'text';

/**
 * A column as `data/schema.json` holds it.
 *
 * @public
 */
export interface ColumnSchema {
  /** The header, trimmed. */
  name: string;
  type: ColumnType;
  /** Whether values are missing. */
  missing: boolean;
  /** Of numbers, for people. */
  minimum?: number;
  maximum?: number;
  /** Of a category: every value, trimmed and sorted. */
  values?: string[];
  /** Of a boolean: the words for yes, as they are spelled. */
  true?: string[];
  /** Of a boolean: the words for no. */
  false?: string[];
  /** Of dates: for Python's `strptime`. */
  format?: string;
  /** Of numbers: the cells that are none, as they are spelled; they are missing. */
  unreadable?: string[];
  /** What stands for a missing value elsewhere and is a value here. */
  present?: string[];
}

/**
 * How often a cell is there, and in which row first.
 *
 * @public
 */
export interface CellCount {
  value: string;
  /** The header is row 1. */
  row: number;
  count: number;
}

/**
 * A column with what a sentence about it needs.
 *
 * @public
 */
export interface ColumnProfile extends ColumnSchema {
  /** Cells with a value, and without one. */
  count: number;
  blanks: number;
  /** How often each value is there; undefined with more than 100 different ones. */
  distinct?: Map<string, number>;
  /** The first value that is no number; undefined when all are. */
  noNumber?: { row: number; value: string };
  /** Of dates: the formats that fit as well as `format`. */
  formats?: string[];
  /** Of a column that holds numbers but for a few cells: these, and what the numbers are. */
  mostNumbers?: { minimum: number; maximum: number; others: CellCount[] };
  /** What was taken for a missing value. */
  markers?: CellCount[];
}

/**
 * What a table holds.
 *
 * @public
 */
export interface TableProfile {
  csv: CsvDialect;
  /** Rows below the header that are not blank. */
  rows: number;
  /** The columns with a name; others, such as the index of a data frame, are left out. */
  columns: ColumnProfile[];
  /** The cells of the first rows, as many as are kept. */
  sample: TableSample;
}

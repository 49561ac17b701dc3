// SPDX-License-Identifier: Apache-2.0
import type { ForeignFormat } from './sniffFormat';

/**
 * The least a table must have to train on and to test with, and the most that is
 * a table still.
 */
export const TABLE_LIMITS = {
  /** Rows with a value in the target. */
  minRows: 50,
  maxColumns: 1000,
  maxColumnNameLength: 100,
  /** More are most probably numbers, or names of the rows. */
  maxClasses: 100,
  /** In characters; a cell that never closes its quotation mark has more. */
  maxRowLength: 1_000_000,
} as const;

/**
 * Why a file is no table to learn from. Rows count from 1, the header being row
 * 1, as spreadsheets show them; so do columns.
 *
 * @public
 */
export type TableProblem =
  | { code: 'empty' }
  | { code: 'not-text' }
  | { code: 'encoding'; row: number }
  | { code: ForeignFormat }
  | { code: 'separator-line' }
  | { code: 'one-column' }
  | { code: 'whitespace'; count: number }
  | { code: 'too-many-columns'; count: number }
  | { code: 'no-header' }
  | { code: 'unnamed-column'; column: number; row: number }
  | { code: 'duplicate-column'; name: string; first: number; column: number }
  | { code: 'column-name'; column: number }
  | { code: 'unclosed-quote'; row: number }
  | { code: 'long-row'; row: number }
  | {
      code: 'short-row';
      row: number;
      found: number;
      expected: number;
      name: string;
    }
  | {
      code: 'ragged';
      row: number;
      found: number;
      expected: number;
      value: string;
    }
  | { code: 'too-few-rows'; rows: number };

/**
 * Why a column cannot be predicted.
 *
 * @public
 */
export type TargetProblem =
  | { code: 'target-missing'; columns: string[] }
  | { code: 'target-blank'; rows: number }
  | { code: 'one-class'; value: string }
  | { code: 'all-different'; rows: number }
  | { code: 'too-many-classes'; classes: number }
  | { code: 'not-numeric'; row: number; value: string; decimal: '.' | ',' }
  | { code: 'constant'; value: string };

/** Stops the reading of a file that is no table. */
export class TableError extends Error {
  readonly problem: TableProblem;

  constructor(problem: TableProblem) {
    super(`No table: ${problem.code}`);
    this.problem = problem;
  }
}

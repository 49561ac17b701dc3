import Papa from 'papaparse';
import type { ModelTask } from './types';

/**
 * The least a table must have to train on and to test with.
 *
 * @public
 */
export const TABLE_LIMITS = {
  minRows: 50,
  maxColumns: 1000,
  maxColumnNameLength: 100,
  /** Rows of the rarest class: train and test data each need some. */
  minRowsPerClass: 5,
  maxClasses: 100,
} as const;

/**
 * Why a text is no table to learn from.
 *
 * @public
 */
export type TableProblem =
  | { code: 'empty' }
  | { code: 'not-text' }
  | { code: 'one-column' }
  | { code: 'too-many-columns'; count: number }
  | { code: 'no-header' }
  | { code: 'unnamed-column'; column: number }
  | { code: 'duplicate-column'; name: string }
  | { code: 'column-name'; column: number }
  | { code: 'unclosed-quote'; row: number }
  | { code: 'ragged'; row: number; found: number; expected: number }
  | { code: 'too-few-rows'; rows: number };

/**
 * Why a column cannot be predicted.
 *
 * @public
 */
export type TargetProblem =
  | { code: 'target-missing'; columns: string[] }
  | { code: 'target-blank'; row: number }
  | { code: 'one-class'; value: string }
  | { code: 'too-many-classes'; classes: number }
  | { code: 'rare-class'; value: string; rows: number }
  | { code: 'not-numeric'; row: number; value: string }
  | { code: 'constant'; value: string };

/**
 * A table: unique column names, and rows of as many cells.
 *
 * @public
 */
export interface Table {
  /** The names of the first row, trimmed. */
  columns: string[];
  /** The rows below it, as text. */
  rows: string[][];
}

const BYTE_ORDER_MARK = '\uFEFF';

function isNumeric(value: string): boolean {
  return value.trim() !== '' && Number.isFinite(Number(value));
}

function checkHeader(columns: string[]): TableProblem | undefined {
  if (columns.length < 2) {
    return { code: 'one-column' };
  }
  if (columns.length > TABLE_LIMITS.maxColumns) {
    return { code: 'too-many-columns', count: columns.length };
  }
  if (columns.every(isNumeric)) {
    return { code: 'no-header' };
  }
  for (const [index, name] of columns.entries()) {
    if (name === '') {
      return { code: 'unnamed-column', column: index + 1 };
    }
    if (
      name.length > TABLE_LIMITS.maxColumnNameLength ||
      /[\p{Cc}\p{Zl}\p{Zp}]/u.test(name)
    ) {
      return { code: 'column-name', column: index + 1 };
    }
    if (columns.indexOf(name) < index) {
      return { code: 'duplicate-column', name };
    }
  }
  return undefined;
}

/**
 * Reads comma-, semicolon- or tab-separated text with a header row.
 *
 * Rows count from 1, the header being row 1, as spreadsheets show them.
 *
 * @public
 */
export function parseTable(
  text: string,
): { table: Table } | { problem: TableProblem } {
  const content = text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text;
  if (content.trim() === '') {
    return { problem: { code: 'empty' } };
  }
  if (content.includes('\u0000')) {
    return { problem: { code: 'not-text' } };
  }
  const { data, errors } = Papa.parse<string[]>(content, {
    skipEmptyLines: 'greedy',
    delimitersToGuess: [',', ';', '\t'],
  });
  const columns = (data[0] ?? []).map(name => name.trim());
  const problem = checkHeader(columns);
  if (problem) {
    return { problem };
  }
  const quotes = errors.find(error => error.type === 'Quotes');
  if (quotes) {
    return { problem: { code: 'unclosed-quote', row: (quotes.row ?? 0) + 1 } };
  }
  const rows = data.slice(1);
  const ragged = rows.findIndex(row => row.length !== columns.length);
  if (ragged >= 0) {
    return {
      problem: {
        code: 'ragged',
        row: ragged + 2,
        found: rows[ragged].length,
        expected: columns.length,
      },
    };
  }
  return rows.length < TABLE_LIMITS.minRows
    ? { problem: { code: 'too-few-rows', rows: rows.length } }
    : { table: { columns, rows } };
}

function checkClasses(values: string[]): TargetProblem | undefined {
  const counts = new Map<string, number>();
  for (const value of values) {
    counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  if (counts.size < 2) {
    return { code: 'one-class', value: values[0] };
  }
  if (counts.size > Math.min(TABLE_LIMITS.maxClasses, values.length / 2)) {
    return { code: 'too-many-classes', classes: counts.size };
  }
  const rare = [...counts].find(
    ([, count]) => count < TABLE_LIMITS.minRowsPerClass,
  );
  return rare && { code: 'rare-class', value: rare[0], rows: rare[1] };
}

/**
 * Says whether a column of a table can be the target of a task.
 *
 * @returns undefined when it can
 * @public
 */
export function checkTarget(
  table: Table,
  target: string,
  task: ModelTask,
): TargetProblem | undefined {
  const column = table.columns.indexOf(target);
  if (column < 0) {
    return { code: 'target-missing', columns: table.columns };
  }
  const values = table.rows.map(row => row[column].trim());
  const blank = values.indexOf('');
  if (blank >= 0) {
    return { code: 'target-blank', row: blank + 2 };
  }
  if (task === 'classification') {
    return checkClasses(values);
  }
  const text = values.findIndex(value => !isNumeric(value));
  if (text >= 0) {
    return { code: 'not-numeric', row: text + 2, value: values[text] };
  }
  return values.every(value => Number(value) === Number(values[0]))
    ? { code: 'constant', value: values[0] }
    : undefined;
}

/**
 * What a column most probably is the target of: numbers with many different
 * values are predicted as numbers, everything else as classes.
 *
 * @public
 */
export function suggestTask(table: Table, target: string): ModelTask {
  const column = table.columns.indexOf(target);
  const values = table.rows.map(row => row[column]?.trim() ?? '');
  return values.every(isNumeric) && new Set(values).size > 20
    ? 'regression'
    : 'classification';
}

/**
 * The table as `pandas.read_csv` reads it without options: UTF-8, commas, line
 * feeds, a header.
 *
 * @public
 */
export function formatTable(table: Table): string {
  return `${Papa.unparse([table.columns, ...table.rows], { newline: '\n' })}\n`;
}

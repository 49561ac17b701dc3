// SPDX-License-Identifier: Apache-2.0
import {
  TABLE_LIMITS,
  type TableProblem,
  type TargetProblem,
} from './tableProblems';

/**
 * A sentence for each problem of a table: what is wrong, and what would be
 * right. `{{…}}` stands for the parameters of {@link getTableMessage}.
 *
 * @public
 */
export const TABLE_MESSAGES = {
  empty: 'The file is empty. Give a table with a header row.',
  'not-text':
    'The file is not text. Export the table as CSV; UTF-16 needs a byte order mark.',
  encoding:
    'The text is neither UTF-8 nor Windows-1252: see row {{row}}. Save the table as "CSV UTF-8".',
  'web-page':
    'This is a web page, not a table: a page to sign in, perhaps, or one that shows the file. Give the CSV file itself.',
  json: 'This is JSON, not a table. Export the data as CSV.',
  spreadsheet:
    'This is the file of a spreadsheet program. Save its sheet as "CSV UTF-8".',
  archive: 'This is an archive. Unpack it, and give the CSV file in it.',
  pdf: 'This is a PDF, not a table. Export the data as CSV.',
  parquet: 'This is a Parquet file. Export the data as CSV.',
  'separator-line':
    'The first row says which separator follows. Delete that row; the separator is found without it.',
  'one-column':
    'The table needs at least two columns with a name. Give one with columns separated by comma, semicolon, tab or |.',
  whitespace:
    'The {{found}} columns are separated by spaces. Save the table with commas between them, for example with pandas.read_csv(file, sep=r"\\s+").to_csv(…, index=False).',
  'too-many-columns':
    'The table has {{found}} columns; it may have {{limit}}. Leave out those that hardly vary or that nobody would have when asking the model, or put a summary in their place, such as the first principal components.',
  'no-header':
    'The first row holds numbers only. Put the names of the columns there.',
  'unnamed-column':
    'Column {{column}} has no name, and holds a value in row {{row}}. Name it in the first row.',
  'duplicate-column':
    'Columns {{first}} and {{column}} are both named {{name}}. Give each its own name.',
  'column-name':
    'The name of column {{column}} has line breaks or other control characters, or more than {{limit}} characters. Give it a short name.',
  'unclosed-quote':
    'Row {{row}} has a quotation mark that does not match. Double it within a quoted cell.',
  'long-row':
    'Row {{row}} has more than {{limit}} characters. Give a table of shorter rows.',
  'short-row':
    'Row {{row}} has {{found}} cells where the header has {{limit}}: it ends before column {{name}}. Give every row the same number.',
  ragged:
    'Row {{row}} has {{found}} cells where the header has {{limit}}: {{value}} belongs to no column. Put cells that hold the separator in quotation marks.',
  'too-few-rows': 'The table has {{found}} rows; it needs at least {{limit}}.',
  'target-missing':
    'The table has no column {{target}}. Choose one of {{columns}}.',
  'target-blank':
    'Column {{target}} has a value in {{found}} rows only; at least {{limit}} are needed.',
  'one-class':
    'Column {{target}} is always {{value}}. A classifier needs at least two classes.',
  'all-different':
    'Column {{target}} has another value in each row, as a name or a number of the rows has. Choose another column, or regression.',
  'too-many-classes':
    'Column {{target}} has {{found}} different values or more, too many to be classes of this table. Choose another column, or regression.',
  'not-numeric':
    'Column {{target}} holds {{value}} in row {{row}}; regression needs numbers, with the decimal mark {{decimal}} throughout the table. Choose another column, or classification.',
  constant:
    'Column {{target}} is always {{value}}. There is nothing to predict.',
} as const satisfies Record<
  TableProblem['code'] | TargetProblem['code'],
  string
>;

/**
 * The parameters of the sentences; those that a sentence does not name are
 * empty.
 *
 * @public
 */
export type TableMessageParameters = Record<
  | 'row'
  | 'column'
  | 'first'
  | 'name'
  | 'value'
  | 'found'
  | 'limit'
  | 'target'
  | 'columns'
  | 'decimal',
  string
>;

const LISTED_COLUMNS = 20;

// Cells and column names are the owner's text: quoted, short, on one line.
function quote(value: string): string {
  return JSON.stringify(value.length > 60 ? `${value.slice(0, 60)}…` : value);
}

function getLimit(problem: TableProblem | TargetProblem): number {
  switch (problem.code) {
    case 'too-many-columns':
      return TABLE_LIMITS.maxColumns;
    case 'column-name':
      return TABLE_LIMITS.maxColumnNameLength;
    case 'long-row':
      return TABLE_LIMITS.maxRowLength;
    case 'short-row':
    case 'ragged':
      return problem.expected;
    default:
      return TABLE_LIMITS.minRows;
  }
}

function getFound(problem: TableProblem | TargetProblem): number {
  switch (problem.code) {
    case 'too-many-columns':
    case 'whitespace':
      return problem.count;
    case 'short-row':
    case 'ragged':
      return problem.found;
    case 'too-few-rows':
    case 'target-blank':
    case 'all-different':
      return problem.rows;
    case 'too-many-classes':
      return problem.classes;
    default:
      return 0;
  }
}

function listColumns(columns: string[]): string {
  const listed = columns.slice(0, LISTED_COLUMNS).map(quote).join(', ');
  return columns.length > LISTED_COLUMNS ? `${listed} and more` : listed;
}

/**
 * The sentence for a problem, as its key in {@link TABLE_MESSAGES} and its
 * parameters.
 *
 * @param target - the column that was to be predicted, for a problem of it
 * @public
 */
export function getTableMessage(
  problem: TableProblem | TargetProblem,
  target: string = '',
): { key: keyof typeof TABLE_MESSAGES; parameters: TableMessageParameters } {
  return {
    key: problem.code,
    parameters: {
      row: 'row' in problem ? String(problem.row) : '',
      column: 'column' in problem ? String(problem.column) : '',
      first: 'first' in problem ? String(problem.first) : '',
      name: 'name' in problem ? quote(problem.name) : '',
      value: 'value' in problem ? quote(problem.value) : '',
      found: String(getFound(problem)),
      limit: String(getLimit(problem)),
      target: quote(target),
      columns: 'columns' in problem ? listColumns(problem.columns) : '',
      decimal: 'decimal' in problem ? quote(problem.decimal) : '',
    },
  };
}

/**
 * The sentence for a problem, in English.
 *
 * @public
 */
export function describeTableProblem(
  problem: TableProblem | TargetProblem,
  target?: string,
): string {
  const { key, parameters } = getTableMessage(problem, target);
  const values = new Map(Object.entries(parameters));
  return TABLE_MESSAGES[key].replace(
    /\{\{(\w+)\}\}/g,
    (_, name: string) => values.get(name) ?? '',
  );
}

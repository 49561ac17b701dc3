import {
  TABLE_LIMITS,
  type TableProblem,
  type TargetProblem,
} from '@greenroom/plugin-scaffolder-ml-common';

// Cells and column names are the owner's text: quoted, short, on one line.
function quote(value: string): string {
  return JSON.stringify(value.length > 60 ? `${value.slice(0, 60)}…` : value);
}

/** Says what is wrong with a table, and what would be right. */
export function describeTableProblem(problem: TableProblem): string {
  switch (problem.code) {
    case 'empty':
      return 'the file is empty; give a table with a header row';
    case 'not-text':
      return 'the file is not text; export the table as CSV (UTF-8)';
    case 'one-column':
      return 'the file has one column only; give a table with columns separated by commas';
    case 'too-many-columns':
      return `the table has ${problem.count} columns; give at most ${TABLE_LIMITS.maxColumns}`;
    case 'no-header':
      return 'the first row holds numbers only; put the names of the columns there';
    case 'unnamed-column':
      return `column ${problem.column} has no name; name it in the first row`;
    case 'duplicate-column':
      return `two columns are named ${quote(
        problem.name,
      )}; give each its own name`;
    case 'column-name':
      return `the name of column ${problem.column} has line breaks, control characters or more than ${TABLE_LIMITS.maxColumnNameLength} characters; give it a short name`;
    case 'unclosed-quote':
      return `row ${problem.row} has a quotation mark that does not match; double it within a quoted cell`;
    case 'ragged':
      return `row ${problem.row} has ${problem.found} cells where the header has ${problem.expected}; give every row the same number`;
    case 'too-few-rows':
      return `the table has ${problem.rows} rows; give at least ${TABLE_LIMITS.minRows}`;
    default:
      return problem satisfies never;
  }
}

/** Says why a column cannot be predicted, and what could. */
export function describeTargetProblem(
  problem: TargetProblem,
  target: string,
): string {
  switch (problem.code) {
    case 'target-missing':
      return `the table has no column ${quote(
        target,
      )}; it has ${problem.columns.slice(0, 20).map(quote).join(', ')}${
        problem.columns.length > 20 ? ' and more' : ''
      }`;
    case 'target-blank':
      return `column ${quote(target)} is empty in row ${
        problem.row
      }; fill it in or leave the row out`;
    case 'one-class':
      return `column ${quote(target)} is always ${quote(
        problem.value,
      )}; a classifier needs at least two classes`;
    case 'too-many-classes':
      return `column ${quote(target)} has ${
        problem.classes
      } different values, which are hardly classes; choose another column, or the task regression`;
    case 'rare-class':
      return `the class ${quote(problem.value)} of column ${quote(
        target,
      )} has ${problem.rows} rows; give each class at least ${
        TABLE_LIMITS.minRowsPerClass
      }, so that both training and test data have some`;
    case 'not-numeric':
      return `column ${quote(target)} holds ${quote(problem.value)} in row ${
        problem.row
      }; regression needs numbers (with a point, not a comma). Choose another column, or the task classification`;
    case 'constant':
      return `column ${quote(target)} is always ${quote(
        problem.value,
      )}; there is nothing to predict`;
    default:
      return problem satisfies never;
  }
}

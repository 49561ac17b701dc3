// SPDX-License-Identifier: Apache-2.0
import type { ModelTask } from '../types';
import { TABLE_LIMITS, type TargetProblem } from './tableProblems';
import type { ColumnProfile, TableProfile } from './tableProfile';

/** Numbers with more different values than this are predicted as numbers. */
const MAX_SUGGESTED_CLASSES = 20;

/** The classes of a column, 1 and 1.0 being the same number; undefined if too many. */
function countClasses(column: ColumnProfile): number | undefined {
  const values = column.distinct && [...column.distinct.keys()];
  return values && column.type === 'number'
    ? new Set(values.map(value => Number(value.replace(',', '.')))).size
    : values?.length;
}

function checkClasses(column: ColumnProfile): TargetProblem | undefined {
  const { count, distinct } = column;
  const classes = countClasses(column);
  if (classes === 1) {
    return { code: 'one-class', value: [...(distinct?.keys() ?? [])][0] };
  }
  if (classes === count) {
    return { code: 'all-different', rows: count };
  }
  return classes === undefined ||
    classes > Math.min(TABLE_LIMITS.maxClasses, count / 2)
    ? {
        code: 'too-many-classes',
        classes: classes ?? TABLE_LIMITS.maxClasses + 1,
      }
    : undefined;
}

/**
 * Says whether a column of a table can be the target of a task. Rows without a
 * value in it do not count.
 *
 * @returns undefined when it can
 * @public
 */
export function checkTarget(
  profile: TableProfile,
  target: string,
  task: ModelTask,
): TargetProblem | undefined {
  const column = profile.columns.find(({ name }) => name === target);
  if (!column) {
    return {
      code: 'target-missing',
      columns: profile.columns.map(({ name }) => name),
    };
  }
  if (column.count < TABLE_LIMITS.minRows) {
    return { code: 'target-blank', rows: column.count };
  }
  if (task === 'classification') {
    return checkClasses(column);
  }
  if (column.type !== 'number') {
    const { row = 2, value = '' } = column.noNumber ?? {};
    return {
      code: 'not-numeric',
      row,
      value,
      decimal: profile.csv.decimal,
    };
  }
  return column.minimum === column.maximum
    ? { code: 'constant', value: String(column.minimum) }
    : undefined;
}

/**
 * What a column most probably is the target of: numbers with many different
 * values are predicted as numbers, everything else as classes.
 *
 * @public
 */
export function suggestTask(profile: TableProfile, target: string): ModelTask {
  const column = profile.columns.find(({ name }) => name === target);
  return column?.type === 'number' &&
    (column.distinct?.size ?? Infinity) > MAX_SUGGESTED_CLASSES
    ? 'regression'
    : 'classification';
}

// SPDX-License-Identifier: Apache-2.0
import type { SortDescriptor } from '@backstage/ui';
import type { MlflowModelSummary } from '@greenroom/plugin-mlflow-common';

/** Names from A to Z at first, times from the newest. */
export function getFirstDirection(
  column: SortDescriptor['column'],
): SortDescriptor['direction'] {
  return column === 'model' ? 'ascending' : 'descending';
}

function getTime(
  { overview: { champion, lastRun } }: MlflowModelSummary,
  column: SortDescriptor['column'],
) {
  return column === 'champion'
    ? champion?.creationTime
    : (lastRun?.endTime ?? lastRun?.startTime);
}

/** Models by name, or by a time; those without it come last either way. */
export function sortModels(
  models: readonly MlflowModelSummary[],
  { column, direction }: SortDescriptor,
  locale: string,
) {
  const sign = direction === 'descending' ? -1 : 1;
  const { compare } = new Intl.Collator(locale, { numeric: true });
  return [...models].sort((a, b) => {
    const byName = compare(a.title, b.title);
    if (column === 'model') {
      return sign * byName;
    }
    const [left, right] = [getTime(a, column), getTime(b, column)];
    if (left === undefined || right === undefined) {
      return Number(left === undefined) - Number(right === undefined) || byName;
    }
    return sign * (left - right) || byName;
  });
}

// SPDX-License-Identifier: Apache-2.0
import { findBooleanWords } from './booleanWords';
import type { ColumnProfiler } from './ColumnProfiler';
import type { CellCount, ColumnProfile, ColumnSchema } from './tableProfile';

/** More different values than this are text. */
export const MAX_CATEGORIES = 50;

export function byCodeUnit(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

function describeType(
  column: ColumnProfiler,
  options: { format: number; decimal: '.' | ',' },
): Omit<ColumnSchema, 'name' | 'missing'> {
  if (column.count === 0) {
    return { type: 'number' };
  }
  const isNumber = (column.numberFormats & (1 << options.format)) !== 0;
  if (isNumber && !column.isZeroPadded) {
    return { type: 'number', ...column.getRange(options.decimal) };
  }
  const [format] = column.dateFormats ?? [];
  if (format !== undefined) {
    return { type: 'date', format };
  }
  if (column.overflown) {
    return { type: 'text' };
  }
  const values = [...column.distinct.keys()].sort(byCodeUnit);
  const words = findBooleanWords(values);
  if (words) {
    return { type: 'boolean', ...words };
  }
  return values.length <= MAX_CATEGORIES
    ? { type: 'category', values }
    : { type: 'text' };
}

function toCells(
  counts: ReadonlyMap<string, { count: number; row: number }>,
): CellCount[] {
  return [...counts].map(([value, where]) => ({ value, ...where }));
}

/** What a column holds, once the whole of it was read. */
export function describeColumn(
  column: ColumnProfiler,
  options: { name: string; format: number; decimal: '.' | ',' },
): ColumnProfile {
  const { type, ...facts } = describeType(column, options);
  return {
    name: options.name,
    type,
    missing: column.blanks > 0,
    ...facts,
    count: column.count,
    blanks: column.blanks,
    ...(column.overflown ? {} : { distinct: column.distinct }),
    ...(column.count > 0
      ? { noNumber: column.findNoNumber(options.format) }
      : {}),
    ...(type === 'date' ? { formats: column.dateFormats } : {}),
    ...(column.hasMostNumbers &&
    (type === 'category' || type === 'text') &&
    column.mostNumberFormats & (1 << options.format)
      ? {
          mostNumbers: {
            ...column.getRange(options.decimal),
            others: toCells(column.noNumbers),
          },
        }
      : {}),
    ...(column.markers.size > 0 ? { markers: toCells(column.markers) } : {}),
  };
}

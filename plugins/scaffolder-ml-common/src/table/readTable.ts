// SPDX-License-Identifier: Apache-2.0
import { byCodeUnit, MAX_CATEGORIES } from './describeColumn';
import type { ColumnProfile, CsvDialect, TableProfile } from './tableProfile';

/**
 * What a person says of the cells of a column that can be read in two ways.
 *
 * @public
 */
export const READ_ANSWERS = [
  'day-first',
  'month-first',
  'value',
  'missing',
  'number',
  'text',
] as const;

/**
 * One of {@link READ_ANSWERS}.
 *
 * @public
 */
export type ReadAnswer = (typeof READ_ANSWERS)[number];

/** Two letters, as countries and continents have them, or three, as airports. */
const CODE_LENGTHS = new Map([
  ['NA', 2],
  ['NAN', 3],
]);
/** Different codes that a column must have beside the one in doubt. */
const MIN_CODES = 4;

const isDayFirst = (format: string) => /^%d.%m/.test(format);
const isMonthFirst = (format: string) => /^%m.%d/.test(format);

/** Whether the dates of a column make sense with the day and with the month first. */
export function isAmbiguousDate({ formats = [] }: ColumnProfile): boolean {
  return formats.some(isDayFirst) && formats.some(isMonthFirst);
}

/**
 * What stands for a missing value elsewhere and may be a value in this column:
 * NA, among codes of two capitals, is Namibia or North America.
 *
 * @param values - the different values of the column
 */
export function findCodeMarker(
  column: ColumnProfile,
  values: readonly string[],
) {
  if (column.type !== 'category' && column.type !== 'text') {
    return undefined;
  }
  return column.markers?.find(({ value }) => {
    const length = CODE_LENGTHS.get(value);
    const others = values.filter(each => each !== value && each !== '');
    const codes = others.filter(
      each => each.length === length && /^[A-Z]+$/.test(each),
    );
    return (
      length !== undefined &&
      codes.length >= MIN_CODES &&
      codes.length >= 0.95 * others.length
    );
  });
}

function isValueElsewhere(
  profile: TableProfile,
  column: ColumnProfile,
  word: string,
): boolean {
  return profile.columns.some(
    other => other !== column && other.distinct?.has(word),
  );
}

/** Whether the few cells that are no number can be missing ones without loss elsewhere. */
export function mayBeNumbers(
  profile: TableProfile,
  column: ColumnProfile,
): boolean {
  return (
    column.mostNumbers?.others.every(
      ({ value }) => !isValueElsewhere(profile, column, value),
    ) ?? false
  );
}

function readColumn(
  profile: TableProfile,
  column: ColumnProfile,
  options: { answer: ReadAnswer | undefined; isTarget: boolean },
): ColumnProfile {
  const { answer, isTarget } = options;
  const { mostNumbers, formats = [] } = column;
  if (answer === 'day-first' || answer === 'month-first') {
    const format = formats.find(
      answer === 'day-first' ? isDayFirst : isMonthFirst,
    );
    return format ? { ...column, format, formats: [format] } : column;
  }
  if (answer === 'value') {
    const marker = column.markers?.find(({ value }) => CODE_LENGTHS.has(value));
    return marker ? withValue(column, marker) : column;
  }
  const isNumber =
    answer === 'number' || (answer === undefined && !isTarget && mostNumbers);
  if (isNumber && mostNumbers && mayBeNumbers(profile, column)) {
    const { values, true: yes, false: no, noNumber, ...rest } = column;
    const { minimum, maximum, others } = mostNumbers;
    const unreadable = others.map(({ value }) => value);
    const lost = others.reduce((sum, { count }) => sum + count, 0);
    return {
      ...rest,
      type: 'number',
      minimum,
      maximum,
      missing: true,
      unreadable,
      count: column.count - lost,
      blanks: column.blanks + lost,
    };
  }
  return column;
}

/** The column, where a marker is a value like others. */
function withValue(
  column: ColumnProfile,
  { value, count }: { value: string; count: number },
): ColumnProfile {
  const blanks = column.blanks - count;
  const values =
    column.values && column.values.length < MAX_CATEGORIES
      ? [...column.values, value].sort(byCodeUnit)
      : undefined;
  const { values: _, ...rest } = column;
  return {
    ...rest,
    type: values ? 'category' : 'text',
    ...(values ? { values } : {}),
    missing: blanks > 0,
    blanks,
    count: column.count + count,
    ...(column.distinct
      ? { distinct: new Map([...column.distinct, [value, count]]) }
      : {}),
    present: [value],
  };
}

/** What stands for a missing value, once each column is read as it was said. */
function readMissing(
  { missing }: CsvDialect,
  columns: ColumnProfile[],
): string[] {
  const isNeeded = (word: string) =>
    !columns.some(({ present }) => present?.includes(word)) ||
    columns.some(
      ({ markers, present }) =>
        !present?.includes(word) &&
        markers?.some(({ value }) => value === word),
    );
  return [
    ...new Set([
      ...missing.filter(spelling => isNeeded(spelling.trim())),
      ...columns.flatMap(({ unreadable = [] }) => unreadable),
    ]),
  ];
}

/**
 * The profile of a table whose doubtful columns are read as a person said: dates
 * with the day or the month first, NA as a value, a column with a few cells that
 * are no number as numbers (which it is unless `text` is said) or as texts.
 *
 * @param options - `read`: what was said, by column
 * @public
 */
export function readTable(
  profile: TableProfile,
  options: { target?: string; read?: Readonly<Record<string, ReadAnswer>> },
): TableProfile {
  const read = new Map(Object.entries(options.read ?? {}));
  const columns = profile.columns.map(column =>
    readColumn(profile, column, {
      answer: read.get(column.name),
      isTarget: column.name === options.target,
    }),
  );
  return {
    ...profile,
    csv: { ...profile.csv, missing: readMissing(profile.csv, columns) },
    columns,
  };
}

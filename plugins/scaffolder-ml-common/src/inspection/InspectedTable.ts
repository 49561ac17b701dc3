// SPDX-License-Identifier: Apache-2.0
import { parseNumber } from '../table/numberFormats';
import type { ColumnProfile, TableProfile } from '../table';

/** The cells of a column, for questions about rows. */
export interface InspectedColumn {
  profile: ColumnProfile;
  name: string;
  /** The different values, trimmed. */
  values: readonly string[];
  /** Of each row, the place of its value; -1 where it is missing. */
  places: Int32Array;
  /** Of each different value, its number; NaN where it is none. */
  numbers: Float64Array;
  /** How many rows have a value, and how many different ones there are. */
  count: number;
  distinct: number;
  /** Whether every value is a whole number. */
  isWhole: boolean;
}

function inspectColumn(
  table: TableProfile,
  index: number,
  missing: ReadonlySet<string>,
): InspectedColumn {
  const profile = table.columns[index];
  const { values, places } = table.sample.getColumn(index);
  const { decimal, thousands } = table.csv;
  const isMissing = (value: string) =>
    value === '' ||
    (missing.has(value) && !profile.present?.includes(value)) ||
    (profile.unreadable?.includes(value) ?? false);
  const isNumber = profile.type === 'number';
  const numbers = Float64Array.from(values, value => {
    if (!isNumber || isMissing(value)) {
      return NaN;
    }
    return parseNumber(
      thousands ? value.replaceAll(thousands, '') : value,
      decimal,
    );
  });
  // The same number may be written in several ways.
  const firsts = new Map<number | string, number>();
  const kept = Int32Array.from(values, (value, place) => {
    if (isMissing(value)) {
      return -1;
    }
    const key = Number.isNaN(numbers[place]) ? value : numbers[place];
    const first = firsts.get(key) ?? place;
    firsts.set(key, first);
    return first;
  });
  const cells = places.map(place => kept[place]);
  return {
    profile,
    name: profile.name,
    values,
    places: cells,
    numbers,
    count: cells.reduce((sum, place) => sum + Number(place >= 0), 0),
    distinct: firsts.size,
    isWhole:
      isNumber &&
      firsts.size > 0 &&
      [...firsts.values()].every(place => Number.isInteger(numbers[place])),
  };
}

/** A table as it is inspected: its columns with their cells, and the target. */
export class InspectedTable {
  readonly columns: InspectedColumn[];
  readonly target: InspectedColumn | undefined;
  readonly rows: number;

  constructor(profile: TableProfile, target: string | undefined) {
    const missing = new Set(profile.csv.missing.map(word => word.trim()));
    const columns = profile.columns.map((_, index) =>
      inspectColumn(profile, index, missing),
    );
    this.columns = columns.filter(({ name }) => name !== target);
    this.target = columns.find(({ name }) => name === target);
    this.rows = profile.sample.rows;
  }
}

/** How often each value of a column is there, by its place. */
export function countPlaces(column: InspectedColumn): Map<number, number> {
  const counts = new Map<number, number>();
  for (const place of column.places) {
    if (place >= 0) {
      counts.set(place, (counts.get(place) ?? 0) + 1);
    }
  }
  return counts;
}

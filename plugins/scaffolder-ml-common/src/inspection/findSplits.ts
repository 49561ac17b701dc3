// SPDX-License-Identifier: Apache-2.0
import { isIdName, isSubjectName, isTimeName } from './columnNames';
import { LEFT_OUT, toFinding, type Finding } from './findings';
import { quote } from './findingMessages';
import {
  countPlaces,
  type InspectedColumn,
  type InspectedTable,
} from './InspectedTable';
import { toMoments } from './toMoments';

/** Fewer groups are kinds of rows. */
const MIN_GROUPS = 10;
/** Groups of one size, without a name that says what they are. */
const MIN_UNNAMED_GROUPS = 20;
const MAX_GROUP_SIZE = 200;
/** Fewer moments cannot be split into old and new. */
const MIN_MOMENTS = 20;
/** Of dates in order, as many years of several things are. */
const MIN_DATES = 10;
const NEARLY_ALL = 0.95;

/** How rows follow each other in time. */
interface Order {
  column: InspectedColumn;
  distinct: number;
  /** Whether no row is older than the one before it (or none is newer). */
  isSorted: boolean;
  isRising: boolean;
  /** Whether that holds but for a few new starts, as with one series after another. */
  isMostlySorted: boolean;
  count: number;
}

function readOrder(column: InspectedColumn): Order | undefined {
  const moments = toMoments(column);
  if (!moments) {
    return undefined;
  }
  let [up, down, pairs, count] = [0, 0, 0, 0];
  let before = NaN;
  const seen = new Set<number>();
  for (const place of column.places) {
    const now = place >= 0 ? moments[place] : NaN;
    if (!Number.isNaN(now)) {
      count += 1;
      seen.add(now);
      if (!Number.isNaN(before)) {
        pairs += 1;
        up += Number(now > before);
        down += Number(now < before);
      }
      before = now;
    }
  }
  const against = Math.min(up, down);
  return {
    column,
    distinct: seen.size,
    count,
    isSorted: against === 0 && seen.size > 1,
    isRising: down === 0,
    isMostlySorted: against <= (1 - NEARLY_ALL) * pairs,
  };
}

function toTimeFinding(order: Order): Finding {
  const { profile, name } = order.column;
  const isDate = profile.type === 'date';
  const isText = profile.type === 'text' || profile.type === 'category';
  // Rows that are in order already are cut where they are, not between years.
  const hasMoments = order.distinct >= MIN_MOMENTS || !order.isRising;
  return toFinding({
    code: 'time-order',
    column: name,
    message: isDate ? 'date' : 'time-order',
    parameters: { column: quote(name) },
    split: { by: 'time', ...(hasMoments ? { column: name } : {}) },
    ...(isText ? LEFT_OUT : {}),
  });
}

/** The column by which rows are apart in time, if they are. */
function findTime(table: InspectedTable): (Finding & { isSorted: boolean })[] {
  const orders = table.columns
    .flatMap(column => readOrder(column) ?? [])
    .filter(({ column, count, distinct, isSorted, isMostlySorted }) => {
      if (count < NEARLY_ALL * table.rows || distinct < 3) {
        return false;
      }
      const isDate = column.profile.type === 'date';
      return isDate
        ? (distinct >= MIN_DATES && (isSorted || isMostlySorted)) ||
            (distinct >= MIN_MOMENTS && distinct >= count / 2)
        : isSorted;
    })
    .sort(
      (a, b) =>
        Number(b.isSorted) - Number(a.isSorted) ||
        Number(b.column.profile.type === 'date') -
          Number(a.column.profile.type === 'date') ||
        b.distinct - a.distinct,
    );
  return orders
    .slice(0, 1)
    .map(order => ({ ...toTimeFinding(order), isSorted: order.isSorted }));
}

/**
 * Whether each value is there in one run of rows, and the runs are as long, or
 * their numbers in no order: a column that is only sorted has runs, too.
 */
function isInBlocks(column: InspectedColumn, sizes: Map<number, number>) {
  let [runs, up, down] = [0, 0, 0];
  let before = -2;
  for (const place of column.places) {
    if (place !== before) {
      runs += 1;
      const step = column.numbers[place] - column.numbers[before];
      up += Number(step > 0);
      down += Number(step < 0);
    }
    before = place;
  }
  const lengths = new Map<number, number>();
  for (const size of sizes.values()) {
    lengths.set(size, (lengths.get(size) ?? 0) + 1);
  }
  const isEven = Math.max(...lengths.values()) >= 0.9 * sizes.size;
  return runs === sizes.size && (isEven || (up > 0 && down > 0));
}

function findGroup(
  column: InspectedColumn,
  rows: number,
): { finding: Finding; distinct: number; isNamed: boolean } | undefined {
  const { name, profile, distinct, count } = column;
  const isCode =
    column.isWhole || profile.type === 'category' || profile.type === 'text';
  const size = count / Math.max(distinct, 1);
  if (
    !isCode ||
    isTimeName(name) ||
    count < NEARLY_ALL * rows ||
    distinct < MIN_GROUPS ||
    distinct >= NEARLY_ALL * count ||
    size > MAX_GROUP_SIZE
  ) {
    return undefined;
  }
  const isNamed = isIdName(name) || isSubjectName(name);
  const isStructured =
    distinct >= MIN_UNNAMED_GROUPS &&
    size >= 2 &&
    isInBlocks(column, countPlaces(column));
  if (!(isNamed && (size >= 1.2 || distinct >= 50)) && !isStructured) {
    return undefined;
  }
  return {
    distinct,
    isNamed,
    finding: toFinding({
      code: 'repeated-id',
      column: name,
      message: 'repeated-id',
      parameters: {
        column: quote(name),
        size: size.toFixed(size < 10 ? 1 : 0),
      },
      split: { by: 'group', column: name },
      ...LEFT_OUT,
    }),
  };
}

/**
 * What speaks for a split by time or by group, the better proposal first.
 *
 * @param taken - columns that were found to count or to name the rows
 */
export function findSplits(
  table: InspectedTable,
  taken: ReadonlySet<string>,
): Finding[] {
  const free = table.columns.filter(({ name }) => !taken.has(name));
  const groups = free
    .flatMap(column => findGroup(column, table.rows) ?? [])
    // The coarser groups hold the finer: families, then persons.
    .sort(
      (a, b) =>
        Number(b.isNamed) - Number(a.isNamed) || a.distinct - b.distinct,
    )
    .map(({ finding }) => finding);
  const times = findTime(table);
  const [time] = times;
  const found = times.map(({ isSorted, ...finding }) => finding);
  return time?.isSorted ? [...found, ...groups] : [...groups, ...found];
}

// SPDX-License-Identifier: Apache-2.0
import type { ModelTask } from '../types';
import { toFinding, type Finding } from './findings';
import { formatPercent, quote } from './findingMessages';
import type { InspectedColumn, InspectedTable } from './InspectedTable';

/** Of what the largest class leaves open, so much is told by one column: no accident. */
const DECIDES_CLASS = 0.97;
/** The share of the variance that one column explains (R²). */
const DECIDES_NUMBER = 0.995;
/** In rows that follow each other: the share of the change that it explains too. */
const DECIDES_CHANGE = 0.8;
/** A column with fewer different values on average says who a row is, not why. */
const MIN_ROWS_PER_TEXT = 2;

/** Of each row with both, where its value stands in order, and what is predicted. */
interface Pairs {
  /** Rows by the value of the feature. */
  order: Int32Array;
  /** Of each row, a number that is the same where the value is. */
  keys: Float64Array;
  isNumeric: boolean;
}

function sortRows(feature: InspectedColumn, rows: Int32Array): Pairs {
  const isNumeric = feature.profile.type === 'number';
  const keys = Float64Array.from(rows, row => {
    const place = feature.places[row];
    if (place < 0) {
      return isNumeric ? -Infinity : -1;
    }
    return isNumeric ? feature.numbers[place] : place;
  });
  const order = Int32Array.from(rows, (_, index) => index);
  order.sort((a, b) => keys[a] - keys[b]);
  return { order, keys, isNumeric };
}

/** The runs of rows with one value, in order: from (with) and to (without). */
function* listRuns({ order, keys }: Pairs): Generator<[number, number]> {
  let from = 0;
  for (let to = 1; to <= order.length; to++) {
    if (to === order.length || keys[order[to]] !== keys[order[from]]) {
      yield [from, to];
      from = to;
    }
  }
}

/**
 * The share of rows whose class is told by the other rows with the same value,
 * or for a number that is there once by the rows with the next smaller and
 * larger one: a rule of one column, judged by leaving one row out.
 */
function tellClasses(pairs: Pairs, classes: Int32Array): number {
  const { order, isNumeric } = pairs;
  let right = 0;
  const at = (index: number) =>
    index >= 0 && index < order.length ? classes[order[index]] : -1;
  for (const [from, to] of listRuns(pairs)) {
    if (to - from === 1) {
      const own = at(from);
      const [before, after] = [at(from - 1), at(to)];
      if (isNumeric && (before < 0 || after < 0 || before === after)) {
        right += Number((before < 0 ? after : before) === own);
      } else if (isNumeric) {
        right += 0.5 * Number(before === own || after === own);
      }
      continue;
    }
    const counts = new Map<number, number>();
    for (let index = from; index < to; index++) {
      counts.set(at(index), (counts.get(at(index)) ?? 0) + 1);
    }
    const [first, second = 0] = [...counts.values()].sort((a, b) => b - a);
    // Without its own vote, a row of the largest class needs one more than others.
    right += first > second + 1 || second === 0 ? first : first / 2;
  }
  return right / order.length;
}

/**
 * The share of the variance of numbers that is told by the other rows with the
 * same value, or by a straight line between the next smaller and larger one.
 */
function tellNumbers(pairs: Pairs, numbers: Float64Array): number {
  const { order, keys, isNumeric } = pairs;
  const mean = numbers.reduce((sum, each) => sum + each, 0) / numbers.length;
  const runs = [...listRuns(pairs)].map(([from, to]) => {
    let sum = 0;
    for (let index = from; index < to; index++) {
      sum += numbers[order[index]];
    }
    return { from, to, sum, key: keys[order[from]] };
  });
  const average = (index: number) => {
    const run = runs[index];
    return run && run.sum / (run.to - run.from);
  };
  let left = 0;
  let total = 0;
  for (const [place, { from, to, sum, key }] of runs.entries()) {
    const [before, after] = [runs[place - 1], runs[place + 1]];
    let between = mean;
    if (isNumeric && before && after && Number.isFinite(before.key)) {
      const weight = (key - before.key) / (after.key - before.key);
      between = average(place - 1) * (1 - weight) + average(place + 1) * weight;
    } else if (isNumeric && (before ?? after)) {
      between = average(before ? place - 1 : place + 1);
    }
    for (let index = from; index < to; index++) {
      const own = numbers[order[index]];
      const told = to - from > 1 ? (sum - own) / (to - from - 1) : between;
      // The ends of the range have neighbours on one side only.
      if (to - from > 1 || !isNumeric || (before && after)) {
        left += (own - told) ** 2;
      }
      total += (own - mean) ** 2;
    }
  }
  return total > 0 ? 1 - left / total : 0;
}

/**
 * The squared correlation of changes from row to row: what both grow with, such
 * as time, tells nothing of them.
 */
function tellChanges(
  feature: InspectedColumn,
  rows: Int32Array,
  numbers: Float64Array,
): number {
  let [count, x, y, xx, yy, xy] = [0, 0, 0, 0, 0, 0];
  for (let index = 1; index < rows.length; index++) {
    const [before, now] = [
      feature.places[rows[index - 1]],
      feature.places[rows[index]],
    ];
    if (before >= 0 && now >= 0) {
      const dx = feature.numbers[now] - feature.numbers[before];
      const dy = numbers[index] - numbers[index - 1];
      count += 1;
      x += dx;
      y += dy;
      xx += dx * dx;
      yy += dy * dy;
      xy += dx * dy;
    }
  }
  const spread = (xx - (x * x) / count) * (yy - (y * y) / count);
  return spread > 0 ? (xy - (x * y) / count) ** 2 / spread : 0;
}

/** Whether a column can be a rule at all: not a name of the row, not a date. */
function isRule({ profile, distinct, count }: InspectedColumn): boolean {
  return (
    distinct > 1 &&
    profile.type !== 'date' &&
    (profile.type === 'number' || count >= MIN_ROWS_PER_TEXT * distinct)
  );
}

function toLeak(
  message: 'decides-class' | 'decides-number',
  options: { column: string; target: string; share: number },
): Finding {
  const { column, target, share } = options;
  return toFinding({
    code: 'decides-target',
    column,
    message,
    parameters: {
      column: quote(column),
      target: quote(target),
      percent: formatPercent(share),
    },
    answers: ['leave-out', 'keep'],
  });
}

/**
 * Features that alone tell the target, exactly or nearly so: another form of the
 * answer, most often, that nobody has before it.
 *
 * @param options - `taken`: columns that were found to name the rows, or their
 *   order; `isInTime`: whether rows follow each other in time
 */
export function findLeaks(
  table: InspectedTable,
  task: ModelTask,
  options: { taken: ReadonlySet<string>; isInTime: boolean },
): Finding[] {
  const { taken, isInTime } = options;
  const { target } = table;
  if (!target || target.distinct < 2) {
    return [];
  }
  const rows = Int32Array.from(
    [...target.places.keys()].filter(row => target.places[row] >= 0),
  );
  const places = Int32Array.from(rows, row => target.places[row]);
  const features = table.columns.filter(
    column => !taken.has(column.name) && isRule(column),
  );
  if (task === 'regression') {
    if (target.profile.type !== 'number') {
      return [];
    }
    const numbers = Float64Array.from(places, place => target.numbers[place]);
    return features.flatMap(feature => {
      const share = tellNumbers(sortRows(feature, rows), numbers);
      const isLeak =
        share >= DECIDES_NUMBER &&
        (!isInTime || tellChanges(feature, rows, numbers) >= DECIDES_CHANGE);
      return isLeak
        ? [
            toLeak('decides-number', {
              column: feature.name,
              target: target.name,
              share,
            }),
          ]
        : [];
    });
  }
  const counts = new Map<number, number>();
  for (const place of places) {
    counts.set(place, (counts.get(place) ?? 0) + 1);
  }
  const largest = Math.max(...counts.values()) / places.length;
  return features.flatMap(feature => {
    const share = tellClasses(sortRows(feature, rows), places);
    return (share - largest) / (1 - largest) >= DECIDES_CLASS
      ? [
          toLeak('decides-class', {
            column: feature.name,
            target: target.name,
            share,
          }),
        ]
      : [];
  });
}

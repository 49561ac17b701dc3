// SPDX-License-Identifier: Apache-2.0
import { isIdName, isNumberName, isSplitName, isTimeName } from './columnNames';
import { LEFT_OUT, toFinding, type Finding } from './findings';
import { quote } from './findingMessages';
import {
  countPlaces,
  type InspectedColumn,
  type InspectedTable,
} from './InspectedTable';

/** Fewer different values may count something else: hours, months, places. */
const MIN_COUNTED = 32;
const NEARLY_ALL = 0.95;
/** Of a name that is there in some rows only. */
const MIN_NAMES = 20;
/** Pairs of rows that chance would give the same number. */
const MIN_COLLISIONS = 10;

const SPLIT_VALUES = new Set(
  'train training test testing val valid validation dev holdout eval evaluation'.split(
    ' ',
  ),
);

function findConstant({
  name,
  profile,
  distinct,
  count,
  values,
  places,
}: InspectedColumn): Finding | undefined {
  if (distinct > 1 || (count > 0 && profile.blanks > 0)) {
    return undefined;
  }
  return toFinding({
    code: 'constant-column',
    column: name,
    message: count === 0 ? 'empty' : 'constant',
    parameters: {
      column: quote(name),
      value: count === 0 ? '' : quote(values[places[0]]),
    },
    ...LEFT_OUT,
  });
}

function findSplit(column: InspectedColumn): Finding | undefined {
  const { name, values, distinct } = column;
  const used = [...new Set(column.places)]
    .filter(place => place >= 0)
    .map(place => values[place]);
  const isNamed =
    isSplitName(name) &&
    (distinct <= 3 || (column.isWhole && distinct <= 20 && /fold/i.test(name)));
  const isSaid =
    distinct >= 2 &&
    distinct <= 4 &&
    used.every(value => SPLIT_VALUES.has(value.toLowerCase()));
  return isNamed || isSaid
    ? toFinding({
        code: 'split-column',
        column: name,
        message: 'split',
        parameters: {
          column: quote(name),
          values: used.slice(0, 4).map(quote).join(', '),
        },
        ...LEFT_OUT,
      })
    : undefined;
}

/** Whether a whole number goes up by one from row to row, but for a few new starts. */
function isCounter({ places, numbers, distinct }: InspectedColumn): boolean {
  let steps = 0;
  for (let row = 1; row < places.length; row++) {
    const [before, now] = [places[row - 1], places[row]];
    if (before >= 0 && now >= 0 && numbers[now] - numbers[before] === 1) {
      steps += 1;
    }
  }
  return distinct >= MIN_COUNTED && steps >= 0.9 * (places.length - 1);
}

function getRange({ numbers }: InspectedColumn) {
  let minimum = Infinity;
  let maximum = -Infinity;
  for (const number of numbers) {
    if (number < minimum) {
      minimum = number;
    }
    if (number > maximum) {
      maximum = number;
    }
  }
  return maximum - minimum;
}

function findIndex(column: InspectedColumn): Finding | undefined {
  const { name, values, places, distinct, count } = column;
  if (!column.isWhole || isTimeName(name) || distinct < MIN_COUNTED) {
    return undefined;
  }
  const isPermutation = distinct === count && getRange(column) === count - 1;
  if (!isPermutation && !isCounter(column)) {
    return undefined;
  }
  const [first, second, third] = [...places.subarray(0, 3)].map(
    place => values[place] ?? '',
  );
  return toFinding({
    code: 'index-column',
    column: name,
    message: 'index',
    parameters: { column: quote(name), first, second, third },
    ...LEFT_OUT,
  });
}

/**
 * Whether whole numbers are too different to be quantities: of so many drawn at
 * random from their range, some pairs would be alike (the birthday problem).
 */
function isNumbering(column: InspectedColumn): boolean {
  const { count } = column;
  const expected = (count * (count - 1)) / 2 / (getRange(column) + 1);
  let alike = 0;
  for (const size of countPlaces(column).values()) {
    alike += (size * (size - 1)) / 2;
  }
  return expected >= MIN_COLLISIONS && alike <= 0.05 * expected;
}

function findId(column: InspectedColumn, rows: number): Finding | undefined {
  const { name, profile, count, distinct, isWhole } = column;
  const isNearlyUnique = distinct >= NEARLY_ALL * count;
  const isText = profile.type === 'text' || profile.type === 'category';
  const isNumber =
    isWhole &&
    !isTimeName(name) &&
    count >= rows / 2 &&
    isNearlyUnique &&
    (isNumberName(name) || isNumbering(column));
  if (!isNumber && !(isText && isNearlyUnique && count >= MIN_NAMES)) {
    return undefined;
  }
  return toFinding({
    code: isNumber ? 'id-column' : 'unique-text',
    column: name,
    message: isNumber ? 'id-number' : 'id',
    parameters: {
      column: quote(name),
      distinct: String(distinct),
      rows: String(count),
    },
    ...LEFT_OUT,
  });
}

/** Codes with zeros before them; they are texts already. */
function findZeroPadded({
  name,
  profile,
  values,
}: InspectedColumn): Finding | undefined {
  const isCode =
    (profile.type === 'text' || profile.type === 'category') &&
    profile.noNumber === undefined &&
    values.some(value => /^0\d+$/.test(value));
  return isCode
    ? toFinding({
        code: 'zero-padded-code',
        column: name,
        message: 'zero-padded',
        parameters: {
          column: quote(name),
          value: values.find(value => value.startsWith('0')) ?? '',
        },
        answers: LEFT_OUT.answers,
        proposal: 'keep',
      })
    : undefined;
}

/** Numbers that are the values of a column that names the rows, or 0 for none. */
function findReference(
  column: InspectedColumn,
  ids: InspectedColumn[],
): Finding | undefined {
  if (
    !column.isWhole ||
    column.distinct < MIN_COUNTED ||
    !isIdName(column.name)
  ) {
    return undefined;
  }
  const used = [...column.numbers].filter(number => number > 0);
  const other = ids.find(id => {
    const known = new Set(id.numbers);
    return used.filter(number => known.has(number)).length >= 0.9 * used.length;
  });
  return other
    ? toFinding({
        code: 'id-column',
        column: column.name,
        message: 'reference',
        parameters: { column: quote(column.name), other: quote(other.name) },
        ...LEFT_OUT,
      })
    : undefined;
}

/**
 * Columns that no model should learn from: they count or name the rows, say how
 * their author split them, or are always the same.
 */
export function findColumns(table: InspectedTable): Finding[] {
  const findings = table.columns.flatMap(column => {
    const found =
      findConstant(column) ??
      findSplit(column) ??
      findIndex(column) ??
      findId(column, table.rows) ??
      findZeroPadded(column);
    return found ? [found] : [];
  });
  const ids = table.columns.filter(
    ({ name, isWhole }) =>
      isWhole &&
      findings.some(
        ({ column, code }) => column === name && code === 'id-column',
      ),
  );
  const references = table.columns
    .filter(({ name }) => !findings.some(({ column }) => column === name))
    .flatMap(column => findReference(column, ids) ?? []);
  return [...findings, ...references];
}

// SPDX-License-Identifier: Apache-2.0
import type { ColumnProfile, TableProfile } from '../table';
import {
  findCodeMarker,
  isAmbiguousDate,
  mayBeNumbers,
} from '../table/readTable';
import { toFinding, type Finding } from './findings';
import { quote } from './findingMessages';

const LISTED = 5;
/** Among texts that begin like numbers, so many are numbers. */
const MIN_NUMBER_SHARE = 0.1;
const LIKE_NUMBER = /^[[(<>~≈±]? ?[+-]?\d/;
const NUMBER = /^[+-]?\d+(?:[.,]\d+)?$/;
/** With a remark in brackets or a unit. */
const REMARKED = /^[+-]?\d+(?:[.,]\d+)? ?(?:\([^()]{1,6}\)|[%°€$A-Za-z]{1,4})$/;

function findDate(
  column: ColumnProfile,
  values: readonly string[],
): Finding | undefined {
  return isAmbiguousDate(column)
    ? toFinding({
        code: 'ambiguous-date',
        column: column.name,
        message: 'ambiguous-date',
        parameters: {
          column: quote(column.name),
          value: quote(values.find(value => value !== '') ?? ''),
        },
        answers: ['day-first', 'month-first'],
      })
    : undefined;
}

function findMarker(
  column: ColumnProfile,
  values: readonly string[],
): Finding | undefined {
  const marker = findCodeMarker(column, values);
  return marker
    ? toFinding({
        code: 'na-as-value',
        column: column.name,
        message: 'na-value',
        parameters: {
          column: quote(column.name),
          value: quote(marker.value),
          found: String(marker.count),
          row: String(marker.row),
          others: values
            .filter(
              value =>
                value !== marker.value && value.length === marker.value.length,
            )
            .slice(0, 3)
            .map(quote)
            .join(', '),
        },
        answers: ['value', 'missing'],
      })
    : undefined;
}

function listCells(cells: { value: string; row: number; count: number }[]) {
  const listed = cells
    .slice(0, LISTED)
    .map(({ value, row, count }) =>
      count > 1
        ? `${quote(value)} (row ${row} and ${count - 1} more)`
        : `${quote(value)} (row ${row})`,
    );
  return `${listed.join(', ')}${cells.length > LISTED ? ', …' : ''}`;
}

function findUnreadable(
  profile: TableProfile,
  column: ColumnProfile,
): Finding | undefined {
  const { mostNumbers, name } = column;
  if (!mostNumbers || !mayBeNumbers(profile, column)) {
    return undefined;
  }
  const { others } = mostNumbers;
  return toFinding({
    code: 'unreadable-cells',
    column: name,
    message: 'unreadable',
    parameters: {
      column: quote(name),
      found: String(others.reduce((sum, { count }) => sum + count, 0)),
      cells: listCells(others),
    },
    answers: ['number', 'text'],
    proposal: 'number',
  });
}

/** Numbers with a unit, a remark or a mark, such as `76 (+1)`, too many to be missing. */
function findMixed(
  column: ColumnProfile,
  values: readonly string[],
): Finding | undefined {
  const { type, name, noNumber } = column;
  const used = values.filter(value => value !== '');
  if (type !== 'text' || !noNumber) {
    return undefined;
  }
  const numbers = used.filter(value => NUMBER.test(value));
  const alike = used.filter(value => LIKE_NUMBER.test(value));
  const others = used.filter(value => !NUMBER.test(value));
  const remarked = used.filter(value => REMARKED.test(value));
  const isMixed =
    others.length > 0 &&
    ((alike.length >= 0.9 * used.length &&
      numbers.length >= MIN_NUMBER_SHARE * used.length) ||
      remarked.length >= 0.9 * used.length);
  return isMixed
    ? toFinding({
        code: 'unreadable-cells',
        column: name,
        message: 'mixed-texts',
        parameters: {
          column: quote(name),
          found: String(others.length),
          cells: `${quote(noNumber.value)} in row ${noNumber.row}`,
        },
      })
    : undefined;
}

/** Cells that can be read in two ways, or not as what the column holds. */
export function findReadings(
  profile: TableProfile,
  target: string | undefined,
): Finding[] {
  return profile.columns.flatMap((column, index) => {
    const { values } = profile.sample.getColumn(index);
    const found =
      findDate(column, values) ??
      findMarker(column, values) ??
      (column.name === target ? undefined : findUnreadable(profile, column)) ??
      findMixed(column, values);
    return found ? [found] : [];
  });
}

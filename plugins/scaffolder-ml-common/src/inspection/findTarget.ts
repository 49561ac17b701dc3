// SPDX-License-Identifier: Apache-2.0
import type { ModelTask } from '../types';
import { RARE_SHARE } from './constantAnswer';
import { toFinding, type Finding } from './findings';
import { formatPercent, quote } from './findingMessages';
import {
  countPlaces,
  type InspectedColumn,
  type InspectedTable,
} from './InspectedTable';

/** Classes with fewer rows can hardly be learnt. */
const RARE_ROWS = 5;
/** More different counts than this are a quantity. */
const MIN_COUNTS = 10;
/** With fewer, a quarter of the rows says little of a model. */
const FEW_ROWS = 200;
const TEST_SHARE = 0.25;

function findRare(target: InspectedColumn): Finding[] {
  const counts = [...countPlaces(target)].sort((a, b) => b[1] - a[1]);
  const [place, largest] = counts[0];
  const share = largest / target.count;
  const few = counts.filter(([, count]) => count < RARE_ROWS);
  return [
    ...(share >= RARE_SHARE
      ? [
          toFinding({
            code: 'rare-classes',
            column: target.name,
            message: 'rare-majority',
            parameters: {
              percent: formatPercent(share),
              value: quote(target.values[place]),
            },
          }),
        ]
      : []),
    ...(few.length > 0
      ? [
          toFinding({
            code: 'small-classes',
            column: target.name,
            message: 'rare-few',
            parameters: {
              found: String(few.length),
              limit: String(RARE_ROWS),
              values: `${few
                .slice(0, 3)
                .map(([each]) => quote(target.values[each]))
                .join(', ')}${few.length > 3 ? ', …' : ''}`,
            },
          }),
        ]
      : []),
  ];
}

/** Whole numbers from 0 or 1 on, of which small ones are frequent and large ones rare. */
function findCounts(target: InspectedColumn): Finding | undefined {
  const counts = [...countPlaces(target)];
  const numbers = counts.map(([place]) => target.numbers[place]);
  const minimum = Math.min(...numbers);
  const maximum = Math.max(...numbers);
  const sizes = counts.map(([, count]) => count).sort((a, b) => a - b);
  const median = sizes[Math.floor(sizes.length / 2)];
  const isUneven = sizes[sizes.length - 1] >= 4 * median;
  return target.isWhole &&
    minimum >= 0 &&
    counts.length > MIN_COUNTS &&
    isUneven
    ? toFinding({
        code: 'counts-as-classes',
        column: target.name,
        message: 'counts',
        parameters: {
          column: quote(target.name),
          minimum: String(minimum),
          maximum: String(maximum),
          distinct: String(counts.length),
        },
      })
    : undefined;
}

/** What is to be known of the target and of the number of rows before a gate is chosen. */
export function findTarget(table: InspectedTable, task: ModelTask): Finding[] {
  const { target } = table;
  if (!target || target.count === 0) {
    return [];
  }
  const isFew = target.count < FEW_ROWS;
  return [
    ...(task === 'classification'
      ? [...findRare(target), ...[findCounts(target) ?? []].flat()]
      : []),
    ...(isFew
      ? [
          toFinding({
            code: 'few-rows',
            message: 'few-rows',
            parameters: {
              rows: String(target.count),
              heldOut: String(Math.round(target.count * TEST_SHARE)),
            },
          }),
        ]
      : []),
  ];
}

const MIX = 0x01000193;

/** Rows that are exact copies of an earlier one, by two hashes of 32 bits. */
export function findDuplicates(table: InspectedTable): Finding[] {
  const columns = [...table.columns, ...(table.target ? [table.target] : [])];
  const first = new Int32Array(table.rows).fill(0x811c9dc5);
  const second = new Int32Array(table.rows);
  for (const { places } of columns) {
    for (let row = 0; row < places.length; row++) {
      first[row] = Math.imul(first[row] ^ places[row], MIX);
      second[row] = Math.imul(second[row] + places[row] + 1, 0x85ebca6b);
      // eslint-disable-next-line no-bitwise -- the upper bits reach the lower ones
      second[row] ^= second[row] >>> 13;
    }
  }
  const seen = new Set<string>();
  for (let row = 0; row < table.rows; row++) {
    seen.add(`${first[row]} ${second[row]}`);
  }
  const count = table.rows - seen.size;
  return count > 0
    ? [
        toFinding({
          code: 'duplicate-rows',
          message: 'duplicates',
          parameters: { found: String(count), rows: String(table.rows) },
        }),
      ]
    : [];
}

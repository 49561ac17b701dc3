// SPDX-License-Identifier: Apache-2.0
import { toFinding, type Finding } from './findings';
import { quote } from './findingMessages';
import type { InspectedColumn, InspectedTable } from './InspectedTable';

/** Pairs of more columns take too long. */
const MAX_COLUMNS = 200;
/** Rounding of decimal numbers. */
const TOLERANCE = 1e-6;

const numberOf = ({ places, numbers }: InspectedColumn, row: number) =>
  places[row] < 0 ? NaN : numbers[places[row]];

/** Whether two columns add up to the target in all rows, and neither does alone. */
function isSum(
  first: InspectedColumn,
  second: InspectedColumn,
  target: InspectedColumn,
): boolean {
  let [rows, firsts, seconds] = [0, 0, 0];
  for (let row = 0; row < target.places.length; row++) {
    const [a, b] = [numberOf(first, row), numberOf(second, row)];
    const sum = numberOf(target, row);
    if (Number.isNaN(sum)) {
      continue;
    }
    // Most pairs end here, in one of the first rows.
    if (!(Math.abs(a + b - sum) <= TOLERANCE * Math.max(1, Math.abs(sum)))) {
      return false;
    }
    rows += 1;
    firsts += Number(a !== 0);
    seconds += Number(b !== 0);
  }
  return rows > 0 && firsts >= rows / 10 && seconds >= rows / 10;
}

/** Two features that add up to the target: its parts, known when it is and no sooner. */
export function findParts(
  table: InspectedTable,
  taken: ReadonlySet<string>,
): Finding[] {
  const { target } = table;
  const numbers = table.columns.filter(
    ({ profile, name }) => profile.type === 'number' && !taken.has(name),
  );
  if (target?.profile.type !== 'number' || numbers.length > MAX_COLUMNS) {
    return [];
  }
  const toPart = (column: InspectedColumn, other: InspectedColumn) =>
    toFinding({
      code: 'decides-target',
      column: column.name,
      message: 'parts',
      parameters: {
        column: quote(column.name),
        other: quote(other.name),
        target: quote(target.name),
      },
      answers: ['leave-out', 'keep'],
    });
  return numbers.flatMap((first, index) =>
    numbers
      .slice(index + 1)
      .flatMap(second =>
        isSum(first, second, target)
          ? [toPart(first, second), toPart(second, first)]
          : [],
      ),
  );
}

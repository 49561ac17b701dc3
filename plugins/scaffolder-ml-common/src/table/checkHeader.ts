// SPDX-License-Identifier: Apache-2.0
import { TABLE_LIMITS, TableError } from './tableProblems';

// Line breaks and other control characters, and what reorders text on screen.
const UNWANTED = /[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/u;

function isNumeric(value: string): boolean {
  return value !== '' && Number.isFinite(Number(value));
}

/**
 * The names of the columns, trimmed; a column without a name stays empty.
 *
 * @throws TableError for a row that is no header
 */
export function checkHeader(cells: string[]): string[] {
  const names = cells.map(cell => cell.trim());
  const named = names.filter(name => name !== '');
  if (names.length > 0 && /^sep=.?$/i.test(names[0]) && named.length === 1) {
    throw new TableError({ code: 'separator-line' });
  }
  if (named.length < 2) {
    throw new TableError({ code: 'one-column' });
  }
  if (names.length > TABLE_LIMITS.maxColumns) {
    throw new TableError({ code: 'too-many-columns', count: names.length });
  }
  if (named.every(isNumeric)) {
    throw new TableError({ code: 'no-header' });
  }
  const seen = new Map<string, number>();
  for (const [index, name] of names.entries()) {
    const column = index + 1;
    if (name.length > TABLE_LIMITS.maxColumnNameLength || UNWANTED.test(name)) {
      throw new TableError({ code: 'column-name', column });
    }
    const first = name === '' ? undefined : seen.get(name);
    if (first !== undefined) {
      throw new TableError({
        code: 'duplicate-column',
        name,
        first,
        column,
      });
    }
    seen.set(name, column);
  }
  return names;
}

// SPDX-License-Identifier: Apache-2.0

// What pandas.read_csv takes for a missing value without being told
// (https://pandas.pydata.org/docs/reference/api/pandas.read_csv.html, na_values),
// in the spellings that other tools write, and the question mark of the UCI
// repository.
const ALWAYS = new Set([
  ...['NA', 'N/A', 'n/a', '#N/A', '#N/A N/A', '#NA', '<NA>', 'N.A.', 'n.a.'],
  ...['NaN', 'nan', 'NAN', 'Nan', '-NaN', '-nan', 'NaT'],
  ...['null', 'NULL', 'Null', 'None', 'none', 'NONE', '\\N'],
  ...['-1.#IND', '-1.#QNAN', '1.#IND', '1.#QNAN', '?'],
]);

// In a column of words these may be values like others.
const AMONG_NUMBERS = new Set([
  ...['-', '--', '---', '–', '—', '.', '..', '...', '*', '**', '/', '??'],
  ...['na', 'nil', 'missing', 'unknown', 'unk', 'undefined', 'not available'],
  ...['not applicable', 'k.a.', 'k. a.', 'keine angabe', 'unbekannt', 'n.d.'],
  ...['inf', '-inf', '+inf', 'infinity', '-infinity'],
  ...['#value!', '#ref!', '#div/0!', '#name?', '#num!', '#null!'],
]);

const MAX_LENGTH = 16;

/**
 * Whether a cell says that there is no value: `always`, or only `among-numbers`,
 * that is when some column of the table has it between numbers, dates or
 * yes-and-no words.
 */
export function findMissingMarker(
  text: string,
): 'always' | 'among-numbers' | undefined {
  if (text.length > MAX_LENGTH) {
    return undefined;
  }
  if (ALWAYS.has(text)) {
    return 'always';
  }
  return AMONG_NUMBERS.has(text.toLowerCase()) ? 'among-numbers' : undefined;
}

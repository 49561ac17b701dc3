// SPDX-License-Identifier: Apache-2.0

/**
 * How numbers are written in a table: the decimal mark and, where there is one,
 * the mark between groups of three digits.
 *
 * @public
 */
export interface NumberFormat {
  decimal: '.' | ',';
  thousands?: string;
}

const GROUP_MARKS = [' ', '\u00a0', '\u202f', "'"];

/** Every format that is known; a set of them is a number with their bits. */
export const NUMBER_FORMATS: NumberFormat[] = [
  { decimal: '.' },
  { decimal: ',' },
  { decimal: '.', thousands: ',' },
  { decimal: ',', thousands: '.' },
  ...GROUP_MARKS.flatMap((thousands): NumberFormat[] => [
    { decimal: '.', thousands },
    { decimal: ',', thousands },
  ]),
];

/** All formats. */
export const ANY_NUMBER_FORMAT = 2 ** NUMBER_FORMATS.length - 1;

const INTEGER = /^[+-]?\d+$/;
const POINT = /^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?$/;
const COMMA = /^[+-]?(\d+(,\d*)?|,\d+)([eE][+-]?\d+)?$/;
const GROUPED = NUMBER_FORMATS.map(({ decimal, thousands }) =>
  thousands
    ? new RegExp(`^[+-]?\\d{1,3}([${thousands}]\\d{3})+([${decimal}]\\d*)?$`)
    : undefined,
);

const bitsOf = (fits: (format: NumberFormat) => boolean): number =>
  NUMBER_FORMATS.reduce(
    (bits, format, index) => (fits(format) ? bits | (1 << index) : bits),
    0,
  );
const POINT_BITS = bitsOf(({ decimal }) => decimal === '.');
const COMMA_BITS = bitsOf(({ decimal }) => decimal === ',');

const OTHER_CHARACTER = /[^\d+\-.,eE' \u00a0\u202f]/;
const GROUP_MARK = /[.,' \u00a0\u202f]\d{3}/;

/** The formats in which a text is a number, as bits; 0 when it is none. */
export function findNumberFormats(text: string): number {
  if (OTHER_CHARACTER.test(text)) {
    return 0;
  }
  if (INTEGER.test(text)) {
    return ANY_NUMBER_FORMAT;
  }
  let bits = 0;
  if (POINT.test(text)) {
    bits = POINT_BITS;
  } else if (COMMA.test(text)) {
    bits = COMMA_BITS;
  }
  if (GROUP_MARK.test(text)) {
    for (const [index, pattern] of GROUPED.entries()) {
      if (pattern?.test(text)) {
        bits |= 1 << index;
      }
    }
  }
  return bits;
}

/** Whether a set of formats has one with that decimal mark. */
export function hasDecimal(formats: number, decimal: '.' | ','): boolean {
  return (formats & (decimal === '.' ? POINT_BITS : COMMA_BITS)) !== 0;
}

/** The value of a text that is a number in a format with that decimal mark. */
export function parseNumber(text: string, decimal: '.' | ','): number {
  if (decimal === ',') {
    return Number(text.replace(/[.' \u00a0\u202f]/g, '').replace(',', '.'));
  }
  const plain = Number(text);
  return Number.isNaN(plain)
    ? Number(text.replace(/[,' \u00a0\u202f]/g, ''))
    : plain;
}

/**
 * The order in which formats are taken when several fit as many columns: what is
 * common first. `1,234` in a table with commas was quoted for its thousands, in
 * one with semicolons it has a decimal comma.
 */
export function orderNumberFormats(delimiter: string): number[] {
  const indexes = NUMBER_FORMATS.map((_, index) => index);
  return delimiter === ',' ? [0, 2, 1, ...indexes.slice(3)] : indexes;
}

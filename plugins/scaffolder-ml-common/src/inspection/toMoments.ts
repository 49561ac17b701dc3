// SPDX-License-Identifier: Apache-2.0
import { isTimeName } from './columnNames';
import type { InspectedColumn } from './InspectedTable';

const MONTHS = 'jan feb mar apr may jun jul aug sep oct nov dec'.split(' ');

/** Digits and letters that each directive of `strptime` takes. */
const DIRECTIVES: Record<string, RegExp> = {
  Y: /^\d{4}/,
  y: /^\d{2}/,
  m: /^\d{1,2}/,
  d: /^\d{1,2}/,
  b: /^[A-Za-z]{3}/,
  B: /^[A-Za-z]{3,9}/,
  H: /^\d{1,2}/,
  I: /^\d{1,2}/,
  M: /^\d{2}/,
  S: /^\d{2}/,
  p: /^[AaPp][Mm]/,
};

/** Cuts a date into the parts of its format; a fraction or zone at the end stays. */
function cutDate(text: string, format: string): Map<string, string> {
  const parts = new Map<string, string>();
  let rest = text;
  for (let index = 0; index < format.length; index++) {
    if (format[index] !== '%') {
      rest = rest.slice(1);
      continue;
    }
    index += 1;
    const directive = format[index];
    const part = DIRECTIVES[directive]?.exec(rest)?.[0] ?? '';
    parts.set(directive, part);
    rest = rest.slice(part.length);
  }
  return parts;
}

/** The milliseconds of a date, of which only the order counts. */
function readDate(text: string, format: string): number {
  const parts = cutDate(text, format);
  const number = (directive: string) => Number(parts.get(directive) ?? 0);
  const name = parts.get('b') ?? parts.get('B');
  const half = parts.get('p')?.toLowerCase();
  const short = number('y');
  const year = parts.has('Y')
    ? number('Y')
    : short + (short < 69 ? 2000 : 1900);
  const month = name
    ? MONTHS.indexOf(name.slice(0, 3).toLowerCase())
    : number('m') - 1;
  return Date.UTC(
    year,
    month,
    number('d'),
    half ? (number('I') % 12) + (half === 'pm' ? 12 : 0) : number('H'),
    number('M'),
    number('S'),
  );
}

// 1974Q1, 1974-03, 1974M3, 2024-W07.
const PERIOD = /^(\d{4})[-/ ]?([QqMmWw]?)(\d{1,2})$/;

function readPeriod(text: string): number {
  const [, year, kind, part] = PERIOD.exec(text) ?? [];
  if (year === undefined || (kind === '' && !/^\d{4}[-/]/.test(text))) {
    return NaN;
  }
  return Number(year) * 100 + Number(part);
}

/**
 * Numbers that order the different values of a column in time: dates, periods
 * such as 1974Q1, and numbers of a column that is named after time.
 *
 * @returns undefined when the column holds none
 */
export function toMoments(column: InspectedColumn): Float64Array | undefined {
  const { profile, values, name } = column;
  if (profile.type === 'date' && profile.format) {
    const { format } = profile;
    return Float64Array.from(values, value => readDate(value, format));
  }
  if (profile.type === 'number') {
    return isTimeName(name) ? column.numbers : undefined;
  }
  const moments = Float64Array.from(values, readPeriod);
  const used = values.filter((_, place) => !Number.isNaN(moments[place]));
  return used.length > 1 && used.length >= 0.9 * values.length
    ? moments
    : undefined;
}

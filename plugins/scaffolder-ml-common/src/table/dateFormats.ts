// SPDX-License-Identifier: Apache-2.0
const MONTHS = [
  'january',
  'february',
  'march',
  'april',
  'may',
  'june',
  'july',
  'august',
  'september',
  'october',
  'november',
  'december',
];

// pandas counts nanoseconds in 64 bits: 1677-09-21 to 2262-04-11.
const MIN_YEAR = 1678;
const MAX_YEAR = 2261;

const YEAR_FIRST = /^(\d{4})([-/.])(\d{1,2})\2(\d{1,2})$/;
const YEAR_LAST = /^(\d{1,2})([-/.])(\d{1,2})\2(\d{4}|\d{2})$/;
const NAMED_DAY_FIRST = /^(\d{1,2})([ -])([A-Za-z]{3,9})(,?)[ -](\d{4}|\d{2})$/;
const NAMED_MONTH_FIRST = /^([A-Za-z]{3,9}) (\d{1,2})(,?) (\d{4})$/;
const TIME =
  /^(\d{1,2}):(\d{2})(?::(\d{2})(\.\d{1,9})?)?( ?)([AaPp][Mm])?(Z|[+-]\d{2}:?\d{2})?$/;

const DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

function isDate(year: number, month: number, day: number): boolean {
  const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  return (
    year >= MIN_YEAR &&
    year <= MAX_YEAR &&
    day >= 1 &&
    day <= (month === 2 && isLeap ? 29 : (DAYS[month - 1] ?? 0))
  );
}

function toYear(digits: string): number {
  // As Python reads %y: https://docs.python.org/3/library/time.html#time.strptime
  return digits.length === 4
    ? Number(digits)
    : Number(digits) + (Number(digits) < 69 ? 2000 : 1900);
}

function findNamed(
  month: string,
  isValid: (month: number) => boolean,
  format: (directive: string) => string,
): string[] {
  const name = month.toLowerCase();
  return ['%b', '%B'].flatMap(directive => {
    const index = MONTHS.findIndex(
      each => (directive === '%b' ? each.slice(0, 3) : each) === name,
    );
    return index >= 0 && isValid(index + 1) ? [format(directive)] : [];
  });
}

function findDayFormats(text: string): string[] {
  const iso = YEAR_FIRST.exec(text);
  if (iso) {
    const [, year, mark, month, day] = iso;
    return isDate(Number(year), Number(month), Number(day))
      ? [`%Y${mark}%m${mark}%d`]
      : [];
  }
  const numeric = YEAR_LAST.exec(text);
  if (numeric) {
    const [, first, mark, second, digits] = numeric;
    const year = toYear(digits);
    const directive = digits.length === 4 ? '%Y' : '%y';
    return [
      ...(isDate(year, Number(second), Number(first))
        ? [`%d${mark}%m${mark}${directive}`]
        : []),
      // Points between month, day and year are nobody's custom.
      ...(mark !== '.' && isDate(year, Number(first), Number(second))
        ? [`%m${mark}%d${mark}${directive}`]
        : []),
    ];
  }
  const dayFirst = NAMED_DAY_FIRST.exec(text);
  if (dayFirst) {
    const [, day, mark, month, comma, digits] = dayFirst;
    return findNamed(
      month,
      number => isDate(toYear(digits), number, Number(day)),
      directive =>
        `%d${mark}${directive}${comma}${mark}${digits.length === 4 ? '%Y' : '%y'}`,
    );
  }
  const monthFirst = NAMED_MONTH_FIRST.exec(text);
  if (monthFirst) {
    const [, month, day, comma, digits] = monthFirst;
    return findNamed(
      month,
      number => isDate(Number(digits), number, Number(day)),
      directive => `${directive} %d${comma} %Y`,
    );
  }
  return [];
}

function findTimeFormat(text: string): string | undefined {
  const match = TIME.exec(text);
  if (!match) {
    return undefined;
  }
  const [, hour, minute, second, fraction, space, half, zone] = match;
  const maxHour = half ? 12 : 23;
  if (
    Number(hour) > maxHour ||
    (half && Number(hour) < 1) ||
    Number(minute) > 59 ||
    Number(second ?? 0) > 59 ||
    (space && !half)
  ) {
    return undefined;
  }
  return `${half ? '%I' : '%H'}:%M${second ? ':%S' : ''}${
    fraction ? '.%f' : ''
  }${half ? `${space}%p` : ''}${zone ? '%z' : ''}`;
}

/**
 * The formats in which a text is a date, as Python's `strptime` writes them:
 * ISO 8601, day first, month first, or with an English month's name; with or
 * without a time. Day first comes before month first.
 */
export function findDateFormats(text: string): string[] {
  if (text.length < 6 || text.length > 40) {
    return [];
  }
  const colon = text.indexOf(':');
  if (colon < 0) {
    return findDayFormats(text);
  }
  // The mark between day and time is the last one before the first colon.
  const end = Math.max(
    text.lastIndexOf('T', colon),
    text.lastIndexOf(' ', colon),
  );
  if (end < 0) {
    return [];
  }
  const time = findTimeFormat(text.slice(end + 1));
  return time
    ? findDayFormats(text.slice(0, end)).map(
        day => `${day}${text.charAt(end)}${time}`,
      )
    : [];
}

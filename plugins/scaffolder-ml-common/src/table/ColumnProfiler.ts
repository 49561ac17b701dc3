// SPDX-License-Identifier: Apache-2.0
import { findDateFormats } from './dateFormats';
import { findMissingMarker } from './missingMarkers';
import {
  ANY_NUMBER_FORMAT,
  findNumberFormats,
  hasDecimal,
  NUMBER_FORMATS,
  parseNumber,
} from './numberFormats';

/** A cell, for a sentence about it. */
export interface CellSample {
  /** The header is row 1. */
  row: number;
  value: string;
}

interface Range {
  minimum: number;
  maximum: number;
}

/** Different values that a column keeps; more are only known to be more. */
const MAX_DISTINCT = 101;
const MAX_VALUE_LENGTH = 200;
const MAX_SPELLINGS = 30;
/** Different cells that are no number and may yet be a few among numbers. */
const MAX_NO_NUMBERS = 50;
/** Fewer different numbers are codes, such as 0, 1, 2 and 3+. */
const MIN_NUMBERS = 20;
const DECIMALS = ['.', ','] as const;

// A part of a long string keeps the whole of it in memory; a copy does not.
const copy = (text: string): string =>
  text.length < 13 ? text : JSON.parse(JSON.stringify(text));

function increment(
  counts: Map<string, { count: number; row: number }>,
  value: string,
  row: number,
): void {
  const known = counts.get(value);
  if (known) {
    known.count += 1;
  } else {
    counts.set(copy(value), { count: 1, row });
  }
}

/**
 * Learns what one column holds, from one cell after the other, in little
 * memory: what all values have in common, and the different ones up to a limit.
 */
export class ColumnProfiler {
  /** The formats in which every value is a number, as bits. */
  numberFormats = ANY_NUMBER_FORMAT;
  /** The formats in which every value that is a number is one, as bits. */
  mostNumberFormats = ANY_NUMBER_FORMAT;
  /** The values that are no number and when they are few, how often and where. */
  readonly noNumbers = new Map<string, { count: number; row: number }>();
  /** What always stands for a missing value, how often and where. */
  readonly markers = new Map<string, { count: number; row: number }>();
  /** Whether every value is made of as many digits, the first of some being 0. */
  isZeroPadded = false;
  /** The formats in which every value is a date; undefined before the first. */
  dateFormats: string[] | undefined;
  /** The different values and how often each is there. */
  readonly distinct = new Map<string, number>();
  /** Whether there were more different values, or longer ones, than are kept. */
  overflown = false;
  /** Cells with a value. */
  count = 0;
  /** Cells without one. */
  blanks = 0;
  /** What stands for a missing value, as it is spelled, spaces and all. */
  readonly spellings = new Set<string>();
  /** What may stand for a missing value. */
  readonly doubtful = new Map<string, { count: number; row: number }>();
  /** By number format: the first value that is no number in it. */
  readonly #noNumber: CellSample[] = [];
  #numbers = 0;
  #differentNumbers = 0;
  #digits: number | undefined;
  readonly #ranges: { '.': Range; ',': Range } = {
    '.': { minimum: Infinity, maximum: -Infinity },
    ',': { minimum: Infinity, maximum: -Infinity },
  };

  /**
   * Takes a cell.
   *
   * @returns how many characters it keeps of it
   */
  add(cell: string, row: number): number {
    const value = cell.trim();
    if (value === '') {
      this.blanks += 1;
      return 0;
    }
    const known = this.distinct.get(value);
    if (known !== undefined) {
      this.count += 1;
      this.distinct.set(value, known + 1);
      this.#countNumber(value, row);
      return 0;
    }
    const formats = findNumberFormats(value);
    const marker = formats === 0 ? findMissingMarker(value) : undefined;
    if (marker) {
      if (this.spellings.size < MAX_SPELLINGS) {
        this.spellings.add(copy(cell)).add(copy(value));
      }
      if (marker === 'always') {
        this.blanks += 1;
        if (this.markers.size < MAX_SPELLINGS || this.markers.has(value)) {
          increment(this.markers, value, row);
        }
        return 0;
      }
      const { count = 0, row: first = row } = this.doubtful.get(value) ?? {};
      this.doubtful.set(copy(value), { count: count + 1, row: first });
      return 0;
    }
    return this.#addValue(value, row, formats);
  }

  /** Whether the values are numbers but for a few. */
  get hasMostNumbers(): boolean {
    return (
      this.numberFormats === 0 &&
      this.mostNumberFormats !== 0 &&
      this.noNumbers.size <= MAX_NO_NUMBERS &&
      this.#differentNumbers >= MIN_NUMBERS &&
      this.#numbers >= this.count / 2
    );
  }

  /** Whether the values, without what is doubtful, are more than words. */
  hasKind(isBoolean: (values: string[]) => boolean): boolean {
    return (
      this.count > 0 &&
      (this.numberFormats !== 0 ||
        this.hasMostNumbers ||
        (this.dateFormats ?? []).length > 0 ||
        (!this.overflown && isBoolean([...this.distinct.keys()])))
    );
  }

  /** Settles what is doubtful, given what stands for a missing value. */
  settle(missing: ReadonlySet<string>): void {
    for (const [value, { count, row }] of this.doubtful) {
      if (missing.has(value)) {
        this.blanks += count;
        continue;
      }
      for (const spelling of this.spellings) {
        if (spelling.trim() === value) {
          this.spellings.delete(spelling);
        }
      }
      this.#addValue(value, row, 0);
      this.count += count - 1;
      const found = this.noNumbers.get(value);
      if (found) {
        found.count += count - 1;
      }
      if (!this.overflown) {
        this.distinct.set(value, count);
      }
    }
    this.doubtful.clear();
  }

  /** The first value that is no number in a format. */
  findNoNumber(format: number): CellSample | undefined {
    return this.#noNumber[format];
  }

  /** The smallest and the largest number, read with a decimal mark. */
  getRange(decimal: '.' | ','): Range {
    return this.#ranges[decimal];
  }

  /** Forgets the different values, for there are too many. */
  overflow(): void {
    this.overflown = true;
    this.distinct.clear();
  }

  #addValue(value: string, row: number, formats: number): number {
    this.count += 1;
    this.#addNumber(value, row, formats);
    if (formats !== 0) {
      this.dateFormats = [];
    } else if (this.dateFormats === undefined) {
      this.dateFormats = findDateFormats(value);
    } else if (this.dateFormats.length > 0) {
      const found = findDateFormats(value);
      this.dateFormats = this.dateFormats.filter(each => found.includes(each));
    }
    if (this.overflown) {
      return 0;
    }
    if (this.distinct.size >= MAX_DISTINCT || value.length > MAX_VALUE_LENGTH) {
      this.overflow();
      return 0;
    }
    this.distinct.set(copy(value), 1);
    return value.length;
  }

  #addNumber(value: string, row: number, formats: number): void {
    if (formats !== 0) {
      this.mostNumberFormats &= formats;
      this.#differentNumbers += 1;
      this.#addDigits(value);
    } else {
      this.isZeroPadded = false;
      this.#digits = -1;
    }
    this.#countNumber(value, row, formats);
    const dropped = this.numberFormats & ~formats;
    if (dropped !== 0) {
      this.numberFormats &= formats;
      const sample = { row, value: copy(value.slice(0, MAX_VALUE_LENGTH)) };
      for (let format = 0; format < NUMBER_FORMATS.length; format++) {
        if (dropped & (1 << format)) {
          this.#noNumber[format] = sample;
        }
      }
    }
    if (formats === 0) {
      return;
    }
    for (const decimal of DECIMALS) {
      if (!hasDecimal(this.mostNumberFormats, decimal)) {
        continue;
      }
      const number = parseNumber(value, decimal);
      const range = this.#ranges[decimal];
      range.minimum = Math.min(range.minimum, number);
      range.maximum = Math.max(range.maximum, number);
    }
  }

  #countNumber(value: string, row: number, formats?: number): void {
    if (formats ?? (this.noNumbers.has(value) ? 0 : 1)) {
      this.#numbers += 1;
    } else if (
      this.noNumbers.size <= MAX_NO_NUMBERS &&
      value.length <= MAX_VALUE_LENGTH
    ) {
      increment(this.noNumbers, value, row);
    }
  }

  /** Numbers are not written with zeros before them, codes are. */
  #addDigits(value: string): void {
    const isPadded = /^0\d+$/.test(value);
    if (this.#digits === undefined && /^\d{3,}$/.test(value)) {
      this.#digits = value.length;
      this.isZeroPadded = isPadded;
    } else if (this.#digits !== value.length || !/^\d+$/.test(value)) {
      this.#digits = -1;
      this.isZeroPadded = false;
    } else if (isPadded) {
      this.isZeroPadded = true;
    }
  }
}

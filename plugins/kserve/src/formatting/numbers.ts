// SPDX-License-Identifier: Apache-2.0

/** A share of 100 in at most 3 digits, e.g. `12.5 %` in the locale's way. */
export function formatPercent(percent: number, locale: string) {
  return new Intl.NumberFormat(locale, {
    style: 'percent',
    maximumSignificantDigits: 3,
  }).format(percent / 100);
}

const BYTE_UNITS = ['byte', 'kilobyte', 'megabyte'] as const;

/** A size in its largest unit (of 1000), with 3 significant digits. */
export function formatBytes(bytes: number, locale: string) {
  const power = Math.min(
    bytes < 1000 ? 0 : Math.floor(Math.log10(bytes) / 3),
    BYTE_UNITS.length - 1,
  );
  return new Intl.NumberFormat(locale, {
    style: 'unit',
    unit: BYTE_UNITS[power],
    // `12 byte` is nobody's plural.
    unitDisplay: power === 0 ? 'long' : 'short',
    maximumSignificantDigits: 3,
  }).format(bytes / 1000 ** power);
}

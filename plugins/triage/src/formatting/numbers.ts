// SPDX-License-Identifier: Apache-2.0

/** A share of 1 in at most 3 digits, e.g. `12.5 %` in the locale's way. */
export function formatPercent(share: number, locale: string) {
  return new Intl.NumberFormat(locale, {
    style: 'percent',
    maximumSignificantDigits: 3,
  }).format(share);
}

/** An amount of money in at most 3 digits; `currency` as in ISO 4217. */
export function formatMoney(amount: number, currency: string, locale: string) {
  return new Intl.NumberFormat(locale, {
    style: 'currency',
    currency,
    maximumSignificantDigits: 3,
  }).format(amount);
}

/** A whole number, grouped in the locale's way. */
export function formatNumber(value: number, locale: string) {
  return new Intl.NumberFormat(locale).format(value);
}

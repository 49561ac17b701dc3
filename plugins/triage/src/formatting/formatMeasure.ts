// SPDX-License-Identifier: Apache-2.0

const BYTES = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
/** As Grafana writes it: `m` would be a thousandth to one reader and a million to another. */
const THOUSANDS = ['', ' k', ' M', ' G', ' T'];

/**
 * A value of a PromQL expression in three digits: in bytes where it counts such, as Prometheus
 * names its series, else with the prefix of its thousands.
 */
export function formatMeasure(
  value: number,
  expression: string,
  locale: string,
): string {
  const isBytes =
    /_bytes(?![a-z])/.test(expression) &&
    !/\b(?:rate|irate)\(/.test(expression);
  const base = isBytes ? 1_024 : 1_000;
  const size = Math.abs(value);
  const power = Math.min(
    size < base ? 0 : Math.floor(Math.log(size) / Math.log(base)),
    THOUSANDS.length - 1,
  );
  const figure = new Intl.NumberFormat(locale, {
    maximumSignificantDigits: 3,
  }).format(value / base ** power);
  return isBytes ? `${figure} ${BYTES[power]}` : `${figure}${THOUSANDS[power]}`;
}

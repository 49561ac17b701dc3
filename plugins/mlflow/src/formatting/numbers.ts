// SPDX-License-Identifier: Apache-2.0
import type {
  MlflowGateVerdict,
  MlflowMetricValue,
} from '@greenroom/plugin-mlflow-common';

const MAX_DIGITS = 15;

function formatNumber(value: number, locale: string, digits: number) {
  const size = Math.abs(value);
  if (value !== 0 && (size < 1e-4 || size >= 1e15)) {
    return new Intl.NumberFormat(locale, {
      notation: 'scientific',
      maximumSignificantDigits: digits,
    }).format(value);
  }
  // A count such as 12,345 must not be rounded to 12,300.
  if (Number.isInteger(value) && size >= 10) {
    return new Intl.NumberFormat(locale).format(value);
  }
  const integerDigits = size < 1 ? 0 : Math.trunc(size).toString().length;
  if (integerDigits >= digits) {
    return new Intl.NumberFormat(locale, { maximumFractionDigits: 0 }).format(
      value,
    );
  }
  return new Intl.NumberFormat(locale, {
    minimumSignificantDigits: digits,
    maximumSignificantDigits: digits,
  }).format(value);
}

/** A metric with 3 significant digits, whole numbers in full. */
export function formatMetric(value: MlflowMetricValue, locale: string) {
  return typeof value === 'number' ? formatNumber(value, locale, 3) : value;
}

/**
 * A gate's value against its threshold, e.g. `0.913 ≥ 0.900`. The sign says how
 * the figures compare; digits are added until two unequal figures look unequal.
 */
export function formatGate(
  gate: Pick<MlflowGateVerdict, 'value' | 'threshold' | 'direction'>,
  locale: string,
) {
  const { threshold, direction } = gate;
  const maximize = direction === 'maximize';
  if (gate.value === 'NaN') {
    const limit = formatNumber(threshold, locale, 3);
    return `NaN ${maximize ? '≱' : '≰'} ${limit}`;
  }
  const value = Number(gate.value);
  let digits = 3;
  const figures = () =>
    [value, threshold].map(figure => formatNumber(figure, locale, digits));
  while (
    value !== threshold &&
    figures()[0] === figures()[1] &&
    digits < MAX_DIGITS
  ) {
    digits += 1;
  }
  const [left, right] = figures();
  const reached = maximize ? value >= threshold : value <= threshold;
  const sign = maximize
    ? { true: '≥', false: '<' }[`${reached}`]
    : { true: '≤', false: '>' }[`${reached}`];
  return `${left} ${sign} ${right}`;
}

// SPDX-License-Identifier: Apache-2.0
import { formatGate, formatMetric } from '.';

describe('numbers', () => {
  it.each([
    [0.91304, '0.913'],
    [0.9, '0.900'],
    [0, '0.00'],
    [1, '1.00'],
    [12.3456, '12.3'],
    [1234.5, '1,235'],
    [12345, '12,345'],
    [0.0000123, '1.23E-5'],
    [-0.5, '-0.500'],
    ['NaN', 'NaN'],
    ['-Infinity', '-Infinity'],
  ] as const)('formats %p as %p', (value, text) => {
    expect(formatMetric(value, 'en')).toBe(text);
  });

  it.each([
    [{ value: 0.913, threshold: 0.9, direction: 'maximize' }, '0.913 ≥ 0.900'],
    [{ value: 0.871, threshold: 0.9, direction: 'maximize' }, '0.871 < 0.900'],
    [{ value: 0.2, threshold: 0.3, direction: 'minimize' }, '0.200 ≤ 0.300'],
    [{ value: 0.4, threshold: 0.3, direction: 'minimize' }, '0.400 > 0.300'],
    [
      { value: 0.89996, threshold: 0.9, direction: 'maximize' },
      '0.89996 < 0.90000',
    ],
    [{ value: 0.9, threshold: 0.9, direction: 'maximize' }, '0.900 ≥ 0.900'],
    [{ value: 'NaN', threshold: 0.9, direction: 'maximize' }, 'NaN ≱ 0.900'],
    [{ value: 'Infinity', threshold: 0.9, direction: 'minimize' }, '∞ > 0.900'],
  ] as const)('compares %p as %p', (gate, text) => {
    expect(formatGate(gate, 'en')).toBe(text);
  });

  it('follows the locale', () => {
    expect(formatMetric(0.91304, 'de')).toBe('0,913');
  });
});

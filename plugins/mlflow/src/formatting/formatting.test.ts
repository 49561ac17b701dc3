// SPDX-License-Identifier: Apache-2.0
import {
  formatDuration,
  formatGate,
  formatMetric,
  formatRelativeTime,
  formatSince,
  shortenCommit,
  toSafeUrl,
} from '.';

const MINUTE = 60_000;
const NOW = Date.UTC(2026, 10, 21, 14, 10);

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

describe('times', () => {
  it.each([
    [0, 'now'],
    [59_000, 'now'],
    [MINUTE, '1 minute ago'],
    [12 * MINUTE, '12 minutes ago'],
    [26 * 60 * MINUTE, '1 day ago'],
    [400 * 24 * 60 * MINUTE, '1 year ago'],
    [-30_000, 'now'],
    [-5 * MINUTE, 'in 5 minutes'],
    [-3 * 24 * 60 * MINUTE, 'in 3 days'],
  ])('%p ms ago is %p', (age, text) => {
    expect(formatRelativeTime(NOW - age, NOW, 'en')).toBe(text);
  });

  it('names the day unless it is today', () => {
    expect(formatSince(NOW, NOW, 'en')).not.toMatch(/2026/);
    expect(formatSince(NOW - 3 * 24 * 60 * MINUTE, NOW, 'en')).toMatch(/2026/);
  });

  it.each([
    [0, '0 sec'],
    [1_250, '1.3 sec'],
    [59_900, '1 min'],
    [65_000, '1 min 5 sec'],
    [26 * 60 * MINUTE, '1 day 2 hr'],
    [24 * 60 * MINUTE + MINUTE, '1 day'],
  ])('%p ms last %p', (duration, text) => {
    expect(formatDuration(duration, 'en')).toBe(text);
  });
});

describe('links', () => {
  it.each([
    ['https://example.com/a', 'https://example.com/a'],
    [
      'http://localhost:3001/#/experiments/1',
      'http://localhost:3001/#/experiments/1',
    ],
    ['data:text/html,x', undefined],
    [`${'javascript'}:alert(1)`, undefined],
    ['//example.com', undefined],
    ['not a url', undefined],
    [undefined, undefined],
  ])('%p leads to %p', (url, safe) => {
    expect(toSafeUrl(url)).toBe(safe);
  });

  it('shortens commits', () => {
    expect(shortenCommit('a1b2c3d4e5f6')).toBe('a1b2c3d');
  });
});

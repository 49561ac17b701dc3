// SPDX-License-Identifier: Apache-2.0
import {
  formatDuration,
  formatRelativeTime,
  formatSince,
  shortenCommit,
  toSafeUrl,
  toVisibleText,
} from '.';

const MINUTE = 60_000;
const NOW = Date.UTC(2026, 10, 21, 14, 10);

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
    [0, '0 ms'],
    [38, '38 ms'],
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

describe('texts of strangers', () => {
  it.each([
    ['acme/churn', 'acme/churn'],
    ['a\u202Eb', 'a⟨U+202E⟩b'],
    ['a\u001b[2Jb', 'a␛[2Jb'],
    ['a\ud800b', 'a\ufffdb'],
  ])('shows %j as %j', (text, shown) => {
    expect(toVisibleText(text)).toBe(shown);
  });
});

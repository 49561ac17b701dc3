// SPDX-License-Identifier: Apache-2.0
import { readProse } from './readProse';

const codeOf = (text: string) =>
  readProse(text, line => line)
    .filter(({ kind }) => kind === 'code')
    .map(({ text: code }) => code);

describe('readProse', () => {
  it.each([
    ["ValueError: invalid literal for int() with base 10: '16Mi'.", ['int()']],
    [
      'It asks for sum(rate(x_total{code=~"5.."}[5m])) by (le) > 0.5, which rose.',
      ['sum(rate(x_total{code=~"5.."}[5m])) by (le) > 0.5'],
    ],
    [
      'The alert (avg_over_time(up[5m]) < 0.5) asks for less.',
      ['avg_over_time(up[5m]) < 0.5'],
    ],
    [
      'See histogram_quantile(0.99, sum by (le) (rate(t_bucket[5m]))) / max(y) now',
      ['histogram_quantile(0.99, sum by (le) (rate(t_bucket[5m]))) / max(y)'],
    ],
    ['An up{job="a"}[5m] offset 1h.', ['up{job="a"}[5m] offset 1h']],
    ['Words (in brackets) and 3 of 4 (75 %) stay.', []],
    ['It ends with print( and no more.', ['print(']],
    // To GitHub `²` is no part of a word, so that what follows is a commit.
    [
      'Of ²deadbeef1 and deadbeef1, not of undeadbeef1.',
      ['²deadbeef1', 'deadbeef1'],
    ],
  ])('takes what belongs together in: %s', (text, code) => {
    const tokens = readProse(text, line => line);
    expect(codeOf(text)).toEqual(code);
    expect(tokens.map(token => token.text).join('')).toBe(text);
  });

  it('is done soon with brackets that nothing closes', () => {
    const text = 'f('.repeat(50_000);
    const begun = performance.now();
    readProse(`${text} ${'g( '.repeat(50_000)}`, line => line);
    expect(performance.now() - begun).toBeLessThan(2_000);
  });
});

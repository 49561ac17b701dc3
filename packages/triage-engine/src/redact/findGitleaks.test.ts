// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { createRedactor } from './createRedactor';
import { GITLEAKS_KINDS } from './findGitleaks';
import gitleaks from './gitleaks.json';

interface Allowlist {
  target: string;
  regexes?: string[][];
  stopwords?: string[];
}

const allowlists: Allowlist[] = [
  gitleaks.allowlist,
  ...gitleaks.rules.flatMap(rule => rule.allowlists ?? []),
];

const patterns = [
  ...gitleaks.rules.map(({ id, source, flags }) => ({ id, source, flags })),
  ...allowlists.flatMap(({ regexes }) =>
    (regexes ?? []).map(([source, flags]) => ({ id: source, source, flags })),
  ),
];

describe('the rules of gitleaks', () => {
  it('are all there but those that the structure replaces, with their licence', () => {
    expect(gitleaks.rules.length + Object.keys(gitleaks.replaced).length).toBe(
      222,
    );
    expect(gitleaks.license).toContain('MIT License');
    expect(GITLEAKS_KINDS).toContain('github-pat');
    expect(
      gitleaks.rules.filter(rule => rule.entropy !== undefined).length,
    ).toBeGreaterThan(120);
    expect(
      allowlists.flatMap(list => list.stopwords ?? []).length,
    ).toBeGreaterThan(1000);
  });

  it('are bounded in each quantifier', () => {
    const unbounded = patterns.filter(({ id, source, flags }) => {
      expect(() => new RegExp(source, flags)).not.toThrow();
      const bare = source
        .replace(/\\./g, 'x')
        .replace(/\[[^\]]*\]/g, 'x')
        // The allowlists are matched with what is bounded itself.
        .replace(/\{\d*,\d+\}|\{\d+\}/g, '');
      return gitleaks.rules.some(rule => rule.id === id)
        ? /[*+]|\{\d+,\}/.test(bare)
        : false;
    });
    expect(unbounded).toEqual([]);
  });

  it('take out what is drawn from their own expressions', () => {
    const missed = gitleaks.rules.filter(({ source, keywords }) => {
      const simple = source
        .replaceAll('\\b', '')
        .replaceAll('(?![A-Za-z0-9])', '')
        .replace(/\$\)/g, ' )')
        // Drawn evenly, it would be mostly `=` and `-`.
        .replaceAll('[\\w=\\-]', '\\w')
        .replaceAll('4096}', '300}')
        .replaceAll('200}', '40}')
        .replace(/\(\?<\w+>/g, '(?:');
      const samples = fc.sample(fc.stringMatching(new RegExp(simple)), {
        numRuns: 40,
        seed: 7,
      });
      return !samples.some(sample => {
        const text = `${keywords[0]} ${sample} `;
        return createRedactor().redact(text).includes('[REDACTED:');
      });
    });
    expect(missed.map(({ id }) => id)).toEqual([]);
  });

  it('end on hostile input', () => {
    const units = ['a', '0', ' ', '.', '-', '=', ':', "'", '\n', 'a=', 'a.'];
    const size = 64 * 1024;
    for (const { source, flags, keywords } of gitleaks.rules) {
      const pattern = new RegExp(source, `${flags}g`);
      for (const keyword of keywords.slice(0, 3)) {
        const heads = [keyword, `${keyword}=`];
        const hostile = heads.flatMap(head => [
          head,
          ...units.flatMap(unit => [head + unit, head + unit.repeat(300)]),
        ]);
        for (const part of hostile) {
          const text = part.repeat(Math.ceil(size / part.length));
          expect([...text.matchAll(pattern)].length).toBeLessThan(size);
        }
      }
    }
  }, 120_000);
});

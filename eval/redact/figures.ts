// SPDX-License-Identifier: Apache-2.0
import { unpackLogReduction } from '../data';
import type { Figure } from '../figures';
import { scoreRedaction } from './score';

/** What gets out, and what is taken too much of. */
export async function redactionFigures(): Promise<Figure[]> {
  const score = await scoreRedaction(unpackLogReduction());
  for (const name of score.leaks) {
    process.stderr.write(`  leaks: ${name}\n`);
  }
  return [
    {
      part: 'redact',
      what: 'secrets that get out',
      value: score.leaks.length,
      target: 0,
      bound: 'max',
      unit: 'count',
      of: `${score.kinds} kinds × ${score.encodings} encodings, ${score.cases} cases`,
    },
    {
      part: 'redact',
      what: 'kinds of secrets tried',
      value: score.kinds,
      target: 450,
      bound: 'min',
      unit: 'count',
    },
    {
      part: 'redact',
      what: 'labelled lines over-redacted',
      value: score.overRedactedShare,
      target: 0.02,
      bound: 'max',
      unit: 'share',
      of: `${score.overRedacted} of ${score.labelledLines} lines`,
    },
  ];
}

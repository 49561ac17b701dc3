// SPDX-License-Identifier: Apache-2.0
import type { Figure } from '../figures';
import { HALVES, scoreThreads, type Half, type Verdict } from './scoreThreads';

type Measure = Exclude<keyof Verdict, 'leak'>;

/** What is good enough, on failures that the engine has met and on others. */
const AIM: Record<Measure, number> = {
  right: 0.9,
  type: 0.94,
  first: 0.85,
  third: 0.9,
  guess: 0,
  rerun: 0,
};

/** What holds today: no change may fall below. To be raised with the engine, up to the aim. */
const HELD: Record<Half, Record<Measure, number>> = {
  open: {
    right: 0.96,
    type: 0.97,
    first: 0.94,
    third: 0.98,
    guess: 0,
    rerun: 0,
  },
  'held-back': {
    right: 0.84,
    type: 0.9,
    first: 0.84,
    third: 0.93,
    guess: 0,
    rerun: 0,
  },
};

const MEASURES: Array<{ key: Measure; what: string; bound: Figure['bound'] }> =
  [
    { key: 'right', what: 'all right', bound: 'min' },
    { key: 'type', what: 'failure type', bound: 'min' },
    { key: 'first', what: 'the decisive line comes first', bound: 'min' },
    { key: 'third', what: 'it is among the first three', bound: 'min' },
    { key: 'guess', what: 'a guess called identified', bound: 'max' },
    { key: 'rerun', what: 'advice to run again in vain', bound: 'max' },
  ];

/**
 * Failures that strangers described. The open ones that are not right go to standard
 * error; of the held-back ones nothing does, so that nothing is fitted to them.
 */
export async function threadFigures(): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const half of HALVES) {
    const scored = await scoreThreads(half);
    const wrong = scored.filter(({ verdict }) => !verdict.right);
    for (const { name, answer } of half === 'open' ? wrong : []) {
      process.stderr.write(`  ${name}: ${answer}\n`);
    }
    const share = (key: keyof Verdict) =>
      scored.filter(({ verdict }) => verdict[key]).length / scored.length;
    figures.push(
      ...MEASURES.map(({ key, what, bound }): Figure => ({
        part: 'threads',
        what: `strangers' failures, ${half}: ${what}`,
        value: share(key),
        target: HELD[half][key],
        bound,
        unit: 'share',
        of: `${scored.length} cases, aim ${AIM[key].toFixed(2)}`,
      })),
      {
        part: 'threads',
        what: `strangers' failures, ${half}: secrets that get out`,
        value: share('leak'),
        target: 0,
        bound: 'max',
        unit: 'share',
        of: `${scored.length} cases`,
      },
    );
  }
  return figures;
}

// SPDX-License-Identifier: Apache-2.0
import type { Figure } from '../figures';
import { HALVES, scoreAlerts, type Verdict } from './scoreAlerts';

const MEASURES: Array<{
  key: keyof Verdict;
  what: string;
  bound: Figure['bound'];
  /** What is reached and must not get worse; the aim for both is that of `open`. */
  target: Record<(typeof HALVES)[number], number>;
}> = [
  {
    key: 'cause',
    what: 'the cause is named',
    bound: 'min',
    target: { open: 0.95, 'held-back': 0.65, 'first-sight': 0.75 },
  },
  {
    key: 'proof',
    what: 'proof among the first three quotes',
    bound: 'min',
    target: { open: 0.95, 'held-back': 0.65, 'first-sight': 0.83 },
  },
  {
    key: 'wrong',
    what: 'a wrong cause called identified',
    bound: 'max',
    target: { open: 0.03, 'held-back': 0.1, 'first-sight': 0.1 },
  },
  {
    key: 'remedy',
    what: 'a next step that ends it',
    bound: 'min',
    target: { open: 0.85, 'held-back': 0.7, 'first-sight': 0.75 },
  },
  {
    // Who never decides is never wrong.
    key: 'identified',
    what: 'one cause is called identified',
    bound: 'min',
    target: { open: 0.6, 'held-back': 0.6, 'first-sight': 0.45 },
  },
];

/** Alerts whose cause people found and told; of the held-back ones no name is printed. */
export async function alertFigures(): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const half of HALVES) {
    const scored = await scoreAlerts(half);
    for (const { name, verdict } of half === 'open' ? scored : []) {
      if (!verdict.cause || verdict.wrong) {
        process.stderr.write(`  ${name}: the cause is not named\n`);
      }
    }
    for (const { key, what, bound, target } of MEASURES) {
      figures.push({
        part: 'alert-incidents',
        what: `${what} (${half})`,
        value:
          scored.filter(({ verdict }) => verdict[key]).length / scored.length,
        target: target[half],
        bound,
        unit: 'share',
        of: `${scored.length} alerts`,
      });
    }
  }
  return figures;
}

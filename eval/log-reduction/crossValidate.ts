// SPDX-License-Identifier: Apache-2.0

// How far do the reducer's constants carry to logs that they were not chosen on?
//
//   npm run eval -- cross-validation [SPLITS [DATA]]
//
// DATA is a folder with cidiff/ and bugswarm/, the labelled logs unless told. They are split into random
// halves. From a first guess, made from what the tools print, each constant in turn
// is halved, and doubled, where that helps on one half; the figures on the other
// half are printed as mean ± standard deviation over the splits (20 unless told),
// beside those of the constants that are committed, on the same halves.
import {
  chooseLines,
  WEIGHTS,
  type Weights,
} from '../../packages/triage-engine/src/testing';
import { unpackLogReduction } from '../data';
import { loadCases, mean, mostRecall, type Case } from './loadCases';

const FIRST_GUESS: Weights = {
  kind: {
    test: 12,
    error: 8,
    end: 4,
    weak: 3,
    info: 0.5,
    warning: 0.7,
    frame: 2,
    blank: 0.8,
    plain: 2,
    script: 0.2,
  },
  stale: 0.1,
  novelContext: 1,
  context: 1,
  lone: 0.15,
  outside: 0.1,
  gap: 3,
  before: 4,
  beforeDecay: 0.7,
  afterDecay: 0.9,
  tail: 1,
  tailDecay: 0.95,
  depth: 300,
  repeat: 0.5,
  rarity: 0.2,
  edge: 1.5,
  headDiscount: 0.5,
};

/** The figures that have a target; their sum is what is tuned. */
const FIGURES = [
  'first@4000',
  'block@4000',
  'block@2000',
  'recall@4000',
  'recall@1000',
  'names@4000',
  'names@2000',
];

type Figures = Record<string, number>;

function figuresOf(one: Case, weights: Weights): Figures {
  const figures: Figures = {};
  for (const budgetTokens of one.names ? [2000, 4000] : [1000, 2000, 4000]) {
    const kept = chooseLines(one, { weights, budgetTokens });
    if (one.names) {
      const text = kept.map(line => line.text).join('\n');
      const found = one.names.filter(name => text.includes(name));
      figures[`names@${budgetTokens}`] = found.length / one.names.length;
      continue;
    }
    const numbers = new Set(kept.map(({ number }) => number));
    const blocks = one.blocks ?? [];
    const errors = new Set(
      blocks.flatMap(([from, to]) =>
        Array.from({ length: to - from + 1 }, (_, i) => from + i),
      ),
    );
    const found = [...errors].filter(number => numbers.has(number));
    const hit = blocks.filter(([from, to]) =>
      found.some(number => number >= from && number <= to),
    );
    figures[`recall@${budgetTokens}`] = found.length / errors.size;
    figures[`block@${budgetTokens}`] = hit.length / blocks.length;
    figures[`first@${budgetTokens}`] = numbers.has(Math.min(...errors)) ? 1 : 0;
  }
  return figures;
}

function meanFigures(cases: Case[], weights: Weights): Figures {
  const rows = cases.map(one => figuresOf(one, weights));
  return Object.fromEntries(
    FIGURES.map(figure => {
      const values = rows.flatMap(row =>
        row[figure] === undefined ? [] : [row[figure]],
      );
      return [figure, mean(values)];
    }),
  );
}

function spread(values: number[]): string {
  const middle = mean(values);
  const variance = mean(values.map(value => (value - middle) ** 2));
  return `${middle.toFixed(3)} ± ${Math.sqrt(variance).toFixed(3)}`;
}

const total = (figures: Figures) =>
  FIGURES.reduce((sum, figure) => sum + figures[figure], 0);

/** Each constant by itself, halved and doubled; shares stay below 1. */
function* neighbours(weights: Weights): Generator<Weights> {
  const { kind, ...rest } = weights;
  for (const factor of [0.5, 2]) {
    for (const [name, value] of Object.entries(kind)) {
      yield { ...weights, kind: { ...kind, [name]: value * factor } };
    }
    for (const [name, value] of Object.entries(rest)) {
      yield {
        ...weights,
        [name]: name.endsWith('Decay')
          ? 1 - (1 - value) * factor
          : value * factor,
      };
    }
  }
}

/** One round of coordinate search: a constant is moved where that helps. */
function tune(cases: Case[]): Weights {
  let best = FIRST_GUESS;
  let score = total(meanFigures(cases, best));
  const steps = [...neighbours(best)].length;
  for (let step = 0; step < steps; step++) {
    const weights = [...neighbours(best)][step];
    const reached = total(meanFigures(cases, weights));
    if (reached > score + 1e-6) {
      best = weights;
      score = reached;
    }
  }
  return best;
}

/** Mulberry32: the same splits on every machine. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Half of each kind of log. */
function split(cases: Case[], seed: number): [Case[], Case[]] {
  const next = random(seed);
  const shuffled = cases
    .map(one => ({ one, key: next() }))
    .sort((a, b) => a.key - b.key)
    .map(({ one }) => one);
  const halves: [Case[], Case[]] = [[], []];
  for (const compared of [true, false]) {
    shuffled
      .filter(one => one.compared === compared)
      .forEach((one, i) => halves[i % 2].push(one));
  }
  return halves;
}

const [splits = '20', data = unpackLogReduction()] = process.argv.slice(2);
const cases = loadCases(data);
const columns = {
  'tuned, own half': [] as Figures[],
  'tuned, other half': [] as Figures[],
  'committed, other half': [] as Figures[],
  'first guess, other half': [] as Figures[],
};
for (let seed = 1; seed <= Number(splits); seed++) {
  const [own, other] = split(cases, seed);
  const tuned = tune(own);
  columns['tuned, own half'].push(meanFigures(own, tuned));
  columns['tuned, other half'].push(meanFigures(other, tuned));
  columns['committed, other half'].push(meanFigures(other, WEIGHTS));
  columns['first guess, other half'].push(meanFigures(other, FIRST_GUESS));
}
const committed = meanFigures(cases, WEIGHTS);
console.log(
  `${cases.length} logs, ${splits} splits, mean ± standard deviation`,
);
const names = Object.keys(columns) as Array<keyof typeof columns>;
const row = (cells: string[]) =>
  cells.map((cell, i) => cell.padEnd(i ? 24 : 12)).join('');
console.log(row(['', ...names, 'committed, all']));
for (const figure of FIGURES) {
  console.log(
    row([
      figure,
      ...names.map(name => spread(columns[name].map(one => one[figure]))),
      committed[figure].toFixed(3),
    ]),
  );
}
for (const budgetTokens of [1000, 4000]) {
  const most = mostRecall(cases, budgetTokens).toFixed(3);
  console.log(`recall@${budgetTokens}: no more than ${most} of the lines fit`);
}

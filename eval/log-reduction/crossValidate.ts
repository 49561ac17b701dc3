// How far do the reducer's constants carry to logs that they were not chosen on?
//
//   npm run eval -- cross-validation [SPLITS [DATA]]
//
// DATA is a folder with cidiff/ and bugswarm/, the labelled logs unless told. They are split into random
// halves. From a first guess, made from what the tools print, each constant in turn
// is halved, and doubled, where that helps on one half; the figures on the other
// half are printed as mean ± standard deviation over the splits (20 unless told),
// beside those of the constants that are committed, on the same halves.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { countTokens } from '../../plugins/triage-node/src/lines/countTokens';
import { plainText } from '../../plugins/triage-node/src/lines/plainText';
import {
  CandidateCollector,
  type ScannedLine,
} from '../../plugins/triage-node/src/reduce/CandidateCollector';
import { LineClassifier } from '../../plugins/triage-node/src/reduce/LineClassifier';
import { LineCounts } from '../../plugins/triage-node/src/reduce/LineCounts';
import { LineScanner } from '../../plugins/triage-node/src/reduce/LineScanner';
import { SeenLines } from '../../plugins/triage-node/src/reduce/SeenLines';
import {
  WEIGHTS,
  type Weights,
} from '../../plugins/triage-node/src/reduce/weights';
import { unpackLogReduction } from '../data';

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

interface Case {
  lines: ScannedLine[];
  counts: LineCounts;
  compared: boolean;
  /** Errors that a person marked: first and last line of each. */
  blocks?: Array<[number, number]>;
  /** Failed tests. */
  names?: string[];
}

type Figures = Record<string, number>;

function linesOf(file: string): string[] {
  const lines = readFileSync(file, 'utf8').split(/\r\n|\r|\n/);
  return (lines.at(-1) === '' ? lines.slice(0, -1) : lines).map(plainText);
}

function scan(fail: string[], pass?: string[]) {
  const scanner = new LineScanner();
  const seen = new SeenLines();
  pass?.forEach(text => {
    scanner.scan(text);
    seen.add(scanner.hash);
  });
  const classifier = new LineClassifier();
  const counts = new LineCounts();
  const lines = fail.map((text, i): ScannedLine => {
    scanner.scan(text);
    const { hash, suspicious } = scanner;
    const stale = pass !== undefined && seen.has(hash);
    return {
      line: { number: i + 1, text },
      kind: classifier.next(text, suspicious && !stale),
      tokens: countTokens(text),
      hash,
      repeats: counts.add(hash),
      novel: pass !== undefined && !stale,
      outside: false,
    };
  });
  return { lines, counts, compared: pass !== undefined };
}

function loadCases(data: string): Case[] {
  const cidiff = join(data, 'cidiff');
  const pairs = readdirSync(cidiff, { withFileTypes: true })
    .filter(entry => entry.isDirectory())
    .map(({ name }): Case => {
      const file = (leaf: string) => join(cidiff, name, leaf);
      const blocks = [
        ...readFileSync(file('groundtruth'), 'utf8').matchAll(
          /^E\s+(\d+)(?:-(\d+))?/gm,
        ),
      ].map((match): [number, number] => [
        Number(match[1]),
        Number(match[2] ?? match[1]),
      ]);
      const { lines, ...rest } = scan(
        linesOf(file('fail.log')),
        linesOf(file('pass.log')),
      );
      return { lines, ...rest, blocks };
    })
    .filter(({ blocks }) => blocks?.length);
  const bugswarm = join(data, 'bugswarm');
  const labels: Array<{ file: string; failedTests: string[] }> = JSON.parse(
    readFileSync(join(bugswarm, 'labels.json'), 'utf8'),
  );
  const jobs = labels
    .map(({ file, failedTests }): Case => {
      const texts = linesOf(join(bugswarm, file));
      const text = texts.join('\n');
      const names = failedTests.filter(name => text.includes(name));
      return { ...scan(texts), names };
    })
    .filter(({ names }) => names?.length);
  return [...pairs, ...jobs];
}

function figuresOf(one: Case, weights: Weights): Figures {
  const figures: Figures = {};
  for (const budgetTokens of one.names ? [2000, 4000] : [1000, 2000, 4000]) {
    const { compared, counts } = one;
    const collector = new CandidateCollector({
      weights,
      compared,
      budgetTokens,
      counts,
    });
    one.lines.forEach(line => collector.add(line));
    const kept = collector.finish();
    if (one.names) {
      const text = kept.map(({ line }) => line.text).join('\n');
      const found = one.names.filter(name => text.includes(name));
      figures[`names@${budgetTokens}`] = found.length / one.names.length;
      continue;
    }
    const numbers = new Set(kept.map(({ line }) => line.number));
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

/** The most of the errors' lines that fits, which no reducer can pass. */
function mostRecall(cases: Case[], budgetTokens: number): number {
  const shares = cases.flatMap(({ lines, blocks }) => {
    const tokens = lines
      .filter(({ line: { number } }) =>
        blocks?.some(([from, to]) => number >= from && number <= to),
      )
      .map(line => line.tokens)
      .sort((a, b) => a - b);
    let left = budgetTokens;
    const fitting = tokens.filter(cost => (left -= cost) >= 0);
    return blocks ? [fitting.length / tokens.length] : [];
  });
  return mean(shares);
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

const mean = (values: number[]) =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

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

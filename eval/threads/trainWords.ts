// SPDX-License-Identifier: Apache-2.0

/**
 * Learns which words a line that names the cause has, and writes
 * `packages/triage-engine/src/classify/wordWeights.json`.
 *
 *     npx tsx eval/threads/trainWords.ts [--check] [FOLDER ...]
 *
 * Learns from `open/`, from `written.json` and from folders of cases of the same form;
 * never from `held-back/`. `--check` writes nothing: it says, of eight parts of the
 * cases each held back once, how often the decisive line came first.
 */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { root } from '../data';
import { createContext } from '../../packages/triage-engine/src/classify/createContext';
import { readFeatures } from '../../packages/triage-engine/src/classify/lineWords';
import { scoreByForm } from '../../packages/triage-engine/src/classify/rankLines';
import {
  readClassifyInput,
  readLabelledCases,
  type LabelledCase,
} from './labelledCases';

interface Row {
  features: Map<string, number>;
  isDecisive: boolean;
  weight: number;
}

type Weights = Map<string, number>;

const FILE = path.join(
  root,
  'packages/triage-engine/src/classify/wordWeights.json',
);

/** A word of fewer cases says something of them alone. */
const MIN_CASES = 3;
/** Smaller ones change nothing. */
const MIN_WEIGHT = 0.2;
const STEPS = 600;
const RATE = 0.05;
const PARTS = 8;
/** Points of `scoreByForm` to one of the feature. */
const POINTS = 5;
const LOWEST = -2;
const FORM = 'form';
const BIAS = 'bias';

/** The kept lines of the step that failed, and which of them an expert quotes. */
async function readRows(labelled: LabelledCase): Promise<Row[]> {
  const { printed } = createContext(await readClassifyInput(labelled));
  const points = scoreByForm(printed, () => false);
  const isDecisive = printed.map(({ line }) =>
    labelled.decisive.some(text => line.text.slice(0, 500).includes(text)),
  );
  const many = isDecisive.filter(Boolean).length;
  return printed.map((line, index) => ({
    isDecisive: isDecisive[index],
    // Each case counts alike, its one decisive line as much as all others.
    weight: isDecisive[index]
      ? 3 / many
      : Math.min(1, 8 / Math.max(1, printed.length - many)),
    features: new Map([
      ...readFeatures(line),
      [FORM, Math.max(LOWEST, points[index]) / POINTS],
      [BIAS, 1],
    ]),
  }));
}

async function readCases(folders: string[]): Promise<Row[][]> {
  const cases: Row[][] = [];
  for (const labelled of readLabelledCases(folders)) {
    cases.push(await readRows(labelled));
  }
  return cases.filter(rows => rows.some(({ isDecisive }) => isDecisive));
}

/** Logistic regression with ridge, by Adam over all rows at once. */
function learn(cases: Row[][]): Weights {
  const seen = new Map<string, number>();
  for (const rows of cases) {
    for (const name of new Set(rows.flatMap(row => [...row.features.keys()]))) {
      seen.set(name, (seen.get(name) ?? 0) + 1);
    }
  }
  const names = [...seen]
    .filter(([, times]) => times >= MIN_CASES)
    .map(([name]) => name);
  const place = new Map(names.map((name, index) => [name, index]));
  const rows = cases.flat().map(({ features, isDecisive, weight }) => ({
    isDecisive,
    weight,
    at: [...features].flatMap(([name, value]): Array<[number, number]> => {
      const index = place.get(name);
      return index === undefined || value === 0 ? [] : [[index, value]];
    }),
  }));
  const weights = new Float64Array(names.length);
  const mean = new Float64Array(names.length);
  const square = new Float64Array(names.length);
  for (let step = 1; step <= STEPS; step += 1) {
    const gradient = Float64Array.from(weights);
    for (const { at, isDecisive, weight } of rows) {
      const sum = at.reduce(
        (all, [index, value]) => all + weights[index] * value,
        0,
      );
      const error = weight * (1 / (1 + Math.exp(-sum)) - Number(isDecisive));
      for (const [index, value] of at) {
        gradient[index] += error * value;
      }
    }
    for (const [index, slope] of gradient.entries()) {
      mean[index] = 0.9 * mean[index] + 0.1 * slope;
      square[index] = 0.999 * square[index] + 0.001 * slope * slope;
      weights[index] -=
        (RATE * (mean[index] / (1 - 0.9 ** step))) /
        (Math.sqrt(square[index] / (1 - 0.999 ** step)) + 1e-8);
    }
  }
  return new Map(
    names
      .map((name, index): [string, number] => [name, weights[index]])
      .filter(
        ([name, weight]) =>
          [FORM, BIAS].includes(name) || Math.abs(weight) >= MIN_WEIGHT,
      ),
  );
}

/** How often the decisive line of cases that were not learnt from comes first, and among three. */
function check(cases: Row[][]): void {
  let first = 0;
  let third = 0;
  for (let part = 0; part < PARTS; part += 1) {
    const weights = learn(cases.filter((_, index) => index % PARTS !== part));
    for (const rows of cases.filter((_, index) => index % PARTS === part)) {
      const ranked = rows
        .map(({ features, isDecisive }) => ({
          isDecisive,
          sum: [...features].reduce(
            (all, [name, value]) => all + (weights.get(name) ?? 0) * value,
            0,
          ),
        }))
        .sort((one, other) => other.sum - one.sum);
      first += Number(ranked[0].isDecisive);
      third += Number(ranked.slice(0, 3).some(({ isDecisive }) => isDecisive));
    }
  }
  process.stdout.write(
    `${cases.length} cases: first ${(first / cases.length).toFixed(3)}, third ${(third / cases.length).toFixed(3)}\n`,
  );
}

async function main(): Promise<void> {
  const args = process.argv.slice(2);
  const cases = await readCases(args.filter(arg => !arg.startsWith('--')));
  if (args.includes('--check')) {
    check(cases);
    return;
  }
  const weights = learn(cases);
  const scale = POINTS / (weights.get(FORM) ?? 1);
  const kept = [...weights]
    .filter(([name]) => name !== FORM && name !== BIAS)
    .map(([name, weight]): [string, number] => [
      name,
      Number((weight * scale).toFixed(2)),
    ])
    .sort(([one], [other]) => (one < other ? -1 : 1));
  writeFileSync(
    FILE,
    `${JSON.stringify({ weights: Object.fromEntries(kept) }, null, 2)}\n`,
  );
  process.stdout.write(`${kept.length} weights of ${cases.length} cases\n`);
}

main().catch(error => {
  process.stderr.write(`${error instanceof Error ? error.stack : error}\n`);
  process.exitCode = 1;
});

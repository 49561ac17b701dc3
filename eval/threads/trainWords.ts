// SPDX-License-Identifier: Apache-2.0

/**
 * Learns which words and place a line that names the cause has, and writes
 * `packages/triage-engine/src/classify/wordWeights.json`.
 *
 *     npx tsx eval/threads/trainWords.ts [--check] [FOLDER ...]
 *
 * Learns from `open/`, from `written.json`, `quoted.json` and folders of cases of the
 * form of `open/`; never from `held-back/`. `--check` writes nothing: it says, of eight parts of the
 * cases each held back once, how often the decisive line came first.
 */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { root } from '../data';
import { createContext } from '../../packages/triage-engine/src/classify/createContext';
import { readFeatures } from '../../packages/triage-engine/src/classify/lineWords';
import { scoreByForm } from '../../packages/triage-engine/src/classify/rankLines';
import { isKnownSentence } from '../../packages/triage-engine/src/classify/rules/lineRules';
import {
  isOfPassing,
  readClassifyInput,
  readLabelledCases,
  type LabelledCase,
} from './labelledCases';

interface Row {
  features: Map<string, number>;
  isDecisive: boolean;
}

interface Example {
  group: number;
  rows: Row[];
}

type Weights = Map<string, number>;

const FILE = path.join(
  root,
  'packages/triage-engine/src/classify/wordWeights.json',
);

/** A word of fewer cases says something of them alone. */
const MIN_CASES = 3;
/** Smaller ones change nothing. */
const MIN_WEIGHT = 0.05;
const STEPS = 400;
const RATE = 0.05;
const RIDGE = 2;
const PARTS = 8;
/** Points of `scoreByForm` to one of the feature. */
const POINTS = 5;
const LOWEST = -2;
const FORM = 'form';
/** What a decisive line gains on the mean, in points: the bounds of `rankLines` are set for it. */
const GAIN = 4;

/** What commands print that pass teaches about places only: elsewhere the same words may name a cause. */
const withoutWords = (features: Map<string, number>): Map<string, number> =>
  new Map([...features].filter(([name]) => !name.includes(':')));

/** The kept lines of the step that failed, and which of them an expert quotes. */
async function readRows(labelled: LabelledCase): Promise<Row[]> {
  const { printed } = createContext(await readClassifyInput(labelled));
  const points = scoreByForm(printed, isKnownSentence);
  return readFeatures(printed).map((features, index) => {
    const { text } = printed[index].line;
    return {
      features: (isOfPassing(text) ? withoutWords(features) : features).set(
        FORM,
        Math.max(LOWEST, points[index]) / POINTS,
      ),
      isDecisive: labelled.decisive.some(each =>
        text.slice(0, 500).includes(each),
      ),
    };
  });
}

async function readExamples(folders: string[]): Promise<Example[]> {
  const examples: Example[] = [];
  for (const labelled of readLabelledCases(folders)) {
    examples.push({ group: labelled.group, rows: await readRows(labelled) });
  }
  return examples.filter(({ rows }) =>
    rows.some(({ isDecisive }) => isDecisive),
  );
}

const softmax = (sums: number[]): number[] => {
  const most = Math.max(...sums);
  const powers = sums.map(sum => Math.exp(sum - most));
  const all = powers.reduce((one, other) => one + other, 0);
  return powers.map(power => power / all);
};

/**
 * Which line of a case is decisive, as a choice between its lines (conditional logit)
 * with ridge, by Adam over all cases at once.
 */
function learn(examples: Example[]): Weights {
  const seen = new Map<string, number>();
  for (const { rows } of examples) {
    for (const name of new Set(rows.flatMap(row => [...row.features.keys()]))) {
      seen.set(name, (seen.get(name) ?? 0) + 1);
    }
  }
  const names = [...seen]
    .filter(([, times]) => times >= MIN_CASES)
    .map(([name]) => name);
  const place = new Map(names.map((name, index) => [name, index]));
  const choices = examples.map(({ rows }) =>
    rows.map(({ features, isDecisive }) => ({
      isDecisive,
      at: [...features].flatMap(([name, value]): Array<[number, number]> => {
        const index = place.get(name);
        return index === undefined || value === 0 ? [] : [[index, value]];
      }),
    })),
  );
  const ridge = names.map(name => (name === FORM ? 0 : RIDGE));
  const weights = new Float64Array(names.length);
  const mean = new Float64Array(names.length);
  const square = new Float64Array(names.length);
  for (let step = 1; step <= STEPS; step += 1) {
    const gradient = weights.map((weight, index) => weight * ridge[index]);
    for (const rows of choices) {
      const shares = softmax(
        rows.map(({ at }) =>
          at.reduce((all, [index, value]) => all + weights[index] * value, 0),
        ),
      );
      const hit = rows.reduce(
        (all, { isDecisive }, row) => all + (isDecisive ? shares[row] : 0),
        1e-12,
      );
      for (const [row, { at, isDecisive }] of rows.entries()) {
        const error = shares[row] - (isDecisive ? shares[row] / hit : 0);
        for (const [index, value] of at) {
          gradient[index] += error * value;
        }
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
  return new Map(names.map((name, index) => [name, weights[index]]));
}

const sumOf = (weights: Weights, { features }: Row): number =>
  [...features].reduce(
    (all, [name, value]) => all + (weights.get(name) ?? 0) * value,
    0,
  );

/** How often the decisive line of cases that were not learnt from comes first, and among three. */
function check(examples: Example[]): void {
  let first = 0;
  let third = 0;
  for (let part = 0; part < PARTS; part += 1) {
    const weights = learn(
      examples.filter(({ group }) => group % PARTS !== part),
    );
    for (const { rows } of examples.filter(
      ({ group }) => group % PARTS === part,
    )) {
      const ranked = rows
        .map(row => ({ ...row, sum: sumOf(weights, row) }))
        .sort((one, other) => other.sum - one.sum);
      first += Number(ranked[0].isDecisive);
      third += Number(ranked.slice(0, 3).some(({ isDecisive }) => isDecisive));
    }
  }
  const share = (count: number) => (count / examples.length).toFixed(3);
  process.stdout.write(
    `${examples.length} cases: first ${share(first)}, third ${share(third)}\n`,
  );
}

async function main(): Promise<void> {
  const args = process.argv.slice(2);
  const examples = await readExamples(
    args.filter(arg => !arg.startsWith('--')),
  );
  if (args.includes('--check')) {
    check(examples);
    return;
  }
  const weights = learn(examples);
  const scale = POINTS / (weights.get(FORM) ?? 1);
  weights.delete(FORM);
  const gains = examples.flatMap(({ rows }) =>
    rows
      .filter(({ isDecisive }) => isDecisive)
      .map(row => sumOf(weights, row) * scale),
  );
  const level = GAIN - gains.reduce((one, other) => one + other) / gains.length;
  const kept = [...weights]
    .filter(([, weight]) => Math.abs(weight * scale) >= MIN_WEIGHT)
    .map(([name, weight]): [string, number] => [
      name,
      Number((weight * scale).toFixed(2)),
    ])
    .sort(([one], [other]) => (one < other ? -1 : 1));
  writeFileSync(
    FILE,
    `${JSON.stringify({ level: Number(level.toFixed(2)), weights: Object.fromEntries(kept) }, null, 2)}\n`,
  );
  process.stdout.write(
    `${kept.length} weights of ${examples.length} cases, level ${level.toFixed(2)}\n`,
  );
}

main().catch(error => {
  process.stderr.write(`${error instanceof Error ? error.stack : error}\n`);
  process.exitCode = 1;
});

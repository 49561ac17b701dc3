// SPDX-License-Identifier: Apache-2.0

/**
 * Learns which words speak of which type of failure, and writes
 * `packages/triage-engine/src/classify/typeWeights.json`.
 *
 *     npx tsx eval/threads/trainTypes.ts [--check] [FOLDER ...]
 *
 * Learns from the same cases as `trainWords.ts`. `--check` writes nothing: it says, of
 * eight parts of the cases each held back once, how often the type was right.
 */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { FAILURE_TYPES } from '@greenroom/plugin-triage-common';
import { root } from '../data';
import { classify } from '../../packages/triage-engine/src/classify/classify';
import { createContext } from '../../packages/triage-engine/src/classify/createContext';
import { rankLines } from '../../packages/triage-engine/src/classify/rankLines';
import { isKnownSentence } from '../../packages/triage-engine/src/classify/rules/lineRules';
import { NEEDS_FINDINGS } from '../../packages/triage-engine/src/classify/rules/hintRules';
import { typeOfSentence } from '../../packages/triage-engine/src/classify/rules/sentenceRules';
import { readTypeFeatures } from '../../packages/triage-engine/src/classify/typeWords';
import { readClassifyInput, readLabelledCases } from './labelledCases';

interface Example {
  group: number;
  features: Map<string, number>;
  types: string[];
  /** What the rules say of it. */
  ruled: string;
  /** Whether the words are asked. */
  isAsked: boolean;
}

/** By feature, then by type. */
type Weights = Map<string, Map<string, number>>;

const FILE = path.join(
  root,
  'packages/triage-engine/src/classify/typeWeights.json',
);

/** A word of fewer cases says something of them alone. */
const MIN_CASES = 2;
/** Smaller ones change nothing. */
const MIN_WEIGHT = 0.05;
const STEPS = 300;
const RATE = 0.05;
const RIDGE = 0.3;
const PARTS = 8;
/** As `classify.ts` asks. */
const PROBABLE = 0.2;

async function readExamples(folders: string[]): Promise<Example[]> {
  const examples: Example[] = [];
  for (const each of readLabelledCases(folders)) {
    const input = await readClassifyInput(each);
    const context = createContext(input);
    const ranked = rankLines(context.printed, isKnownSentence);
    const { rule, type } = classify(input);
    const isAsked = ['error-line', 'error-words'].includes(rule);
    examples.push({
      group: each.group,
      types: each.types,
      features: readTypeFeatures(ranked, context),
      ruled: isAsked ? typeOfSentence(ranked[0], context).type : type,
      isAsked,
    });
  }
  return examples;
}

const softmax = (sums: number[]): number[] => {
  const most = Math.max(...sums);
  const powers = sums.map(sum => Math.exp(sum - most));
  const all = powers.reduce((one, other) => one + other, 0);
  return powers.map(power => power / all);
};

/**
 * Softmax regression with ridge, by Adam over all cases at once. Where several types
 * are right the first counts most, and the others share what is left.
 */
function learn(examples: Example[], types: readonly string[]): Weights {
  const seen = new Map<string, number>();
  for (const { features } of examples) {
    for (const name of features.keys()) {
      seen.set(name, (seen.get(name) ?? 0) + 1);
    }
  }
  const names = [...seen]
    .filter(([, times]) => times >= MIN_CASES)
    .map(([name]) => name);
  const place = new Map(names.map((name, index) => [name, index]));
  const wide = types.length;
  const size = names.length * wide;
  const rows = examples.map(({ features, types: right }) => ({
    at: [...features].flatMap(([name, value]): Array<[number, number]> => {
      const index = place.get(name);
      return index === undefined ? [] : [[index * wide, value]];
    }),
    right: types.map(type => {
      const rank = right.indexOf(type);
      return rank < 0 ? 0 : 1 / (1 + rank);
    }),
  }));
  const weights = new Float64Array(size);
  const mean = new Float64Array(size);
  const square = new Float64Array(size);
  for (let step = 1; step <= STEPS; step += 1) {
    const gradient = weights.map(weight => weight * RIDGE);
    for (const { at, right } of rows) {
      const shares = softmax(
        types.map((_, type) =>
          at.reduce(
            (sum, [index, value]) => sum + weights[index + type] * value,
            0,
          ),
        ),
      );
      const hits = shares.map((share, type) => share * right[type]);
      const hit = hits.reduce((one, other) => one + other, 0);
      if (hit === 0) {
        continue;
      }
      for (const [index, value] of at) {
        for (let type = 0; type < wide; type += 1) {
          gradient[index + type] += (shares[type] - hits[type] / hit) * value;
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
  return new Map(
    names.map((name, index) => [
      name,
      new Map(
        types
          .map((type, at): [string, number] => [
            type,
            weights[index * wide + at],
          ])
          .filter(([, weight]) => Math.abs(weight) >= MIN_WEIGHT),
      ),
    ]),
  );
}

function judge(
  weights: Weights,
  features: Map<string, number>,
  types: readonly string[],
): { type: string; probability: number } {
  const sums = types.map(type =>
    [...features].reduce(
      (sum, [name, value]) => sum + (weights.get(name)?.get(type) ?? 0) * value,
      0,
    ),
  );
  const shares = softmax(sums);
  const probability = Math.max(...shares);
  return { type: types[shares.indexOf(probability)], probability };
}

/** How often the type of cases that were not learnt from is right: by the words, by the rules, by both. */
function check(examples: Example[], types: readonly string[]): void {
  const right = { words: 0, rules: 0, both: 0 };
  for (let part = 0; part < PARTS; part += 1) {
    const weights = learn(
      examples.filter(({ group }) => group % PARTS !== part),
      types,
    );
    for (const each of examples.filter(({ group }) => group % PARTS === part)) {
      const { type, probability } = judge(weights, each.features, types);
      const isAsked =
        each.isAsked && each.ruled === 'unknown' && probability >= PROBABLE;
      right.words += Number(each.types.includes(type));
      right.rules += Number(each.types.includes(each.ruled));
      right.both += Number(each.types.includes(isAsked ? type : each.ruled));
    }
  }
  const share = (count: number) => (count / examples.length).toFixed(3);
  process.stdout.write(
    `${examples.length} cases: words ${share(right.words)}, rules ${share(right.rules)}, both ${share(right.both)}\n`,
  );
}

async function main(): Promise<void> {
  const args = process.argv.slice(2);
  const examples = await readExamples(
    args.filter(arg => !arg.startsWith('--')),
  );
  const types = FAILURE_TYPES.filter(
    type =>
      type !== 'unknown' &&
      (type === 'gate' || !NEEDS_FINDINGS.includes(type)) &&
      examples.some(({ types: right }) => right.includes(type)),
  );
  if (args.includes('--check')) {
    check(examples, types);
    return;
  }
  const weights = learn(examples, types);
  const kept = [...weights]
    .filter(([, byType]) => byType.size > 0)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, byType]) => [
      name,
      Object.fromEntries(
        [...byType].map(([type, weight]) => [type, Number(weight.toFixed(2))]),
      ),
    ]);
  writeFileSync(
    FILE,
    `${JSON.stringify({ types, weights: Object.fromEntries(kept) })}\n`,
  );
  process.stdout.write(`${kept.length} features of ${examples.length} cases\n`);
}

main().catch(error => {
  process.stderr.write(`${error instanceof Error ? error.stack : error}\n`);
  process.exitCode = 1;
});

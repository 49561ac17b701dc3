// SPDX-License-Identifier: Apache-2.0
import type { FailureType } from '@greenroom/plugin-triage-common';
import type { RuleContext } from './createContext';
import type { RuleLine } from './readRuleLine';
import { hintedTypes } from './rules/hintRules';
import learnt from './typeWeights.json';

/** So much of a line, and of what was run, says what it is about. */
const LOOK = 240;
const LOOK_AT_COMMAND = 160;

/** Words, and the answers of servers. */
const WORDS = /[a-z]{2,30}|\b[1-5]\d\d\b/g;

/** Words of one stem begin alike: authenticate, authentication. */
const STEM = 6;

/** What the likeliest line says counts most. */
const SHARES = [1, 0.4, 0.2];

const WEIGHTS = new Map<string, Array<[string, number]>>(
  Object.entries(learnt.weights).map(([feature, byType]) => [
    feature,
    Object.entries(byType),
  ]),
);

/** `AccessDenied` and `ACCESS_DENIED` as the words that they are made of. */
const readWords = (text: string): string[] =>
  text
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .match(WORDS)
    ?.map(word => word.slice(0, STEM)) ?? [];

function add(features: Map<string, number>, name: string, value: number): void {
  features.set(name, Math.max(features.get(name) ?? 0, value));
}

/**
 * What the likeliest lines and the command say, as the weights of `typeWeights.json`
 * name it: `w:denied`, `w:access denied`, `c:helm` and `c:helm upgrad` of the command, `h:manifest` of what
 * the step is for.
 */
export function readTypeFeatures(
  lines: readonly RuleLine[],
  { hint, purpose }: RuleContext,
): Map<string, number> {
  const features = new Map<string, number>([['bias', 1]]);
  for (const [index, share] of SHARES.entries()) {
    const words = readWords(lines[index]?.text.slice(0, LOOK) ?? '');
    for (const [place, word] of words.entries()) {
      add(features, `w:${word}`, share);
      if (place > 0) {
        add(features, `w:${words[place - 1]} ${word}`, share);
      }
    }
  }
  const run = readWords(hint.slice(0, LOOK_AT_COMMAND));
  for (const [place, word] of run.entries()) {
    add(features, `c:${word}`, 0.5);
    if (place > 0) {
      add(features, `c:${run[place - 1]} ${word}`, 0.5);
    }
  }
  for (const type of hintedTypes(purpose)) {
    add(features, `h:${type}`, 0.5);
  }
  return features;
}

/**
 * The type of failure that the words speak of, with its probability: a linear model
 * (softmax), learnt from labelled logs by `eval/threads/trainTypes.ts`.
 */
export function likeliestType(features: ReadonlyMap<string, number>): {
  type: FailureType;
  probability: number;
} {
  const sums = new Map<string, number>(learnt.types.map(type => [type, 0]));
  for (const [feature, value] of features) {
    for (const [type, weight] of WEIGHTS.get(feature) ?? []) {
      sums.set(type, (sums.get(type) ?? 0) + weight * value);
    }
  }
  const [[type, most], ...others] = [...sums].sort(
    ([, one], [, other]) => other - one,
  );
  const rest = others.reduce((all, [, sum]) => all + Math.exp(sum - most), 0);
  return { type: type as FailureType, probability: 1 / (1 + rest) };
}

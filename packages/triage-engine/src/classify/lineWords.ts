// SPDX-License-Identifier: Apache-2.0
import type { RuleLine } from './readRuleLine';
import learnt from './wordWeights.json';

/** So much of a line says what it is about. */
const LOOK = 200;

/** Words, and the answers of servers. */
const WORDS = /[a-z]{3,20}|\b[1-5]\d\d\b/g;

/** What a line may gain or lose by its words, in the points of `rankLines`. */
const MOST = 4;

const WEIGHTS = new Map(Object.entries(learnt.weights));

/**
 * A line's words and form, as the weights of `wordWeights.json` name them: `w:denied`,
 * `first:error`, and what is not a word without a colon.
 */
export function readFeatures({ text, line }: RuleLine): Map<string, number> {
  const head = text.slice(0, LOOK);
  const words =
    head
      .replace(/([a-z])([A-Z])/g, '$1 $2')
      .toLowerCase()
      .match(WORDS) ?? [];
  const features = new Map(words.map(word => [`w:${word}`, 0.5]));
  if (words.length > 0) {
    features.set(`first:${words[0]}`, 0.5);
  }
  features.set('indent', line.text.startsWith('  ') ? 1 : 0);
  features.set('length', head.length / 100);
  features.set('colon', text.trimEnd().endsWith(':') ? 1 : 0);
  features.set('capital', /^[A-Z]/.test(head) ? 1 : 0);
  return features;
}

/**
 * How much a line's words speak for it as the one that names the cause, in points:
 * learnt from labelled logs by `eval/threads/trainWords.ts`, at most 4 either way.
 */
export function scoreWords(line: RuleLine): number {
  let sum = 0;
  for (const [name, value] of readFeatures(line)) {
    sum += (WEIGHTS.get(name) ?? 0) * value;
  }
  return Math.max(-MOST, Math.min(MOST, sum));
}

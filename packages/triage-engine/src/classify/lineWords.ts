// SPDX-License-Identifier: Apache-2.0
import type { RuleLine } from './readRuleLine';
import learnt from './wordWeights.json';

/** So much of a line says what it is about. */
const LOOK = 200;

/** Words, and the answers of servers. */
const WORDS = /[a-z]{3,20}|\b[1-5]\d\d\b/g;

/** What a line may gain or lose by its words and place, in the points of `rankLines`. */
const MOST = 6;

const WEIGHTS = new Map(Object.entries(learnt.weights));

/** What a command says when it did what it was there to do: what stands above did not end it. */
const PASSED =
  /^(?:successfully |success\b|ok(?:$|\s)|done(?:$|[. ])|login succeeded|added \d|setting up |activated |#\d{1,5} (?:done|cached))|\b(?:created|configured|unchanged|started)$|\bis ready$|\bPASS(?:ED)?\b|\.\.\. (?:ok|done)$|\d passed\b/i;

/** Where a stack shows code; code itself is indented. */
const FRAME = /^(?:File "|at [\w$.<>]{1,200}\(|Traceback)/;

const INDENTED = /^(?: {2}|\t)/;

/** What a line says of itself. */
function readOwn({ text, line, isTest }: RuleLine): Map<string, number> {
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
  return features
    .set('indent', INDENTED.test(line.text) ? 1 : 0)
    .set('length', head.length / 100)
    .set('words', Math.min(20, words.length) / 10)
    .set('colon', text.trimEnd().endsWith(':') ? 1 : 0)
    .set('colons', Math.min(4, head.split(': ').length - 1) / 2)
    .set('capital', /^[A-Z]/.test(head) ? 1 : 0)
    .set('test', isTest ? 1 : 0)
    .set('passed', PASSED.test(text) ? 1 : 0);
}

/**
 * The words, form and place of each line, as the weights of `wordWeights.json` name
 * them: `w:denied`, `first:error`, and what is no word without a colon.
 *
 * @param lines - what the step printed, in its order
 */
export function readFeatures(
  lines: readonly RuleLine[],
): Array<Map<string, number>> {
  const lastPassed = lines.findLastIndex(({ text }) => PASSED.test(text));
  const end = lines.at(-1)?.line.number ?? 0;
  const said = new Set<string>();
  return lines.map((each, index) => {
    const { number } = each.line;
    const above = lines[index - 1];
    const below = lines[index + 1];
    const key = each.text.replace(/\d{1,20}/g, '0');
    const isAgain = said.has(key);
    said.add(key);
    const isUnderFrame =
      above?.line.number === number - 1 &&
      (FRAME.test(above.text) || INDENTED.test(above.line.text));
    const isOverIndented =
      below?.line.number === number + 1 &&
      INDENTED.test(below.line.text) &&
      !/^\s/.test(each.line.text);
    return readOwn(each)
      .set('again', isAgain ? 1 : 0)
      .set('underFrame', isUnderFrame ? 1 : 0)
      .set('overIndented', isOverIndented ? 1 : 0)
      .set('passedAfter', index < lastPassed ? 1 : 0)
      .set('distance', Math.log2(1 + end - number) / 6)
      .set('place', (index + 1) / lines.length);
  });
}

/**
 * How much the words and the place of each line speak for it as the one that names the
 * cause, in points: learnt from labelled logs by `eval/threads/trainWords.ts`, at most
 * 6 either way.
 */
export function scoreWords(lines: readonly RuleLine[]): number[] {
  return readFeatures(lines).map(features => {
    let sum = learnt.level;
    for (const [name, value] of features) {
      sum += (WEIGHTS.get(name) ?? 0) * value;
    }
    return Math.max(-MOST, Math.min(MOST, sum));
  });
}

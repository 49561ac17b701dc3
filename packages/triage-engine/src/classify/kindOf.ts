// SPDX-License-Identifier: Apache-2.0
import type { FailureType } from '@greenroom/plugin-triage-common';
import type { RuleContext } from './createContext';
import { STATES_ERROR, type RankedLine } from './rankLines';
import { hintedTypes, NEEDS_FINDINGS } from './rules/hintRules';
import { typeOfSentence } from './rules/sentenceRules';
import { likeliestType, readTypeFeatures } from './typeWords';

/** What these look for they print in lines that look like errors. */
const CHECKS: FailureType[] = [...NEEDS_FINDINGS, 'lint', 'unit-test'];

/** So probable a type is named by a line's words, where nothing else names one. */
const PROBABLE = 0.2;

/** So probable it is named where no line states an error. */
export const MORE_PROBABLE = 0.4;

/** So likely a line is to name the cause that it outranks what was waited for. */
export const SAYS_MORE = STATES_ERROR + 3.5;

/** The kind of error by the sentence, then by what the step is for; else by its words, as learnt. */
export function kindOf(
  ranked: RankedLine[],
  context: RuleContext,
): ReturnType<typeof typeOfSentence> | undefined {
  const said = typeOfSentence(ranked[0], context);
  if (said.id !== 'error-line') {
    return said;
  }
  const { type, probability } = likeliestType(
    readTypeFeatures(ranked, context),
  );
  // A check that ended with 1 found something, in words of its own.
  if (
    context.exitCode === 1 &&
    CHECKS.includes(hintedTypes(context.purpose)[0]) &&
    ranked[0].score < SAYS_MORE
  ) {
    return undefined;
  }
  return said.type === 'unknown' && probability >= PROBABLE
    ? { ...said, id: 'error-words', type }
    : said;
}

// SPDX-License-Identifier: Apache-2.0
import type { LineKind } from './LineClassifier';

/**
 * The constants of the reduction. Only their ratios matter.
 *
 * They are round numbers in the middle of the range in which the figures on
 * the labelled logs do not change; `eval/log-reduction/crossValidate.ts` says
 * how far numbers that are fitted to one half of the logs carry to the other.
 */
export interface Weights {
  /** What a line is worth by what it is. */
  kind: Record<Exclude<LineKind, 'cleanup'>, number>;
  /** Of what it is worth, what is left of a line that the passing log has too. */
  stale: number;
  /** For a line without a word of failure that is new, in a block with an error. */
  novelContext: number;
  /** The same where there is no passing log to tell what is new. */
  context: number;
  /** What is left of a line in a block that has nothing but new lines. */
  lone: number;
  /** What is left of a line of another step than the one that failed. */
  outside: number;
  /** Lines without anything after which a block ends. */
  gap: number;
  /** Lines before a block that belong to it: commands, headings. */
  before: number;
  /** What is left of one of these for each line it is farther away. */
  beforeDecay: number;
  /** What is left of a line for each line since the last one that said something. */
  afterDecay: number;
  /** For the lines before an end where nothing said why. */
  tail: number;
  tailDecay: number;
  /**
   * Tokens of a block after which a line in it is worth half: a stack trace is
   * told by its first lines, and the next block has something else to say.
   */
  depth: number;
  /** How much less each repetition of a line is worth: 1 / (1 + repeat n). */
  repeat: number;
  /** How much less a line is worth that comes n times in all: 1 / (1 + rarity log2 n). */
  rarity: number;
  /** For the first and the last block with an error: the cause, and what ended the job. */
  edge: number;
  /**
   * How much of its length the first line of a block that tells of a failure
   * need not pay for, as a power: the message that matters may be long. The
   * second one gets half of it, the third a third.
   */
  headDiscount: number;
}

export const WEIGHTS: Weights = {
  kind: {
    // As good as the whole answer where tests fail, and short.
    test: 24,
    error: 8,
    // Most ends only say that there was an error.
    end: 1,
    weak: 1.6,
    info: 0.1,
    warning: 1,
    frame: 1,
    blank: 0.3,
    plain: 3,
    script: 0.2,
  },
  stale: 0.03,
  novelContext: 5,
  context: 2.5,
  lone: 0.02,
  outside: 0.1,
  gap: 7,
  before: 7,
  beforeDecay: 0.8,
  afterDecay: 0.9,
  tail: 0.2,
  tailDecay: 0.95,
  depth: 300,
  repeat: 0.3,
  rarity: 0.5,
  edge: 1.5,
  headDiscount: 0.5,
};

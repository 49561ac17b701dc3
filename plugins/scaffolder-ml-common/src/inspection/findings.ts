// SPDX-License-Identifier: Apache-2.0
import type { ReadAnswer } from '../table';
import {
  toParameters,
  type FINDING_MESSAGES,
  type FindingParameters,
} from './findingMessages';

/**
 * What the inspection of a table can find: what a person has to answer, then
 * what changes most, then what is to be known. The package greenroom-ml finds
 * the same at run time, by the same names; `finding-codes.json` in its docs
 * holds both to that.
 *
 * @public
 */
export const FINDING_CODES = [
  'ambiguous-date',
  'na-as-value',
  'decides-target',
  'repeated-id',
  'time-order',
  'split-column',
  'index-column',
  'id-column',
  'unique-text',
  'unreadable-cells',
  'zero-padded-code',
  'constant-column',
  'counts-as-classes',
  'rare-classes',
  'small-classes',
  'few-rows',
  'duplicate-rows',
] as const;

/**
 * One of {@link FINDING_CODES}.
 *
 * @public
 */
export type FindingCode = (typeof FINDING_CODES)[number];

/**
 * How the held-out rows are chosen: by a hash of each row, the newest, or whole
 * groups of rows that have something in common.
 *
 * @public
 */
export interface DataSplit {
  by: 'rows' | 'time' | 'group';
  /** The date of a row, or its group; by time without one, rows are in time order. */
  column?: string;
  /** The share of rows that are held out; 0.25 unless given. */
  testSize?: number;
}

/**
 * What a person may answer to a finding: leave the column out or keep it, read
 * its cells in one way or another, or choose a split.
 *
 * @public
 */
export type FindingAnswer = 'leave-out' | 'keep' | ReadAnswer;

/**
 * Something in a table that makes a model wrong, or may.
 *
 * @public
 */
export interface Finding {
  code: FindingCode;
  /** The column that it is about; none where it is about the rows. */
  column?: string;
  /** The sentence about it, by its key in {@link FINDING_MESSAGES}. */
  message: keyof typeof FINDING_MESSAGES;
  parameters: FindingParameters;
  /** What may be answered; nothing, where it only has to be known. */
  answers: readonly FindingAnswer[];
  /** What happens unless a person says otherwise; none where only a person knows. */
  proposal?: FindingAnswer;
  /** The split that it speaks for. */
  split?: DataSplit;
}

/** What is known of a finding before it is complete. */
export type FindingParts = Omit<Finding, 'answers' | 'parameters'> &
  Partial<Pick<Finding, 'answers'>> & {
    parameters: Partial<FindingParameters>;
  };

/** Left out unless a person keeps it. */
export const LEFT_OUT = {
  answers: ['leave-out', 'keep'],
  proposal: 'leave-out',
} as const;

/** A finding with what its parts left open. */
export function toFinding(parts: FindingParts): Finding {
  return { answers: [], ...parts, parameters: toParameters(parts.parameters) };
}

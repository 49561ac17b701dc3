// SPDX-License-Identifier: Apache-2.0
import { bytes } from '../facts/quantity';
import type { Container, Situation } from '../facts/types';
import { memoryOf } from './helpers';

/** What servers print while a model is loaded. */
export const LOADS =
  /\b(?:re)?load(?:ing|ed)?\b[^\n]{0,80}\b(?:model|version|servable|checkpoint|weights|bundle|index|embeddings?)|(?:model|version|servable)[^\n]{0,60}\bload|Restoring SavedModel|Reading SavedModel/i;
/** What a container may use, and what it used, for a sentence. */
export function limitText(container: Container, situation: Situation): string {
  const { memoryLimit } = container;
  const measured = memoryOf(situation, container);
  const peak = measured
    ? `, highest measured ${bytes(measured.trend.peak)}`
    : '';
  return memoryLimit
    ? `the limit of ${bytes(memoryLimit)} (limits.memory)${peak}`
    : `the memory of the node, since it has no memory limit${peak}`;
}

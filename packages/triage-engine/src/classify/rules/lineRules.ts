// SPDX-License-Identifier: Apache-2.0
import type { LineRule } from '../ruleTypes';
import { buildLines } from './buildRules';
import { environmentLines } from './environmentRules';
import { infrastructureLines } from './infrastructureRules';
import { memoryLines } from './memoryRules';
import { modelLines } from './modelRules';
import { platformLines } from './platformRules';
import { scanLines } from './scanRules';
import { setupLines } from './setupRules';

const pick = (rules: LineRule[], ...ids: string[]): LineRule[] =>
  rules.filter(({ id }) => ids.includes(id));
const without = (rules: LineRule[], ...ids: string[]): LineRule[] =>
  rules.filter(({ id }) => !ids.includes(id));

/** Their sentences also speak of images and releases. */
const BEFORE_PLATFORM = ['not-scanned', 'action-version', 'name-conflict'];

/** Single lines: first all near the failure, then those of scope `step`. */
export const lineRules: LineRule[] = [
  ...pick(buildLines, 'flaky-reported'),
  ...memoryLines,
  ...environmentLines,
  ...modelLines,
  ...pick(setupLines, ...BEFORE_PLATFORM),
  ...platformLines,
  ...scanLines,
  ...without(setupLines, ...BEFORE_PLATFORM),
  ...infrastructureLines,
  ...pick(buildLines, 'test-sentence', 'linter', 'compiler'),
  ...without(
    buildLines,
    'flaky-reported',
    'test-sentence',
    'linter',
    'compiler',
  ),
];

/** Whether a rule knows a sentence. */
export const isKnownSentence = (text: string): boolean =>
  lineRules.some(({ pattern }) => pattern.test(text));

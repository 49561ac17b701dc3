// SPDX-License-Identifier: Apache-2.0
import type { LineRule, Rule } from '../ruleTypes';
import { buildLines, buildToolBuildRules, buildToolRules } from './buildRules';
import { hintRules } from './hintRules';
import { infrastructureLines } from './infrastructureRules';
import { exitCodeRules, memoryLines, signalRules } from './memoryRules';
import { modelLines, modelRules } from './modelRules';
import { platformLines } from './platformRules';
import { runnerRules } from './runnerRules';
import { scanLines } from './scanRules';
import { flakyRules, gateRules, structuredRules } from './structuredRules';
import { testCauseRules } from './testCauseRules';

const pick = (rules: LineRule[], ...ids: string[]): LineRule[] =>
  rules.filter(({ id }) => ids.includes(id));
const without = (rules: LineRule[], ...ids: string[]): LineRule[] =>
  rules.filter(({ id }) => !ids.includes(id));

/** Facts, exit codes and what parsers read: tried first, in this order. */
export const earlyRules: Rule[] = [
  ...runnerRules,
  ...gateRules,
  ...exitCodeRules,
  ...flakyRules,
  ...buildToolRules,
  ...testCauseRules,
  ...structuredRules,
  ...buildToolBuildRules,
  ...modelRules,
];

/** Single lines: first all near the failure, then those of scope `step`. */
export const lineRules: LineRule[] = [
  ...pick(buildLines, 'flaky-reported'),
  ...memoryLines,
  ...modelLines,
  ...platformLines,
  ...scanLines,
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

/** What is left: the signal that ended it, the step's purpose. */
export const lateRules: Rule[] = [...signalRules, ...hintRules];

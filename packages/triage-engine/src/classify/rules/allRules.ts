// SPDX-License-Identifier: Apache-2.0
import type { Rule } from '../ruleTypes';
import { buildToolBuildRules, buildToolRules } from './buildRules';
import { hintRules } from './hintRules';
import { exitCodeRules, signalRules } from './memoryRules';
import { modelRules } from './modelRules';
import { runnerRules } from './runnerRules';
import { flakyRules, gateRules, structuredRules } from './structuredRules';
import { testCauseRules, testEnvironmentRules } from './testCauseRules';

/** Facts, exit codes and what parsers read: tried first, in this order. */
export const earlyRules: Rule[] = [
  ...runnerRules,
  ...gateRules,
  ...exitCodeRules,
  ...flakyRules,
  ...buildToolRules,
  ...testEnvironmentRules,
  ...testCauseRules,
  ...structuredRules,
  ...buildToolBuildRules,
  ...modelRules,
];

/** What is left: the signal that ended it, the step's purpose. */
export const lateRules: Rule[] = [...signalRules, ...hintRules];

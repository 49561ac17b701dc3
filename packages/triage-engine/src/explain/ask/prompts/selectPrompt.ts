// SPDX-License-Identifier: Apache-2.0
import type {
  FailureType,
  TriageReport,
} from '@greenroom/plugin-triage-common';
import { alertPrompt } from './alertPrompt';
import { deploymentPrompt } from './deploymentPrompt';
import { driftPrompt } from './driftPrompt';
import { generalPrompt } from './generalPrompt';
import { modelValidationPrompt } from './modelValidationPrompt';
import { securityScanPrompt } from './securityScanPrompt';
import { testPrompt } from './testPrompt';
import type { Prompt } from './types';

/** All that is ever asked; every failure type is in one of them. */
export const PROMPTS: readonly Prompt[] = [
  securityScanPrompt,
  testPrompt,
  modelValidationPrompt,
  deploymentPrompt,
  alertPrompt,
  driftPrompt,
  generalPrompt,
];

/** The prompt for a type of failure; of an alert or of drift there is one. */
export function selectPrompt(
  type: FailureType,
  kind: TriageReport['incident']['kind'] = 'pipeline',
): Prompt {
  if (kind !== 'pipeline') {
    return kind === 'alert' ? alertPrompt : driftPrompt;
  }
  return PROMPTS.find(({ types }) => types.includes(type)) ?? generalPrompt;
}

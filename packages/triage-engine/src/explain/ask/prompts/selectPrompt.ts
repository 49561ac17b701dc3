// SPDX-License-Identifier: Apache-2.0
import type { FailureType } from '@greenroom/plugin-triage-common';
import { deploymentPrompt } from './deploymentPrompt';
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
  generalPrompt,
];

/** The prompt for a type of failure. */
export function selectPrompt(type: FailureType): Prompt {
  return PROMPTS.find(({ types }) => types.includes(type)) ?? generalPrompt;
}

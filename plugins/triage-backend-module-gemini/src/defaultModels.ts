// SPDX-License-Identifier: Apache-2.0
import type { LlmRequest } from '@greenroom/triage-engine';

/**
 * The models that are asked where the configuration names none.
 *
 * @public
 */
export const DEFAULT_GEMINI_MODELS: Record<LlmRequest['tier'], string> = {
  light: 'gemini-3.5-flash-lite',
  heavy: 'gemini-3.8-flash',
};

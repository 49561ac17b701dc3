// SPDX-License-Identifier: Apache-2.0

/**
 * Gemini answers the questions of triage.
 *
 * @packageDocumentation
 */
export { createGeminiLlmClient } from './createGeminiLlmClient';
export { DEFAULT_GEMINI_MODELS } from './defaultModels';
export {
  GeminiLlmClient,
  type GeminiLlmClientOptions,
} from './GeminiLlmClient';
export { triageModuleGemini as default } from './module';
export { readGeminiConfig, type GeminiConfig } from './readGeminiConfig';

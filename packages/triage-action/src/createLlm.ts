// SPDX-License-Identifier: Apache-2.0
import { ConfigReader } from '@backstage/config';
import {
  createGeminiLlmClient,
  readGeminiConfig,
} from '@greenroom/plugin-triage-backend-module-gemini';
import type { LlmClient } from '@greenroom/triage-engine';
import type { Inputs } from './readInputs';

/**
 * Gemini, as the portal asks it; none without a key and without a project.
 *
 * @throws InputError for a key or a project that cannot be one
 */
export function createLlm({
  apiKey,
  baseUrl,
  vertex,
}: Inputs['gemini']): LlmClient | undefined {
  const config = readGeminiConfig(
    new ConfigReader({
      triage: {
        gemini: {
          ...(apiKey && { apiKey }),
          ...(baseUrl && { baseUrl }),
          ...(vertex && {
            vertex: {
              project: vertex.project,
              ...(vertex.location && { location: vertex.location }),
            },
          }),
        },
      },
    }),
  );
  return config && createGeminiLlmClient(config);
}

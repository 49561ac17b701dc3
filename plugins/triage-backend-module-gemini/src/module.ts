// SPDX-License-Identifier: Apache-2.0
import {
  coreServices,
  createBackendModule,
} from '@backstage/backend-plugin-api';
import { triageLlmExtensionPoint } from '@greenroom/plugin-triage-node';
import { createGeminiLlmClient } from './createGeminiLlmClient';
import { readGeminiConfig } from './readGeminiConfig';

/**
 * Gemini as the model of triage.
 *
 * @public
 */
export const triageModuleGemini = createBackendModule({
  pluginId: 'triage',
  moduleId: 'gemini',
  register(reg) {
    reg.registerInit({
      deps: {
        llm: triageLlmExtensionPoint,
        config: coreServices.rootConfig,
        logger: coreServices.logger,
      },
      async init({ llm, config, logger }) {
        const gemini = readGeminiConfig(config);
        if (!gemini) {
          logger.info(
            "Neither 'triage.gemini.apiKey' nor 'triage.gemini.vertex' is configured: reports are made by rules only",
          );
          return;
        }
        llm.setLlmClient(createGeminiLlmClient(gemini));
      },
    });
  },
});

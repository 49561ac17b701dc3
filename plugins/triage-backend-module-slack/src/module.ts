// SPDX-License-Identifier: Apache-2.0
import {
  coreServices,
  createBackendModule,
} from '@backstage/backend-plugin-api';
import { triageEffectsExtensionPoint } from '@greenroom/plugin-triage-node';
import { LogLevel, WebClient } from '@slack/web-api';
import { readSlackConfig } from './readSlackConfig';
import { SlackEffect } from './SlackEffect';

const TIMEOUT_MS = 15_000;

/**
 * Reports of triage as Slack messages.
 *
 * @public
 */
export const triageModuleSlack = createBackendModule({
  pluginId: 'triage',
  moduleId: 'slack',
  register(reg) {
    reg.registerInit({
      deps: {
        config: coreServices.rootConfig,
        effects: triageEffectsExtensionPoint,
      },
      async init({ config, effects }) {
        const slack = readSlackConfig(config);
        if (!slack) {
          return;
        }
        const client = new WebClient(slack.token, {
          ...(slack.baseUrl && { slackApiUrl: slack.baseUrl }),
          allowAbsoluteUrls: false,
          attachOriginalToWebAPIRequestError: false,
          logLevel: LogLevel.ERROR,
          rejectRateLimitedCalls: true,
          // The queue tries again: it survives a restart.
          retryConfig: { retries: 0 },
          timeout: TIMEOUT_MS,
        });
        effects.addEffect(new SlackEffect(client, slack));
      },
    });
  },
});

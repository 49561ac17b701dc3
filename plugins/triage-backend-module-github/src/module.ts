// SPDX-License-Identifier: Apache-2.0
import {
  coreServices,
  createBackendModule,
} from '@backstage/backend-plugin-api';
import type { Config } from '@backstage/config';
import { ScmIntegrations } from '@backstage/integration';
import { eventsServiceRef } from '@backstage/plugin-events-node';
import {
  triageEffectsExtensionPoint,
  triageIncidentReportsExtensionPoint,
  triagePipelinesExtensionPoint,
  triageWorkflowsExtensionPoint,
} from '@greenroom/plugin-triage-node';
import { GithubClients } from './client/GithubClients';
import { CheckRunEffect } from './effects/CheckRunEffect';
import { CommentEffect } from './effects/CommentEffect';
import { IssueEffect } from './effects/IssueEffect';
import { IncidentReportPullRequests } from './incidentReports/IncidentReportPullRequests';
import { readIssueConfig } from './effects/readIssueConfig';
import { GithubPipelineSource } from './pipelines/GithubPipelineSource';
import { GithubWorkflows } from './workflows/GithubWorkflows';

/** By which `@backstage/plugin-events-backend-module-github` checks webhooks. */
function hasWebhookSecret(config: Config): boolean {
  return (
    Boolean(config.getOptionalString('events.modules.github.webhookSecret')) ||
    ScmIntegrations.fromConfig(config)
      .github.list()
      .some(({ config: { apps } }) => apps?.some(app => app.webhookSecret))
  );
}

/**
 * GitHub for triage: failed workflow runs in; comments, issues,
 * annotations and drafts of incident reports out; workflows started.
 *
 * @public
 */
export const triageModuleGithub = createBackendModule({
  pluginId: 'triage',
  moduleId: 'github',
  register(reg) {
    reg.registerInit({
      deps: {
        config: coreServices.rootConfig,
        effects: triageEffectsExtensionPoint,
        events: eventsServiceRef,
        incidentReports: triageIncidentReportsExtensionPoint,
        logger: coreServices.logger,
        pipelines: triagePipelinesExtensionPoint,
        workflows: triageWorkflowsExtensionPoint,
      },
      async init({
        config,
        effects,
        events,
        incidentReports,
        logger,
        pipelines,
        workflows,
      }) {
        const clients = new GithubClients(config);
        pipelines.addPipelineSource(
          new GithubPipelineSource({
            clients,
            events,
            logger,
            hasSecret: hasWebhookSecret(config),
          }),
        );
        effects.addEffect(new CommentEffect(clients));
        effects.addEffect(new IssueEffect(clients, readIssueConfig(config)));
        effects.addEffect(new CheckRunEffect(clients));
        workflows.setDispatcher(new GithubWorkflows(clients));
        incidentReports.setProposals(new IncidentReportPullRequests(clients));
      },
    });
  },
});

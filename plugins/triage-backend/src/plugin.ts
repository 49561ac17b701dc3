// SPDX-License-Identifier: Apache-2.0
import {
  coreServices,
  createBackendPlugin,
} from '@backstage/backend-plugin-api';
import { actionsRegistryServiceRef } from '@backstage/backend-plugin-api/alpha';
import { catalogServiceRef } from '@backstage/plugin-catalog-node';
import { notificationService } from '@backstage/plugin-notifications-node';
import { signalsServiceRef } from '@backstage/plugin-signals-node';
import { kserveClustersServiceRef } from '@greenroom/plugin-kserve-node';
import { mlflowServiceRef } from '@greenroom/plugin-mlflow-node';
import { triagePermissions } from '@greenroom/plugin-triage-common';
import {
  triageEffectsExtensionPoint,
  triageIncidentReportsExtensionPoint,
  triageLlmExtensionPoint,
  triagePipelinesExtensionPoint,
  triageWorkflowsExtensionPoint,
  type IncidentReportProposals,
  type WorkflowDispatcher,
  type TriageEffect,
} from '@greenroom/plugin-triage-node';
import type { LlmClient } from '@greenroom/triage-engine';
import { registerActions } from './actions';
import { ALERTS_PATH } from './alerts/createAlertsRouter';
import { createRouter } from './router';
import { createServices } from './services/createServices';
import { PipelineSources } from './services/PipelineSources';
import { Single } from './services/Single';

/**
 * Takes failed pipelines, alerts and drift in, explains them, carries the reports to where
 * people work, and answers what is known of them with the user's own rights.
 *
 * @public
 */
export const triagePlugin = createBackendPlugin({
  pluginId: 'triage',
  register(env) {
    const effects: TriageEffect[] = [];
    const sources = new PipelineSources();
    const llm = new Single<LlmClient>('Triage has a model already');
    const proposals = new Single<IncidentReportProposals>(
      'Two modules take drafts of incident reports',
    );
    const dispatcher = new Single<WorkflowDispatcher>('Two dispatchers');
    env.registerExtensionPoint(triageEffectsExtensionPoint, {
      addEffect(effect) {
        if (effects.some(({ kind }) => kind === effect.kind)) {
          throw new Error(`There are two effects of kind '${effect.kind}'`);
        }
        effects.push(effect);
      },
    });
    env.registerExtensionPoint(triagePipelinesExtensionPoint, {
      addPipelineSource: source => sources.add(source),
    });
    env.registerExtensionPoint(triageIncidentReportsExtensionPoint, {
      setProposals: given => proposals.set(given),
    });
    env.registerExtensionPoint(triageWorkflowsExtensionPoint, {
      setDispatcher: given => dispatcher.set(given),
    });
    env.registerExtensionPoint(triageLlmExtensionPoint, {
      setLlmClient: given => llm.set(given),
    });
    env.registerInit({
      deps: {
        actionsRegistry: actionsRegistryServiceRef,
        auditor: coreServices.auditor,
        auth: coreServices.auth,
        catalog: catalogServiceRef,
        clusters: kserveClustersServiceRef,
        config: coreServices.rootConfig,
        database: coreServices.database,
        httpAuth: coreServices.httpAuth,
        httpRouter: coreServices.httpRouter,
        lifecycle: coreServices.lifecycle,
        logger: coreServices.logger,
        mlflow: mlflowServiceRef,
        notifications: notificationService,
        permissions: coreServices.permissions,
        permissionsRegistry: coreServices.permissionsRegistry,
        scheduler: coreServices.scheduler,
        signals: signalsServiceRef,
        userInfo: coreServices.userInfo,
      },
      async init({
        actionsRegistry,
        httpAuth,
        httpRouter,
        lifecycle,
        permissionsRegistry,
        ...deps
      }) {
        const { listen, start, stop, ...services } = await createServices({
          ...deps,
          dispatcher: () => dispatcher.value,
          effects,
          llm: () => llm.value,
          proposals: () => proposals.value,
          sources,
        });
        permissionsRegistry.addPermissions(triagePermissions);
        registerActions({ actionsRegistry, ...services });
        // Alertmanager has no credentials of Backstage: its token is checked there.
        httpRouter.addAuthPolicy({
          path: ALERTS_PATH,
          allow: 'unauthenticated',
        });
        httpRouter.use(createRouter({ httpAuth, ...services }));
        // Before the portal is ready: what no one listens to is confirmed and lost.
        await listen();
        lifecycle.addStartupHook(start);
        lifecycle.addShutdownHook(stop);
      },
    });
  },
});

// SPDX-License-Identifier: Apache-2.0
import {
  coreServices,
  createBackendPlugin,
} from '@backstage/backend-plugin-api';
import { actionsRegistryServiceRef } from '@backstage/backend-plugin-api/alpha';
import { catalogServiceRef } from '@backstage/plugin-catalog-node';
import { mlflowPermissions } from '@greenroom/plugin-mlflow-common';
import { mlflowServiceRef } from '@greenroom/plugin-mlflow-node';
import { registerActions } from './actions';
import { createRouter } from './router';
import { AccessAudit } from './services/AccessAudit';
import { loadPageTokenKey } from './services/loadPageTokenKey';
import { MlflowEntityService } from './services/MlflowEntityService';
import { readAllowsUnmarked } from './services/readAllowsUnmarked';

/**
 * Answers what MLflow knows of catalog entities, with the user's own rights.
 *
 * @public
 */
export const mlflowPlugin = createBackendPlugin({
  pluginId: 'mlflow',
  register(env) {
    env.registerInit({
      deps: {
        actionsRegistry: actionsRegistryServiceRef,
        auditor: coreServices.auditor,
        auth: coreServices.auth,
        catalog: catalogServiceRef,
        config: coreServices.rootConfig,
        database: coreServices.database,
        httpAuth: coreServices.httpAuth,
        httpRouter: coreServices.httpRouter,
        mlflow: mlflowServiceRef,
        permissions: coreServices.permissions,
        permissionsRegistry: coreServices.permissionsRegistry,
        userInfo: coreServices.userInfo,
      },
      async init({
        actionsRegistry,
        auditor,
        auth,
        catalog,
        config,
        database,
        httpAuth,
        httpRouter,
        permissionsRegistry,
        ...deps
      }) {
        const service = new MlflowEntityService({
          ...deps,
          access: {
            allowsUnmarked: readAllowsUnmarked(config),
            audit: new AccessAudit(auditor),
            auth,
            catalog,
            pageTokenKey: await loadPageTokenKey(database),
          },
        });
        permissionsRegistry.addPermissions(mlflowPermissions);
        registerActions({ actionsRegistry, service });
        httpRouter.use(createRouter({ httpAuth, service }));
      },
    });
  },
});

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
import { MlflowEntityService } from './services/MlflowEntityService';

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
        catalog: catalogServiceRef,
        httpAuth: coreServices.httpAuth,
        httpRouter: coreServices.httpRouter,
        mlflow: mlflowServiceRef,
        permissions: coreServices.permissions,
        permissionsRegistry: coreServices.permissionsRegistry,
        userInfo: coreServices.userInfo,
      },
      async init({
        actionsRegistry,
        httpAuth,
        httpRouter,
        permissionsRegistry,
        ...deps
      }) {
        const service = new MlflowEntityService(deps);
        permissionsRegistry.addPermissions(mlflowPermissions);
        registerActions({ actionsRegistry, service });
        httpRouter.use(createRouter({ httpAuth, service }));
      },
    });
  },
});

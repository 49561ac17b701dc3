// SPDX-License-Identifier: Apache-2.0
import {
  coreServices,
  createBackendPlugin,
} from '@backstage/backend-plugin-api';
import { actionsRegistryServiceRef } from '@backstage/backend-plugin-api/alpha';
import { catalogServiceRef } from '@backstage/plugin-catalog-node';
import { signalsServiceRef } from '@backstage/plugin-signals-node';
import { kservePermissions } from '@greenroom/plugin-kserve-common';
import { registerActions } from './actions';
import { createRouter } from './router';
import { createServices } from './services/createServices';

/**
 * Watches what KServe serves, and answers it for catalog entities with the user's
 * own rights.
 *
 * @public
 */
export const kservePlugin = createBackendPlugin({
  pluginId: 'kserve',
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
        lifecycle: coreServices.lifecycle,
        logger: coreServices.logger,
        permissions: coreServices.permissions,
        permissionsRegistry: coreServices.permissionsRegistry,
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
        const { limits, service, start, stop } = await createServices(deps);
        permissionsRegistry.addPermissions(kservePermissions);
        registerActions({ actionsRegistry, service });
        httpRouter.use(
          createRouter({
            httpAuth,
            service,
            requestBytes: limits.requestBytes,
          }),
        );
        lifecycle.addStartupHook(start);
        lifecycle.addShutdownHook(stop);
      },
    });
  },
});

// SPDX-License-Identifier: Apache-2.0
import {
  coreServices,
  createServiceFactory,
} from '@backstage/backend-plugin-api';
import { actionsRegistryServiceRef } from '@backstage/backend-plugin-api/alpha';
import { mockServices, startTestBackend } from '@backstage/backend-test-utils';
import { actionsRegistryServiceMock } from '@backstage/backend-test-utils/alpha';
import type { Entity } from '@backstage/catalog-model';
import { catalogServiceRef } from '@backstage/plugin-catalog-node';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import type { JsonObject } from '@backstage/types';
import mlflowPlugin from '..';
import { holdDatabases } from './holdDatabases';

/** A component of type ml-model, owned by the mock user, with annotations. */
export function createModel(
  name: string,
  annotations: Record<string, string> = {},
): Entity {
  return {
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'Component',
    metadata: { name, namespace: 'default', annotations },
    spec: { type: 'ml-model', owner: 'user:default/mock' },
    relations: [{ type: 'ownedBy', targetRef: 'user:default/mock' }],
  };
}

/** The plugin in a backend; `guest` sees no entity that starts with `secret`. */
export async function startPortal(options: {
  mlflow?: JsonObject;
  entities?: Entity[];
  isDenied?: boolean;
}) {
  const logger = mockServices.logger.mock();
  logger.child.mockReturnValue(logger);
  const registry = actionsRegistryServiceMock({ logger });
  const catalog = catalogServiceMock({ entities: options.entities });
  const load = catalog.getEntityByRef.bind(catalog);
  catalog.getEntityByRef = async (ref, request) => {
    const principal = JSON.stringify(request ?? {});
    return principal.includes('user:default/guest') &&
      String(ref).includes('/secret')
      ? undefined
      : load(ref, request);
  };
  const databases = holdDatabases(['mlflow']);
  const backend = await startTestBackend({
    features: [
      mlflowPlugin,
      ...databases.modules,
      mockServices.rootConfig.factory({
        data: options.mlflow ? { mlflow: options.mlflow } : {},
      }),
      mockServices.permissions.factory({
        result: options.isDenied ? AuthorizeResult.DENY : AuthorizeResult.ALLOW,
      }),
      createServiceFactory({
        service: actionsRegistryServiceRef,
        deps: {},
        factory: () => registry,
      }),
      createServiceFactory({
        service: catalogServiceRef,
        deps: {},
        factory: () => catalog,
      }),
      createServiceFactory({
        service: coreServices.logger,
        deps: {},
        factory: () => logger,
      }),
    ],
  }).catch(async error => {
    await databases.close();
    throw error;
  });
  return {
    server: backend.server,
    async stop() {
      await backend.stop();
      await databases.close();
    },
    registry,
    logger,
  };
}

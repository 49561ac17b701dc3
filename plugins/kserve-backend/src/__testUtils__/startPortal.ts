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
import {
  signalsServiceRef,
  type SignalPayload,
} from '@backstage/plugin-signals-node';
import type { JsonObject } from '@backstage/types';
import type {
  KserveClusterErrorCode,
  KserveInferenceServicesResponse,
} from '@greenroom/plugin-kserve-common';
import request from 'supertest';
import kservePlugin from '..';
import { holdDatabases } from './holdDatabases';

/** A component of type ml-model, owned by the mock user. */
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

/** A cluster as `kubernetes:` has it. */
export function toClusterConfig(name: string, url: string): JsonObject {
  return {
    name,
    url,
    authProvider: 'serviceAccount',
    serviceAccountToken: 'hush-hush',
  };
}

/** The plugin in a backend, with a mock user who may do everything. */
export async function startPortal(options: {
  clusters: JsonObject[];
  kserve?: JsonObject;
  entities: Entity[];
}) {
  const logger = mockServices.logger.mock();
  logger.child.mockReturnValue(logger);
  const registry = actionsRegistryServiceMock({ logger });
  const signals: SignalPayload[] = [];
  const auditor = mockServices.auditor.mock();
  auditor.createEvent.mockResolvedValue({
    success: async () => {},
    fail: async () => {},
  });
  const databases = holdDatabases(['kserve']);
  const backend = await startTestBackend({
    features: [
      kservePlugin,
      ...databases.modules,
      mockServices.rootConfig.factory({
        data: {
          kserve: options.kserve ?? {},
          kubernetes: {
            clusterLocatorMethods: [
              { type: 'config', clusters: options.clusters },
            ],
          },
        },
      }),
      createServiceFactory({
        service: actionsRegistryServiceRef,
        deps: {},
        factory: () => registry,
      }),
      createServiceFactory({
        service: catalogServiceRef,
        deps: {},
        factory: () => catalogServiceMock({ entities: options.entities }),
      }),
      createServiceFactory({
        service: coreServices.auditor,
        deps: {},
        factory: () => auditor,
      }),
      createServiceFactory({
        service: coreServices.logger,
        deps: {},
        factory: () => logger,
      }),
      createServiceFactory({
        service: signalsServiceRef,
        deps: {},
        factory: () => ({
          publish: async (signal: SignalPayload) => {
            signals.push(signal);
          },
        }),
      }),
    ],
  }).catch(async error => {
    await databases.close();
    throw error;
  });
  const base = '/api/kserve/entities/component/default';
  return {
    auditor,
    logger,
    registry,
    signals,
    server: backend.server,
    get: (path: string) => request(backend.server).get(`/api/kserve/${path}`),
    /** What the tab of an entity asks. */
    async list(name: string): Promise<KserveInferenceServicesResponse> {
      const answer = await request(backend.server).get(
        `${base}/${name}/inference-services`,
      );
      if (answer.status !== 200) {
        throw new Error(`the portal answers ${answer.status} ${answer.text}`);
      }
      return answer.body;
    },
    /** Codes of what is wrong, by cluster. */
    async codes(
      name: string,
    ): Promise<Array<[cluster: string, code: KserveClusterErrorCode]>> {
      const { errors } = await this.list(name);
      return errors.map(({ cluster, code }) => [cluster, code]);
    },
    async stop() {
      await backend.stop();
      await databases.close();
    },
  };
}

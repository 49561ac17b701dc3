// SPDX-License-Identifier: Apache-2.0
import { createBackend } from '@backstage/backend-defaults';
import { mockServices } from '@backstage/backend-test-utils';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';

// The demo model of `npm start`.
const MODEL = 'wine-cultivar';
const PORT = 7007;

const backend = createBackend();

backend.add(
  mockServices.rootConfig.factory({
    data: {
      app: { baseUrl: 'http://localhost:3000' },
      backend: {
        baseUrl: `http://localhost:${PORT}`,
        listen: { host: 'localhost', port: PORT },
        database: { client: 'better-sqlite3', connection: ':memory:' },
      },
      // The cluster behind `kubectl proxy`.
      kubernetes: { clusterLocatorMethods: [{ type: 'localKubectlProxy' }] },
    },
  }),
);
// Whoever asks is user:default/mock, and may do everything.
backend.add(mockServices.auth.factory());
backend.add(mockServices.httpAuth.factory());
backend.add(mockServices.userInfo.factory());
backend.add(mockServices.permissions.factory());
backend.add(
  catalogServiceMock.factory({
    entities: [
      {
        apiVersion: 'backstage.io/v1alpha1',
        kind: 'Component',
        metadata: { name: MODEL, namespace: 'default' },
        spec: {
          type: 'ml-model',
          lifecycle: 'experimental',
          owner: 'user:default/mock',
        },
        relations: [{ type: 'ownedBy', targetRef: 'user:default/mock' }],
      },
    ],
  }),
);
backend.add(import('../src'));

backend.start();

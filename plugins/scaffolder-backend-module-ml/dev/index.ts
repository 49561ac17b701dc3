// SPDX-License-Identifier: Apache-2.0
import { createBackend } from '@backstage/backend-defaults';
import { resolvePackagePath } from '@backstage/backend-plugin-api';
import { mockServices } from '@backstage/backend-test-utils';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import fs from 'node:fs';
import { parse } from 'yaml';

const MLFLOW = process.env.MLFLOW_TRACKING_URI ?? 'http://localhost:3001';
const PORT = 7007;
const TEMPLATES = resolvePackagePath(
  '@greenroom/plugin-scaffolder-backend-module-ml',
  '../../templates',
);

function readTemplate(name: string) {
  const file = `${TEMPLATES}/${name}.yaml`;
  const template = parse(fs.readFileSync(file, 'utf8'));
  return {
    ...template,
    metadata: {
      ...template.metadata,
      namespace: 'default',
      annotations: {
        ...template.metadata.annotations,
        'backstage.io/managed-by-location': `file:${file}`,
      },
    },
  };
}

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
      mlflow: { instances: [{ name: 'local', baseUrl: MLFLOW }] },
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
      readTemplate('model-service/template'),
      readTemplate('model-service/upgrade'),
      readTemplate('infra-manifests/template'),
    ],
  }),
);
backend.add(import('@backstage/plugin-scaffolder-backend'));
backend.add(import('@backstage/plugin-scaffolder-backend-module-github'));
backend.add(import('../src'));

backend.start();

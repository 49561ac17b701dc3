// SPDX-License-Identifier: Apache-2.0
import { resolvePackagePath } from '@backstage/backend-plugin-api';
import { mockServices, startTestBackend } from '@backstage/backend-test-utils';
import { ConfigSources } from '@backstage/config-loader';
import authPlugin from '@backstage/plugin-auth-backend';
import githubProvider from '@backstage/plugin-auth-backend-module-github-provider';
import guestProvider from '@backstage/plugin-auth-backend-module-guest-provider';
import path from 'node:path';
import request from 'supertest';

const root = resolvePackagePath('backend', '..', '..');

async function readConfig(files: string[]) {
  const config = await ConfigSources.toConfig(
    ConfigSources.defaultForTargets({
      rootDir: root,
      targets: files.map(file => ({
        type: 'path' as const,
        target: path.join(root, file),
      })),
      // Every variable that production asks for, so that none is forgotten there.
      substitutionFunc: async name => `value-of-${name.toLowerCase()}`,
    }),
  );
  try {
    return config.get<Record<string, object>>();
  } finally {
    config.close();
  }
}

async function startAuthBackend(files: string[]) {
  const config = await readConfig(files);
  return startTestBackend({
    features: [
      authPlugin,
      guestProvider,
      githubProvider,
      mockServices.rootConfig.factory({
        data: {
          ...config,
          backend: {
            ...config.backend,
            baseUrl: 'http://localhost',
            database: { client: 'better-sqlite3', connection: ':memory:' },
          },
          app: { ...config.app, baseUrl: 'http://localhost' },
        },
      }),
    ],
  });
}

describe('configuration', () => {
  const nodeEnv = process.env.NODE_ENV;
  afterEach(() => {
    Object.assign(process.env, { NODE_ENV: nodeEnv });
  });

  it('lets a guest in on a laptop', async () => {
    Object.assign(process.env, { NODE_ENV: 'development' });
    const { server } = await startAuthBackend(['app-config.yaml']);
    const response = await request(server).post('/api/auth/guest/refresh');
    expect(response.status).toBe(200);
    expect(response.body.backstageIdentity.identity.userEntityRef).toBe(
      'user:default/guest',
    );
  });

  it('refuses a guest in production, and says so', async () => {
    Object.assign(process.env, { NODE_ENV: 'production' });
    const { server } = await startAuthBackend([
      'app-config.yaml',
      'app-config.production.yaml',
    ]);
    const response = await request(server).post('/api/auth/guest/refresh');
    expect(response.status).toBe(403);
    expect(response.body.error.message).toMatch(
      /guest provider cannot be used outside of a development environment/,
    );
    expect(response.body.backstageIdentity).toBeUndefined();
  });

  it('lets nobody register templates, users or groups in production', async () => {
    const config = await readConfig([
      'app-config.yaml',
      'app-config.production.yaml',
    ]);
    expect(config.catalog).toMatchObject({
      rules: [
        {
          allow: [
            'Component',
            'API',
            'Resource',
            'System',
            'Domain',
            'Location',
          ],
        },
      ],
      locations: [
        { rules: [{ allow: ['Template'] }] },
        { rules: [{ allow: ['Template'] }] },
        { rules: [{ allow: ['Template'] }] },
      ],
    });
  });
});

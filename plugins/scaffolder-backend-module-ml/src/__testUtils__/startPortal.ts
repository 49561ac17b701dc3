// SPDX-License-Identifier: Apache-2.0
import fs from 'node:fs';
import path from 'node:path';
import {
  coreServices,
  createBackendModule,
  resolvePackagePath,
} from '@backstage/backend-plugin-api';
import {
  mockCredentials,
  mockServices,
  startTestBackend,
} from '@backstage/backend-test-utils';
import { urlReaderServiceFactory } from '@backstage/backend-defaults/urlReader';
import catalogPlugin from '@backstage/plugin-catalog-backend';
import catalogEntityModel from '@backstage/plugin-catalog-backend-module-scaffolder-entity-model';
import scaffolderPlugin from '@backstage/plugin-scaffolder-backend';
import githubModule from '@backstage/plugin-scaffolder-backend-module-github';
import type { JsonObject } from '@backstage/types';
import { findFreePort } from '@greenroom/local-platform/testing';
import scaffolderModuleMl from '..';
import type { RepositoryAddress } from '../services/GithubRepositories';
import { RepositoryMark } from '../services/RepositoryMark';
import { holdDatabases } from './holdDatabases';

const resolveHere = (...parts: string[]) =>
  resolvePackagePath(
    '@greenroom/plugin-scaffolder-backend-module-ml',
    ...parts,
  );

/** The template's folder in this repository. */
export const TEMPLATE_DIR = resolveHere('../../templates/model-service');

/** The folder of the template for the GitOps repository. */
export const MANIFESTS_TEMPLATE_DIR = resolveHere(
  '../../templates/infra-manifests',
);

const ENTITIES = resolveHere('src/__testUtils__/entities.yaml');

/** A scaffolder task as its API answers it, with its log. */
export interface FinishedTask {
  id: string;
  status: string;
  output: {
    links?: Array<{ title: string; url?: string; entityRef?: string }>;
    text?: Array<{ title: string; content: string }>;
  };
  /** The messages of the log, in order. */
  log: string[];
  error?: string;
}

/** The portal's catalog and scaffolder, with the real modules, over HTTP. */
export async function startPortal(options: {
  github: { host: string; apiBaseUrl: string; token: string };
  mlflow: Array<{ name: string; baseUrl: string }>;
  /** A host that the URL readers may read. */
  readable?: string;
}) {
  const { github, mlflow, readable } = options;
  const port = await findFreePort();
  let mark: RepositoryMark | undefined;
  const markModule = createBackendModule({
    pluginId: 'scaffolder',
    moduleId: 'mark',
    register(reg) {
      reg.registerInit({
        deps: { database: coreServices.database },
        async init({ database }) {
          mark = await RepositoryMark.create(database);
        },
      });
    },
  });
  // Not the scaffolder's: it asks for tasks that are not done even after its stop.
  const databases = holdDatabases(['catalog']);
  const backend = await startTestBackend({
    features: [
      mockServices.rootConfig.factory({
        data: {
          app: { baseUrl: 'http://localhost:3000' },
          backend: {
            baseUrl: `http://localhost:${port}`,
            listen: { host: '127.0.0.1', port },
            reading: { allow: readable ? [{ host: readable }] : [] },
          },
          integrations: {
            github: [
              {
                ...github,
                rawBaseUrl: github.apiBaseUrl.replace('/api/v3', '/raw'),
              },
            ],
          },
          mlflow: {
            instances: mlflow.map(instance => ({ ...instance, timeout: 5000 })),
          },
          catalog: {
            rules: [
              {
                allow: [
                  'API',
                  'Component',
                  'Template',
                  'Group',
                  'User',
                  'System',
                ],
              },
            ],
            processingInterval: { seconds: 1 },
            locations: [
              { type: 'file', target: ENTITIES },
              {
                type: 'file',
                target: path.join(TEMPLATE_DIR, 'template.yaml'),
              },
              {
                type: 'file',
                target: path.join(TEMPLATE_DIR, 'upgrade.yaml'),
              },
              {
                type: 'file',
                target: path.join(MANIFESTS_TEMPLATE_DIR, 'template.yaml'),
              },
            ],
          },
        },
      }),
      urlReaderServiceFactory,
      catalogPlugin,
      catalogEntityModel,
      scaffolderPlugin,
      githubModule,
      scaffolderModuleMl,
      markModule,
      ...databases.modules,
    ],
  });
  // On a busy machine a connection would be closed while it is used again.
  backend.server.keepAliveTimeout = 0;
  const address = backend.server.address();
  const actualPort =
    typeof address === 'object' && address ? address.port : port;

  const call = async (
    route: string,
    request: { method?: string; body?: unknown } = {},
  ) => {
    const response = await fetch(
      `http://localhost:${actualPort}/api/${route}`,
      {
        method: request.method ?? (request.body ? 'POST' : 'GET'),
        headers: {
          'content-type': 'application/json',
          authorization: mockCredentials.user.header(),
        },
        body:
          request.body === undefined ? undefined : JSON.stringify(request.body),
      },
    );
    const text = await response.text();
    return { status: response.status, body: text && JSON.parse(text) };
  };

  const until = async <T>(
    what: string,
    fn: () => Promise<T | undefined>,
  ): Promise<T> => {
    for (let attempt = 0; attempt < 600; attempt++) {
      const result = await fn();
      if (result !== undefined) {
        return result;
      }
      await new Promise(resolve => setTimeout(resolve, 100));
    }
    throw new Error(`Waited in vain for ${what}`);
  };

  const finish = async (id: string): Promise<FinishedTask> => {
    const task = await until(`task ${id}`, async () => {
      const { body } = await call(`scaffolder/v2/tasks/${id}`);
      return ['completed', 'failed', 'cancelled'].includes(body.status)
        ? body
        : undefined;
    });
    const { body: events } = await call(`scaffolder/v2/tasks/${id}/events`);
    const completion = events.findLast(
      (event: { type: string }) => event.type === 'completion',
    );
    return {
      id,
      status: task.status,
      output: completion?.body.output ?? {},
      error: completion?.body.error?.message,
      log: events.map(
        (event: { body: { message: string } }) => event.body.message,
      ),
    };
  };

  await until('the template in the catalog', async () => {
    const found = await Promise.all(
      [
        'template/default/model-service',
        'template/default/model-upgrade',
        'template/default/infra-manifests',
        'group/default/fraud-team',
      ].map(ref => call(`catalog/entities/by-name/${ref}`)),
    );
    return found.every(({ status }) => status === 200) || undefined;
  });

  return {
    async stop() {
      await backend.stop();
      await databases.close();
    },
    /** What makes a repository this portal's. */
    markOf: (repository: RepositoryAddress) => mark?.of(repository) ?? '',
    call,
    until,
    /** Runs the template and waits for its end. */
    run: async (
      values: JsonObject,
      templateRef = 'template:default/model-service',
    ): Promise<FinishedTask> => {
      const { status, body } = await call('scaffolder/v2/tasks', {
        body: { templateRef, values },
      });
      if (status !== 201) {
        throw new Error(`The task was refused: ${JSON.stringify(body)}`);
      }
      return finish(body.id);
    },
    finish,
    /** Runs the template without effects; answers what it would write. */
    dryRun: async (
      values: JsonObject,
      template: JsonObject,
      folder = TEMPLATE_DIR,
    ) =>
      call('scaffolder/v2/dry-run', {
        body: {
          template,
          values,
          directoryContents: readTemplateFiles(folder),
        },
      }),
  };
}

function readTemplateFiles(folder: string) {
  return fs
    .readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry => path.join(entry.parentPath, entry.name))
    .filter(file => !/__pycache__|_cache\//.test(file))
    .map(file => ({
      path: path.relative(folder, file),
      base64Content: fs.readFileSync(file).toString('base64'),
    }));
}

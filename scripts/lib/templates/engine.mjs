// SPDX-License-Identifier: Apache-2.0
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {
  githubApiUrl,
  redirectFetch,
  startEmptyPlatform,
} from './emptyPlatform.mjs';
import { require } from './require.mjs';
import { FileBox, Refusal } from './templateFiles.mjs';

const RENDER_TIMEOUT_MS = 300_000;

/** What the engine calls the template of a dry run. */
const DRY_RUN_REF = 'template:default/dry-run';

/**
 * @typedef {object} RenderedFile
 * @property {Buffer} content
 * @property {boolean} [executable]
 */

/**
 * The scaffolder of the portal, with our actions, in this process: a backend on a free port of
 * loopback that has nothing around it. Names are free and every owner and system exists.
 *
 * @param {{ githubHosts?: string[], readableHosts?: string[], mlflowInstance?: string,
 *   packageSource?: { source: string, indexUrl?: string } }} [options] `githubHosts` are the
 *   hosts that a repository may be on, `readableHosts` those that data may be read from, `mlflowInstance` the name of
 *   the only MLflow, `packageSource` what a portal is told as `scaffolder.ml.package`.
 * @returns {Promise<{ render(template: import('./templateFiles.mjs').LoadedTemplate, values: object):
 *   Promise<Map<string, RenderedFile>>, stop(): Promise<void> }>}
 */
export async function startEngine({
  githubHosts = ['github.com'],
  readableHosts = [],
  mlflowInstance = 'default',
  packageSource,
} = {}) {
  // Half of a step's time would go into messages that nobody reads.
  process.env.LOG_LEVEL ??= 'error';
  const workingDirectory = fs.mkdtempSync(
    path.join(temporaryFolder(), 'greenroom-render-'),
  );
  const platform = await startEmptyPlatform();
  const restoreFetch = redirectFetch(
    githubHosts.map(githubApiUrl),
    platform.githubUrl,
  );
  const clean = async () => {
    restoreFetch();
    await platform.stop();
    fs.rmSync(workingDirectory, { recursive: true, force: true });
  };
  /** @type {{ url: string, stop(): Promise<void> }} */
  let backend;
  try {
    backend = await startBackend({
      app: { baseUrl: 'http://localhost:3000' },
      backend: {
        baseUrl: 'http://localhost:7007',
        listen: { host: '127.0.0.1', port: 0 },
        workingDirectory,
        database: { client: 'better-sqlite3', connection: ':memory:' },
        // It listens on loopback, knows nothing and lives for one command.
        auth: { dangerouslyDisableDefaultAuthPolicy: true },
        reading: { allow: readableHosts.map(host => ({ host })) },
      },
      integrations: {
        github: githubHosts.map(host => ({
          host,
          apiBaseUrl: githubApiUrl(host),
          token: 'none',
        })),
      },
      ...(packageSource && { scaffolder: { ml: { package: packageSource } } }),
      mlflow: {
        instances: [{ name: mlflowInstance, baseUrl: platform.mlflowUrl }],
      },
    });
  } catch (error) {
    await clean();
    throw error;
  }
  // Where an index is meant, ml:package:source edits the lock files.
  const box = new FileBox({ isWhole: packageSource !== undefined });
  /** @type {WeakMap<object, ReturnType<FileBox['pack']>>} */
  const packed = new WeakMap();

  return {
    async render(template, values) {
      const contents =
        packed.get(template) ?? box.pack(template, template.folders);
      packed.set(template, contents);
      const response = await fetch(`${backend.url}/api/scaffolder/v2/dry-run`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'accept-encoding': 'identity',
        },
        signal: AbortSignal.timeout(RENDER_TIMEOUT_MS),
        body: JSON.stringify({
          template: template.entity,
          values,
          directoryContents: contents,
        }),
      });
      const body = await response.json();
      if (response.status !== 200) {
        throw explain(response.status, body);
      }
      return readContents(body.directoryContents, template, box);
    },
    async stop() {
      await backend.stop();
      await clean();
    },
  };
}

/** Memory where the system has some for files: the engine writes every file three times. */
function temporaryFolder() {
  const memory = '/dev/shm';
  try {
    fs.accessSync(memory, fs.constants.W_OK);
    const { bavail, bsize } = fs.statfsSync(memory);
    return bavail * bsize > 512 * 1024 * 1024 ? memory : os.tmpdir();
  } catch {
    return os.tmpdir();
  }
}

/** @param {number} status @param {any} body */
function explain(status, body) {
  if (status === 400 && Array.isArray(body.errors)) {
    return new Refusal(
      body.errors
        .map((/** @type {any} */ error) =>
          error.stack.replace(/^instance\.?/, ''),
        )
        .join('\n'),
    );
  }
  const message = body.error?.message ?? `The engine answered ${status}.`;
  return status === 400 ? new Refusal(message) : new Error(message);
}

/**
 * @param {Array<{ path: string, executable?: boolean, base64Content: string }>} contents
 * @param {import('./templateFiles.mjs').LoadedTemplate} template
 * @param {FileBox} box
 */
function readContents(contents, template, box) {
  // A dry run loses which of the uploaded files may be executed.
  const executables = template.files.filter(file => file.executable);
  const { name, namespace = 'default' } = template.entity.metadata;
  const ref = Buffer.from(`template:${namespace}/${name}`);
  /** @type {Map<string, RenderedFile>} */
  const files = new Map();
  for (const file of contents) {
    for (const each of box.unpack(
      file.path,
      Buffer.from(file.base64Content, 'base64'),
    )) {
      files.set(each.path, {
        content: replaceAll(each.content, Buffer.from(DRY_RUN_REF), ref),
        executable: executables.some(({ path: name }) =>
          `/${name.replace(/\.njk$/, '')}`.endsWith(`/${each.path}`),
        ),
      });
    }
  }
  return files;
}

/** @param {Buffer} buffer @param {Buffer} search @param {Buffer} replacement */
function replaceAll(buffer, search, replacement) {
  const parts = [];
  let from = 0;
  for (;;) {
    const at = buffer.indexOf(search, from);
    if (at < 0) {
      return parts.length === 0
        ? buffer
        : Buffer.concat([...parts, buffer.subarray(from)]);
    }
    parts.push(buffer.subarray(from, at), replacement);
    from = at + search.length;
  }
}

/**
 * @param {object} data The configuration.
 * @returns {Promise<{ url: string, stop(): Promise<void> }>}
 */
async function startBackend(data) {
  const {
    coreServices,
    createServiceFactory,
  } = require('@backstage/backend-plugin-api');
  const { createBackend } = require('@backstage/backend-defaults');
  const {
    rootHttpRouterServiceFactory,
  } = require('@backstage/backend-defaults/rootHttpRouter');
  const { ConfigReader } = require('@backstage/config');
  const { catalogServiceRef } = require('@backstage/plugin-catalog-node');

  /** @type {import('node:http').Server | undefined} */
  let server;
  const backend = createBackend();
  backend.add(
    createServiceFactory({
      service: coreServices.rootConfig,
      deps: {},
      factory: () => new ConfigReader(data),
    }),
  );
  backend.add(
    createServiceFactory({
      service: coreServices.rootLogger,
      deps: {},
      factory: () => quietLogger,
    }),
  );
  backend.add(
    rootHttpRouterServiceFactory({
      configure(/** @type {any} */ context) {
        server = context.server;
        context.applyDefaults();
      },
    }),
  );
  backend.add(
    createServiceFactory({
      service: catalogServiceRef,
      deps: {},
      factory: () =>
        // What the scaffolder and its actions ask of it.
        /** @type {import('@backstage/plugin-catalog-node').CatalogService} */ (
          /** @type {unknown} */ (wellMeaningCatalog)
        ),
    }),
  );
  backend.add(require('@backstage/plugin-scaffolder-backend').default);
  backend.add(
    require('@backstage/plugin-scaffolder-backend-module-github').default,
  );
  backend.add(
    require('@greenroom/plugin-scaffolder-backend-module-ml').default,
  );
  await backend.start();
  const address = server?.address();
  if (!address || typeof address === 'string') {
    throw new Error('The engine does not listen.');
  }
  return {
    url: `http://127.0.0.1:${address.port}`,
    stop: () => backend.stop(),
  };
}

const quietLogger = {
  error() {},
  warn() {},
  info() {},
  debug() {},
  child() {
    return quietLogger;
  },
};

/** A catalog in which no component is taken, and whoever is named exists. */
const wellMeaningCatalog = {
  /** @param {string} ref */
  async getEntityByRef(ref) {
    const [, kind, namespace, name] =
      /^([^:/]+):([^:/]+)\/([^:/]+)$/.exec(ref) ?? [];
    if (!kind || kind.toLowerCase() === 'component') {
      return undefined;
    }
    return {
      apiVersion: 'backstage.io/v1alpha1',
      kind: kind[0].toUpperCase() + kind.slice(1).toLowerCase(),
      metadata: { name, namespace },
      spec: {},
    };
  },
  async getEntities() {
    return { items: [] };
  },
  async queryEntities() {
    return { items: [], totalItems: 0, pageInfo: {} };
  },
  async getLocationByRef() {
    return undefined;
  },
};

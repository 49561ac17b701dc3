// SPDX-License-Identifier: Apache-2.0
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { stringify } from 'yaml';
import { findFreePort } from '../../../packages/local-platform/bootstrap/ports.mjs';
import { send } from './send.mjs';

/**
 * @typedef {import('./routesOf.mjs').Route} Route
 * @typedef {Route & { name: string, plugin: string }} NamedRoute
 * @typedef {number | string} Status
 */

const root = path.resolve(import.meta.dirname, '../../..');
const START_MS = 180_000;
/** Requests under way at once. */
const WORKERS = 8;

/** Stands in the description of an entity: who may see none must not read it anywhere. */
const SECRET = 'known to who may see it';

/** What a route's parameters stand for here; what has no value is looked up in vain. */
/** @type {Record<string, string>} */
const PARAMETERS = {
  kind: 'component',
  namespace: 'default',
  name: 'walked',
  instance: 'local',
};

/** Routes that answer whoever asks, and why. */
/** @type {Array<[RegExp, string]>} */
const OPEN = [
  [/^\/\.backstage\/health\//, 'probes of an orchestrator'],
  [/^\/api\/permission\/health$/, 'a probe of the plugin'],
  [
    /^\/api\/signals\/(health|walk)$/,
    'a probe, and what is there for WebSockets only',
  ],
  [/\/\.backstage\/auth\/v1\/jwks\.json$/, 'public keys'],
  [/\/\.backstage\/auth\/v1\/cookie$/, 'forgets a cookie'],
  [/^\/api\/auth\//, 'signing in'],
  [
    /^\/(api\/app\/)?\*$|^\/api\/app\/walk$/,
    'the app, before somebody has signed in',
  ],
  [/^\/api$/, 'no plugin, no answer'],
  [/^\/api\/events\/http\//, 'webhooks, checked by their signature'],
];

/** Routes that answer a user whom the policy denies everything, though they are no GET, and why. */
/** @type {Array<[RegExp, string]>} */
const OWN = [
  [
    /^\/api\/catalog\/.*(by-query|by-refs|entity-facets)$/,
    'a question, answered with nothing',
  ],
  [/^\/api\/auth\//, 'signing in and out'],
  [/\/\.backstage\/auth\/v1\/cookie$/, "the caller's own cookie"],
  [/^\/api\/user-settings\//, "the caller's own settings"],
  [/^\/api\/notifications\//, "the caller's own notifications"],
  [/^\/api\/permission\/authorize$/, 'asks what is allowed'],
  [/^\/api\/events\/http\//, 'webhooks, checked by their signature'],
  [/^\/api\/mcp-actions\/v1$/, 'each tool asks for its own permission'],
];

/** An identity provider posts its answer here, from its own origin; the provider checks its proof. */
const FOREIGN_POSTS = /^POST \/api\/auth\/[^/]+\/handler\/frame$/;

const SAFE = ['GET', 'HEAD', 'OPTIONS'];

/**
 * Starts the portal with all its features on a port of its own and asks every route of it as everybody.
 *
 * @returns {Promise<{ rows: string[][], faults: string[], summary: string }>} a table with its head and a row for each
 *   plugin, what is not as it should be, and how much was asked
 */
export async function walkRoutes() {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'greenroom-doors-'));
  const port = await findFreePort();
  const child = startPortal(folder, port);
  try {
    const portal = await untilWalked(child);
    return await walk(port, portal);
  } finally {
    child.kill('SIGKILL');
    fs.rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

/** @param {string} folder @param {number} port */
function startPortal(folder, port) {
  const url = `http://localhost:${port}`;
  const entity = path.join(folder, 'catalog-info.yaml');
  fs.writeFileSync(
    entity,
    stringify({
      apiVersion: 'backstage.io/v1alpha1',
      kind: 'Component',
      metadata: {
        name: PARAMETERS.name,
        description: SECRET,
        annotations: { 'mlflow.org/experiment-name': 'walked' },
      },
      spec: { type: 'service', lifecycle: 'experimental', owner: 'guest' },
    }),
  );
  const config = path.join(folder, 'app-config.yaml');
  // Whatever a feature does only when it is configured is configured, so that its routes are there.
  fs.writeFileSync(
    config,
    stringify({
      app: { baseUrl: url },
      backend: {
        baseUrl: url,
        listen: { host: 'localhost', port },
        cors: { origin: url },
        workingDirectory: folder,
      },
      auth: {
        providers: {
          denied: {},
          github: { development: { clientId: 'x', clientSecret: 'x' } },
        },
      },
      catalog: {
        locations: [{ type: 'file', target: entity }],
      },
      events: { http: { topics: ['walk'] } },
      kubernetes: {
        serviceLocatorMethod: { type: 'multiTenant' },
        clusterLocatorMethods: [{ type: 'config', clusters: [] }],
      },
      mlflow: { instances: [{ name: 'local', baseUrl: 'http://localhost:9' }] },
      proxy: { endpoints: { '/walk': { target: 'http://localhost:9' } } },
    }),
  );
  return spawn(
    process.execPath,
    [
      '--require',
      '@backstage/cli/config/nodeTransform.cjs',
      path.join(import.meta.dirname, 'portalUnderWalk.mjs'),
      '--config',
      path.join(root, 'app-config.yaml'),
      '--config',
      config,
    ],
    {
      cwd: root,
      env: {
        ...process.env,
        NODE_ENV: 'development',
        NO_COLOR: '1',
        GREENROOM_WALKED_PORT: `${port}`,
      },
      stdio: ['pipe', 'pipe', 'inherit'],
    },
  );
}

/**
 * The portal's word about itself; its log is shown when it does not come.
 *
 * @param {ReturnType<typeof startPortal>} child
 * @returns {Promise<{ features: number, routes: Route[], opaque: string[] }>}
 */
async function untilWalked(child) {
  /** @type {string[]} */
  const log = [];
  const stop = setTimeout(() => child.kill('SIGKILL'), START_MS);
  try {
    for await (const line of createInterface({ input: child.stdout })) {
      if (line.startsWith('{"walked":')) {
        child.stdout.resume();
        return JSON.parse(line).walked;
      }
      log.push(line);
    }
  } finally {
    clearTimeout(stop);
  }
  throw new Error(`The portal did not start:\n${log.slice(-30).join('\n')}`);
}

/** @param {number} port @param {Awaited<ReturnType<typeof untilWalked>>} portal */
async function walk(port, { features, routes, opaque }) {
  const tokenOf = async (/** @type {string} */ provider) => {
    const path_ = `/api/auth/${provider}/refresh`;
    const { text } = await send({ port, method: 'POST', path: path_ });
    return JSON.parse(text).backstageIdentity.token;
  };
  const [denied, guest] = [await tokenOf('denied'), await tokenOf('guest')];
  await untilCatalogIsFilled(port, guest);
  /** @type {Record<string, { headers: Record<string, string>, fault(route: NamedRoute, status: Status): boolean }>} */
  const cases = {
    'foreign host': {
      headers: {
        host: `evil.example:${port}`,
        authorization: `Bearer ${guest}`,
      },
      fault: (_route, status) => status !== 421,
    },
    'foreign origin': {
      headers: {
        origin: 'https://evil.example',
        authorization: `Bearer ${guest}`,
      },
      fault: ({ name }, status) => status !== 403 && !FOREIGN_POSTS.test(name),
    },
    'no token': {
      headers: {},
      fault: (route, status) => status !== 401 && !listed(OPEN, route),
    },
    'denied user': {
      headers: { authorization: `Bearer ${denied}` },
      fault: (route, status) =>
        !SAFE.includes(route.method) && isDone(status) && !listed(OWN, route),
    },
    guest: {
      headers: { authorization: `Bearer ${guest}` },
      fault: (_route, status) => status === 421,
    },
  };
  const pluginOf = (/** @type {string} */ route) =>
    /^\/api\/([^/]+)/.exec(route)?.[1] ?? '(root)';
  const plugins = [
    ...new Set(routes.map(({ path: at }) => pluginOf(at))),
  ].sort();
  // What a function takes that is no router shows no routes: it is asked where it is mounted, and each
  // plugin at a path that it may take at its root, as the proxy does.
  const taken = [
    ...opaque,
    ...plugins
      .filter(name => name !== '(root)')
      .map(name => `/api/${name}/walk`),
  ].map(at => ({ method: 'GET', path: at }));
  const named = [...routes, ...taken].map(route => ({
    ...route,
    name: `${route.method} ${route.path}`,
    plugin: pluginOf(route.path),
  }));
  /** @type {string[]} */
  const faults = [];
  /** @type {Map<string, Status>} */
  const answers = new Map();
  let shown = 0;
  for (const [name, { headers, fault }] of Object.entries(cases)) {
    await eachOf(named, async route => {
      const { status, text } = await send({
        port,
        method: route.method,
        path: fill(route.path),
        headers: { 'content-type': 'application/json', ...headers },
        body: SAFE.includes(route.method) ? '' : '{}',
      });
      answers.set(`${name} ${route.name}`, status);
      if (text.includes(SECRET)) {
        if (name === 'guest') {
          shown += 1;
        } else {
          faults.push(`${route.name}: ${name} read the entity`);
        }
      }
      if (fault(route, status)) {
        faults.push(`${route.name}: ${name} got ${status}`);
      }
    });
  }
  if (shown === 0) {
    faults.push('No route showed the entity to who may see it');
  }
  const rows = [
    ['plugin', 'routes', ...Object.keys(cases)],
    ...plugins.map(plugin => {
      const own = named.filter(route => route.plugin === plugin);
      return [
        plugin,
        `${own.length}`,
        ...Object.keys(cases).map(name =>
          tally(own.map(route => answers.get(`${name} ${route.name}`) ?? '')),
        ),
      ];
    }),
  ];
  return {
    rows,
    faults,
    summary: `${features} features, ${routes.length} routes and ${taken.length} paths where a function takes what comes, ${named.length * Object.keys(cases).length} requests, ${shown} of them showed the entity to the guest`,
  };
}

const isDone = (/** @type {Status} */ status) =>
  typeof status === 'number' && status < 300;

/** @param {Array<[RegExp, string]>} list @param {Route} route */
const listed = (list, route) => list.some(([path_]) => path_.test(route.path));

/** A real path for a route's pattern. @param {string} pattern */
function fill(pattern) {
  return pattern
    .replace(
      /:(\w+)(?:\([^)]*\))?\??/g,
      (_all, name) => PARAMETERS[name] ?? 'none',
    )
    .replaceAll('*', 'none');
}

/** `401 ×12, 404` @param {Status[]} statuses */
function tally(statuses) {
  const counts = new Map();
  for (const status of statuses) {
    counts.set(status, (counts.get(status) ?? 0) + 1);
  }
  return [...counts]
    .sort(([a], [b]) => String(a).localeCompare(String(b)))
    .map(([status, count]) => (count > 1 ? `${status} ×${count}` : `${status}`))
    .join(', ');
}

/**
 * @template T
 * @param {T[]} items
 * @param {(item: T) => Promise<void>} work
 */
async function eachOf(items, work) {
  const rest = [...items];
  await Promise.all(
    Array.from({ length: WORKERS }, async () => {
      for (let item = rest.shift(); item; item = rest.shift()) {
        await work(item);
      }
    }),
  );
}

/** @param {number} port @param {string} token */
async function untilCatalogIsFilled(port, token) {
  const deadline = Date.now() + 30_000;
  const path_ = `/api/catalog/entities/by-name/component/default/${PARAMETERS.name}`;
  for (;;) {
    const { status } = await send({
      port,
      path: path_,
      headers: { authorization: `Bearer ${token}` },
    });
    if (status === 200) {
      return;
    }
    if (Date.now() > deadline) {
      throw new Error(`The catalog has no ${PARAMETERS.name}: ${status}`);
    }
    await new Promise(resolve => setTimeout(resolve, 200));
  }
}

// SPDX-License-Identifier: Apache-2.0

// The portal's side in a process of its own, by one of two ways: `watch` is the KServe backend with its router, `poll` is the
// Kubernetes plugin's own code, as its hooks ask it every ten seconds for each open tab.
import { createRequire } from 'node:module';
import http from 'node:http';
import path from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';

const POLL_MS = 10_000;

/** @type {{ way: 'watch' | 'poll', urls: string[], tabs: number, seconds: number, bundle: string, root: string }} */
const { way, urls, tabs, seconds, bundle, root } = JSON.parse(process.argv[2]);
const require = createRequire(path.join(root, 'package.json'));

const noop = () => {};
/** @type {Record<string, () => unknown>} */
const logger = {
  info: noop,
  warn: noop,
  error: noop,
  debug: noop,
  child: () => logger,
};

const entities = Array.from({ length: tabs }, (_, index) => ({
  apiVersion: 'backstage.io/v1alpha1',
  kind: 'Component',
  metadata: { name: `model-0-${index}`, namespace: 'default' },
  spec: { type: 'ml-model' },
}));

/** Latencies of answers in ms. @type {number[]} */
const answers = [];
/** Latencies of answers that say nothing: what this machine takes besides. @type {number[]} */
const empty = [];
/** How old what an answer newly says is, in ms. @type {number[]} */
const ages = [];
let bytes = 0;
/** With all code loaded, and no object. */
let before = { heapMB: 0, rssMB: 0 };

function memory() {
  globalThis.gc?.();
  const { heapUsed, rss } = process.memoryUsage();
  return { heapMB: heapUsed / 1e6, rssMB: rss / 1e6 };
}

/** @param {string} tab @param {Map<string, number>} seen @param {unknown} answer */
function note(tab, seen, answer) {
  const text = JSON.stringify(answer);
  const newest = Math.max(
    0,
    ...[...text.matchAll(/"lastTransitionTime":("[^"]+"|\d+)/g)].map(
      ([, time]) => new Date(JSON.parse(time)).getTime(),
    ),
  );
  const known = seen.get(tab);
  if (known !== undefined && newest > known) {
    ages.push(Date.now() - newest);
  }
  seen.set(tab, newest);
}

async function startWatching() {
  const { createServices, createRouter } = require(bundle);
  const express = require('express');
  const knex = require('knex')({
    client: 'better-sqlite3',
    connection: ':memory:',
    useNullAsDefault: true,
  });
  const channels = new Map();
  const { ConfigReader } = require('@backstage/config');
  const services = await createServices({
    auditor: {
      createEvent: async () => ({
        success: async () => {},
        fail: async () => {},
      }),
    },
    auth: { isPrincipal: () => false },
    catalog: {
      getEntityByRef: async (/** @type {string} */ ref) =>
        entities.find(({ metadata }) => ref.endsWith(`/${metadata.name}`)),
      getEntitiesByRefs: async (
        /** @type {{ entityRefs: string[] }} */ { entityRefs },
      ) => ({
        items: entityRefs.map(() => undefined),
      }),
    },
    config: new ConfigReader({
      kubernetes: {
        clusterLocatorMethods: [
          {
            type: 'config',
            clusters: urls.map((url, index) => ({
              name: `cluster-${index}`,
              url,
              authProvider: 'serviceAccount',
              serviceAccountToken: 'token',
            })),
          },
        ],
      },
    }),
    database: { getClient: async () => knex },
    logger,
    permissions: {
      authorize: async (/** @type {unknown[]} */ requests) =>
        requests.map(() => ({ result: 'ALLOW' })),
    },
    signals: {
      publish: async (/** @type {{ channel: string }} */ { channel }) =>
        channels.get(channel)?.(),
    },
    userInfo: {},
  });
  const app = express();
  app.get('/empty', (_request, response) => response.json({}));
  app.use(
    createRouter({
      httpAuth: { credentials: async () => ({}) },
      service: services.service,
      requestBytes: 1_000,
    }),
  );
  const server = http.createServer(app);
  await /** @type {Promise<void>} */ (
    new Promise(resolve => server.listen(0, '127.0.0.1', resolve))
  );
  const address = /** @type {import('node:net').AddressInfo} */ (
    server.address()
  );
  const base = `http://127.0.0.1:${address.port}`;
  before = memory();
  await services.start();

  /** @typedef {{ items: Array<{ kserve: boolean, pods: unknown[] }>, signalChannel: string }} Answer */

  /** @param {string} name @returns {Promise<Answer>} */
  const get = async name => {
    const response = await fetch(
      `${base}/entities/component/default/${name}/inference-services`,
    );
    const text = await response.text();
    bytes += text.length;
    return JSON.parse(text);
  };
  const started = performance.now();
  for (;;) {
    const { items } = await get(entities[0].metadata.name);
    const answer = /** @type {Answer} */ (
      await (await fetch(`${base}/clusters`)).json()
    );
    const isThere = items.length === 2 && items.every(item => item.pods.length);
    if (isThere && answer.items.every(({ kserve }) => kserve)) {
      break;
    }
    await sleep(50);
  }
  const syncMs = performance.now() - started;
  return {
    syncMs,
    async run() {
      /** @type {Map<string, number>} */
      const seen = new Map();
      /** @param {typeof entities[number]} entity */
      const open = async ({ metadata: { name } }) => {
        const at = performance.now();
        const answer = await get(name);
        answers.push(performance.now() - at);
        note(name, seen, answer);
        return answer;
      };
      for (const entity of entities) {
        const { signalChannel } = await open(entity);
        channels.set(signalChannel, () => open(entity).catch(noop));
      }
      const end = performance.now() + seconds * 1000;
      for (let turn = 0; performance.now() < end; turn++) {
        await sleep(50);
        const at = performance.now();
        await (await fetch(`${base}/empty`)).text();
        empty.push(performance.now() - at);
        await open(entities[turn % tabs]);
      }
      channels.clear();
    },
  };
}

async function startPolling() {
  /** @param {string} name */
  const load = name =>
    require(
      path.join(
        root,
        'node_modules/@backstage/plugin-kubernetes-backend/dist/service',
        `${name}.cjs.js`,
      ),
    )[name];
  const fetcherModule = require(
    path.join(
      root,
      'node_modules/@backstage/plugin-kubernetes-backend/dist/service/KubernetesFetcher.cjs.js',
    ),
  );
  const clusters = urls.map((url, index) => ({
    name: `cluster-${index}`,
    url,
    skipMetricsLookup: true,
    authMetadata: { 'kubernetes.io/auth-provider': 'serviceAccount' },
  }));
  const provider = new (load('KubernetesFanOutHandler'))({
    logger,
    fetcher: new fetcherModule.KubernetesClientBasedFetcher({
      connection: new (load('KubernetesConnection'))({ logger }),
    }),
    serviceLocator: { getClustersByEntity: async () => ({ clusters }) },
    customResources: [],
    authStrategy: {
      getCredential: async () => ({ type: 'bearer token', token: 'token' }),
    },
  });
  before = memory();
  const customResources = [
    {
      group: 'serving.kserve.io',
      apiVersion: 'v1beta1',
      plural: 'inferenceservices',
    },
    { group: '', apiVersion: 'v1', plural: 'pods' },
  ];
  return {
    syncMs: 0,
    async run() {
      const end = performance.now() + seconds * 1000;
      /** @type {Map<string, number>} */
      const seen = new Map();
      await Promise.all(
        entities.map(async (entity, index) => {
          await sleep((POLL_MS / tabs) * index);
          while (performance.now() < end) {
            const at = performance.now();
            const answer = await provider.getCustomResourcesByEntity(
              { entity, auth: {}, customResources },
              { credentials: {} },
            );
            bytes += JSON.stringify(answer).length;
            answers.push(performance.now() - at);
            note(entity.metadata.name, seen, answer);
            await sleep(
              Math.max(0, Math.min(POLL_MS, end - performance.now())),
            );
          }
        }),
      );
    },
  };
}

/** @param {number[]} values @param {number} share */
function quantile(values, share) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
}

const portal = await (way === 'watch' ? startWatching() : startPolling());
// What the start leaves behind is not what is asked here.
await sleep(3_000);
process.send?.({ ready: true });
await new Promise(resolve => process.once('message', resolve));
const delay = monitorEventLoopDelay({ resolution: 5 });
delay.enable();
const cpu = process.cpuUsage();
await portal.run();
const { system, user } = process.cpuUsage(cpu);
delay.disable();
const after = memory();
process.send?.({
  result: {
    syncSeconds: portal.syncMs / 1000,
    heapMB: after.heapMB - before.heapMB,
    rssMB: after.rssMB,
    // The histogram counts from the timer's own 5 ms on.
    loopDelayMs: {
      p50: Math.max(0, delay.percentile(50) / 1e6 - 5),
      p99: Math.max(0, delay.percentile(99) / 1e6 - 5),
      max: delay.max / 1e6 - 5,
    },
    cpuPercent: ((user + system) / 1e6 / seconds) * 100,
    answers: answers.length,
    answerMs: { p50: quantile(answers, 0.5), p99: quantile(answers, 0.99) },
    emptyMs: { p50: quantile(empty, 0.5), p99: quantile(empty, 0.99) },
    ageMs: { p50: quantile(ages, 0.5), p99: quantile(ages, 0.99) },
    kilobytesPerAnswer: bytes / answers.length / 1000,
  },
});
process.disconnect?.();
process.exit();

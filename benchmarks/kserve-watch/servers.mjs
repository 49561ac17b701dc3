// SPDX-License-Identifier: Apache-2.0

// Simulated API servers over HTTP, in a process of their own: inference services with a pod each, and changes.
import http from 'node:http';

const NAMESPACE = 'models';
/** @type {Record<string, string>} */
const PATHS = {
  '/apis/serving.kserve.io/v1beta1/inferenceservices': 'InferenceService',
  '/api/v1/pods': 'Pod',
};
const EMPTY = new Set([
  '/api/v1/events',
  '/apis/apps/v1/deployments',
  '/apis/apps/v1/replicasets',
]);

/** What managers of fields leave in each object: half of it. */
function managedFields() {
  const fields = Object.fromEntries(
    Array.from({ length: 40 }, (_, index) => [`f:field${index}`, { '.': {} }]),
  );
  return [{ manager: 'manager', operation: 'Update', fieldsV1: fields }];
}

/** @typedef {{ metadata: { name: string, labels: Record<string, string> }, status: { conditions: object[] } }} Stored */
/** @typedef {import('node:http').ServerResponse} Response */

/** @param {string} name @param {string} component */
function createService(name, component) {
  const condition = (/** @type {string} */ type) => ({
    type,
    status: 'True',
    lastTransitionTime: new Date().toISOString(),
  });
  return {
    metadata: {
      name,
      namespace: NAMESPACE,
      uid: `uid-${name}`,
      labels: { 'backstage.io/kubernetes-id': component },
      annotations: { 'serving.kserve.io/deploymentMode': 'Standard' },
      managedFields: managedFields(),
    },
    spec: {
      predictor: {
        minReplicas: 1,
        model: {
          modelFormat: { name: 'mlflow' },
          runtime: 'kserve-mlserver',
          storageUri: `s3://models/${name}/`,
          resources: { requests: { cpu: '500m', memory: '1Gi' } },
        },
      },
    },
    status: {
      url: `http://${name}.models.example`,
      deploymentMode: 'Standard',
      conditions: ['IngressReady', 'PredictorReady', 'Ready'].map(condition),
      modelStatus: {
        transitionStatus: 'UpToDate',
        states: { activeModelState: 'Loaded', targetModelState: 'Loaded' },
      },
    },
  };
}

/** @param {string} service @param {string} component */
function createPod(service, component) {
  return {
    metadata: {
      name: `${service}-predictor-7c9f5d-x2x8p`,
      namespace: NAMESPACE,
      uid: `uid-pod-${service}`,
      creationTimestamp: new Date().toISOString(),
      labels: {
        'serving.kserve.io/inferenceservice': service,
        'backstage.io/kubernetes-id': component,
        component: 'predictor',
      },
      managedFields: managedFields(),
    },
    spec: {
      nodeName: 'node-1',
      containers: [
        {
          name: 'kserve-container',
          image: 'models:1',
          env: Array.from({ length: 20 }, (_, index) => ({
            name: `VARIABLE_${index}`,
            value: 'value',
          })),
        },
      ],
    },
    status: {
      phase: 'Running',
      conditions: ['PodScheduled', 'ContainersReady', 'Ready'].map(type => ({
        type,
        status: 'True',
      })),
      containerStatuses: [
        {
          name: 'kserve-container',
          ready: true,
          restartCount: 0,
          state: { running: { startedAt: new Date().toISOString() } },
        },
      ],
    },
  };
}

class SimulatedApiServer {
  requests = 0;
  #version = 1;
  /** @type {Record<string, Map<string, Stored>>} */
  #objects = { InferenceService: new Map(), Pod: new Map() };
  /** @type {Set<{ kind: string, response: Response }>} */
  #watches = new Set();

  /** @param {string} prefix @param {number} count @param {(index: number) => string} toComponent */
  constructor(prefix, count, toComponent) {
    for (let index = 0; index < count; index++) {
      const name = `${prefix}-${index}`;
      this.#put('InferenceService', createService(name, toComponent(index)));
      this.#put('Pod', createPod(name, toComponent(index)));
    }
  }

  async listen() {
    const server = http.createServer((req, res) => this.#answer(req, res));
    await /** @type {Promise<void>} */ (
      new Promise(resolve => server.listen(0, '127.0.0.1', resolve))
    );
    const address = /** @type {import('node:net').AddressInfo} */ (
      server.address()
    );
    return `http://127.0.0.1:${address.port}`;
  }

  /** A condition of one service turns: what controllers write all day. */
  change() {
    const services = [...this.#objects.InferenceService.values()];
    const { status, ...service } =
      services[Math.floor(Math.random() * services.length)];
    const conditions = status.conditions.map(condition => ({
      ...condition,
      lastTransitionTime: new Date().toISOString(),
    }));
    this.#put('InferenceService', {
      ...service,
      status: { ...status, conditions },
    });
  }

  /** @param {string} kind @param {Stored} object */
  #put(kind, object) {
    this.#version += 1;
    const whole = {
      ...object,
      metadata: { ...object.metadata, resourceVersion: String(this.#version) },
    };
    this.#objects[kind].set(object.metadata.name, whole);
    const line = `${JSON.stringify({ type: 'MODIFIED', object: whole })}\n`;
    for (const watch of this.#watches) {
      if (watch.kind === kind) {
        watch.response.write(line);
      }
    }
  }

  /** @param {import('node:http').IncomingMessage} request @param {Response} response */
  #answer(request, response) {
    this.requests += 1;
    const { pathname, searchParams } = new URL(
      request.url ?? '/',
      'http://localhost',
    );
    const send = (/** @type {unknown} */ body) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify(body));
    };
    if (pathname === '/version') {
      send({ major: '1' });
    } else if (pathname === '/apis') {
      send({
        groups: [
          { name: 'serving.kserve.io', versions: [{ version: 'v1beta1' }] },
        ],
      });
    } else if (pathname === '/apis/serving.kserve.io/v1beta1') {
      send({ resources: [{ name: 'inferenceservices' }] });
    } else if (PATHS[pathname] || EMPTY.has(pathname)) {
      this.#answerList(PATHS[pathname], searchParams, send, response);
    } else {
      response.writeHead(404);
      response.end('{}');
    }
  }

  /** @param {string} kind @param {URLSearchParams} query @param {(body: unknown) => void} send @param {Response} response */
  #answerList(kind, query, send, response) {
    if (query.get('watch') === 'true') {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.flushHeaders();
      const watch = { kind, response };
      this.#watches.add(watch);
      response.on('close', () => this.#watches.delete(watch));
      return;
    }
    const [label, value] = (query.get('labelSelector') ?? '').split('=');
    const all = [...(this.#objects[kind]?.values() ?? [])].filter(
      ({ metadata: { labels } }) =>
        !label ||
        (value === undefined ? label in labels : labels[label] === value),
    );
    const start = Number(query.get('continue') ?? 0);
    const end = start + Number(query.get('limit') ?? Infinity);
    send({
      kind: `${kind}List`,
      metadata: {
        resourceVersion: String(this.#version),
        ...(end < all.length && { continue: String(end) }),
      },
      items: all.slice(start, end),
    });
  }
}

const { clusters, services, changes } = JSON.parse(process.argv[2]);
const perCluster = Math.ceil(services / clusters);
const servers = Array.from(
  { length: clusters },
  (_, cluster) =>
    new SimulatedApiServer(
      `service-${cluster}`,
      perCluster,
      // Each component is served on two clusters.
      index => `model-${Math.floor(cluster / 2)}-${index}`,
    ),
);
const urls = await Promise.all(servers.map(server => server.listen()));

/** @type {NodeJS.Timeout | undefined} */
let timer;
process.on('message', message => {
  if (message === 'change') {
    const started = Date.now();
    let made = 0;
    timer = setInterval(() => {
      for (; made < ((Date.now() - started) / 1000) * changes; made++) {
        servers[made % servers.length].change();
      }
    }, 10);
  } else if (message === 'rest') {
    clearInterval(timer);
  } else if (message === 'count') {
    const counts = servers.map(({ requests }) => requests);
    servers.forEach(server => {
      server.requests = 0;
    });
    process.send?.({ counts });
  }
});
process.on('disconnect', () => process.exit());
process.send?.({ urls });

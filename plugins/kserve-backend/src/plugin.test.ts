// SPDX-License-Identifier: Apache-2.0
import type { KubernetesObject } from '@greenroom/plugin-kserve-common';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { sendJson, startHttpServer } from '@greenroom/local-platform/testing';
import request from 'supertest';
import { eventually, startFakeApiServer } from './__testUtils__/FakeApiServer';
import {
  createModel,
  startPortal,
  toClusterConfig,
} from './__testUtils__/startPortal';

jest.setTimeout(120_000);

function createService(labels: Record<string, string> = {}): KubernetesObject {
  return {
    metadata: { name: 'churn', namespace: 'team', labels },
    spec: { predictor: { model: { modelFormat: { name: 'mlflow' } } } },
  };
}

const labels = {
  'serving.kserve.io/inferenceservice': 'churn',
  component: 'predictor',
};

/** Only the gateway's own pace is sped up; all else waits as it is. */
const FAKED_ONLY_INTERVALS = [
  'Date',
  'hrtime',
  'nextTick',
  'performance',
  'queueMicrotask',
  'setImmediate',
  'clearImmediate',
  'setTimeout',
  'clearTimeout',
] as const;

const SERVICE_ROUTE =
  '/api/kserve/entities/component/default/churn/inference-services/local/team/churn';

describe('the KServe backend', () => {
  let server: Awaited<ReturnType<typeof startFakeApiServer>>;
  let portal: Awaited<ReturnType<typeof startPortal>>;
  let folder: string;

  const start = async (kserve = {}) => {
    portal = await startPortal({
      clusters: [toClusterConfig('local', server.url)],
      kserve,
      entities: [createModel('churn')],
    });
    await eventually(async () => {
      const { clusters, items } = await portal.list('churn');
      if (clusters[0].state !== 'connected' || items[0]?.pods.length === 0) {
        throw new Error('not all is known yet');
      }
    });
  };

  beforeEach(async () => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'greenroom-kserve-'));
    server = await startFakeApiServer();
  });

  afterEach(async () => {
    await portal?.stop();
    await server?.stop();
    fs.rmSync(folder, { recursive: true, force: true });
  });

  it('proves why a model is not ready with the line of its log, for those who may read logs', async () => {
    server.put(
      'InferenceService',
      createService({ 'backstage.io/kubernetes-id': 'churn' }),
    );
    server.put('Pod', {
      metadata: { name: 'churn-predictor-1', namespace: 'team', labels },
      spec: { containers: [{ name: 'kserve-container', image: 'churn:1' }] },
      status: {
        phase: 'Running',
        containerStatuses: [
          {
            name: 'kserve-container',
            ready: false,
            restartCount: 3,
            state: { waiting: { reason: 'CrashLoopBackOff' } },
            lastState: { terminated: { reason: 'Error', exitCode: 1 } },
          },
        ],
      },
    });
    server.control.log =
      "Traceback (most recent call last):\nModuleNotFoundError: No module named 'sklearn'\n";
    await start();
    // One request, then signals; and who asks again gets 304 where nothing changed.
    const route = 'entities/component/default/churn/inference-services';
    const first = await portal.get(route);
    const again = () =>
      portal.get(route).set('if-none-match', first.get('etag') ?? '');
    expect([(await again()).status, first.get('cache-control')]).toEqual([
      304,
      'private, no-cache',
    ]);
    const { items } = await portal.list('churn');
    expect(items[0].explanation.state).not.toBe('ready');
    expect(JSON.stringify(items[0].explanation.evidence)).toContain(
      "No module named 'sklearn'",
    );
    server.remove('Pod', 'team/churn-predictor-1');
    await eventually(async () => expect((await again()).status).toBe(200));
  });

  it('makes the form of Try it from the v2 metadata, cuts long answers and times out', async () => {
    server.put(
      'InferenceService',
      createService({ 'app.kubernetes.io/part-of': 'churn' }),
    );
    server.put('Pod', {
      metadata: { name: 'churn-predictor-1', namespace: 'team', labels },
    });
    server.control.answer = (modelPath, _body, response) => {
      const answers: Record<string, unknown> = {
        'v2/models': { models: ['churn'] },
        'v1/models/churn': { name: 'churn', ready: true },
        'v2/models/churn': {
          name: 'churn',
          inputs: [
            { name: 'age', datatype: 'INT64', shape: [-1, 1] },
            { name: 'plan', datatype: 'BYTES', shape: [-1, 1] },
          ],
          outputs: [{ name: 'predict', datatype: 'FP64', shape: [-1] }],
        },
        'v2/models/churn/infer': { model_version: '7', outputs: [] },
      };
      if (modelPath === 'v1/models/churn:predict') {
        response.end('x'.repeat(1_000));
      } else if (answers[modelPath]) {
        sendJson(response, answers[modelPath]);
      } else {
        sendJson(response, { error: 'no' }, 404);
      }
    };
    await start({ limits: { answerBytes: 400, predictSeconds: 1 } });
    const metadata = await request(portal.server).get(
      `${SERVICE_ROUTE}/metadata`,
    );
    expect(metadata.body).toEqual({
      name: 'churn',
      protocols: ['v1', 'v2'],
      inputs: [
        { name: 'age', datatype: 'INT64', shape: [-1, 1] },
        { name: 'plan', datatype: 'BYTES', shape: [-1, 1] },
      ],
      outputs: [{ name: 'predict', datatype: 'FP64', shape: [-1] }],
      examples: {
        v1: { instances: [{ age: 0, plan: '' }] },
        v2: {
          inputs: [
            { name: 'age', datatype: 'INT64', shape: [1, 1], data: [0] },
            { name: 'plan', datatype: 'BYTES', shape: [1, 1], data: [''] },
          ],
        },
      },
    });
    const cut = await request(portal.server)
      .post(`${SERVICE_ROUTE}/predict`)
      .send({ protocol: 'v1', body: {} });
    expect(cut.body).toEqual({
      status: 200,
      body: 'x'.repeat(400),
      latencyMs: expect.any(Number),
      truncated: true,
    });
    const versioned = await request(portal.server)
      .post(`${SERVICE_ROUTE}/predict`)
      .send({ protocol: 'v2', body: {} });
    expect(versioned.body).toMatchObject({ status: 200, modelVersion: '7' });

    server.control.answer = () => {};
    const late = await request(portal.server)
      .post(`${SERVICE_ROUTE}/predict`)
      .send({ protocol: 'v1', body: {} });
    expect(late.status).toBe(503);
    expect(late.body.error.message).toBe(
      "Cluster 'local' does not answer in time",
    );

    // What the proxy itself refuses is said in words, not as the model's answer.
    server.control.answer = (_path, _body, response) =>
      sendJson(
        response,
        { kind: 'Status', apiVersion: 'v1', message: 'no endpoints available' },
        503,
      );
    const gone = await request(portal.server)
      .post(`${SERVICE_ROUTE}/predict`)
      .send({ protocol: 'v1', body: {} });
    expect([gone.status, gone.body.error.message]).toEqual([
      503,
      "Cluster 'local' answers 503: no endpoints available",
    ]);
  });

  it('shows nothing that bears no mark where so configured, and the progress of the local cluster', async () => {
    server.put('InferenceService', createService());
    const file = path.join(folder, 'build.json');
    const build = { cluster: 'local', step: 3, of: 5, detail: 'KServe' };
    fs.writeFileSync(file, JSON.stringify(build));
    portal = await startPortal({
      clusters: [toClusterConfig('local', server.url)],
      kserve: { access: { unmarked: 'deny' }, localBuild: { file } },
      entities: [
        createModel('churn', {
          'serving.kserve.io/inferenceservice': 'team/churn',
        }),
      ],
    });
    await eventually(async () =>
      expect(await portal.codes('churn')).toEqual([['local', 'unmarked']]),
    );
    const answer = await portal.list('churn');
    expect([answer.items, answer.build]).toEqual([[], build]);
    const models = await portal.get('models');
    expect(models.body).toMatchObject({
      items: [
        {
          entityRef: 'component:default/churn',
          title: 'churn',
          items: [],
          errors: [{ code: 'unmarked' }],
        },
      ],
      errors: [],
      build,
    });
    portal.signals.length = 0;
    fs.rmSync(file);
    await eventually(async () => {
      expect((await portal.list('churn')).build).toBeUndefined();
      expect(portal.signals.map(({ channel }) => channel)).toContain(
        models.body.signalChannel,
      );
    });
  });

  it('knows how long the steps of earlier rollouts took', async () => {
    const T0 = Date.now() - 3_600_000;
    const at = (seconds: number) =>
      new Date(T0 + seconds * 1_000).toISOString();
    const toPod = (ready: boolean): KubernetesObject => ({
      metadata: {
        name: 'churn-predictor-1',
        namespace: 'team',
        labels,
        creationTimestamp: at(0),
      },
      spec: {
        nodeName: 'laptop',
        containers: [{ name: 'kserve-container', image: 'churn:1' }],
      },
      status: {
        phase: 'Running',
        startTime: at(1),
        conditions: [
          { type: 'PodScheduled', status: 'True', lastTransitionTime: at(1) },
          ...['ContainersReady', 'Ready'].map(type => ({
            type,
            status: ready ? 'True' : 'False',
            lastTransitionTime: at(9),
          })),
        ],
        containerStatuses: [
          {
            name: 'kserve-container',
            ready,
            restartCount: 0,
            state: { running: { startedAt: at(4) } },
          },
        ],
      },
    });
    server.put('InferenceService', {
      ...createService({ 'backstage.io/kubernetes-id': 'churn' }),
      status: {
        conditions: [
          { type: 'Ready', status: 'True', lastTransitionTime: at(10) },
        ],
      },
    });
    server.put('Pod', toPod(false));
    await start();
    expect(JSON.stringify(await portal.list('churn'))).not.toContain(
      'typicalMs',
    );
    server.put('Pod', toPod(true));
    const loaded = await eventually(async () => {
      const { items } = await portal.list('churn');
      const step = items[0].rollout.find(({ name }) => name === 'model-loaded');
      expect(step?.typicalMs).toBeGreaterThan(0);
      return step;
    });
    expect(loaded?.typicalMs).toBe(5_000);
  });

  it('says what the gateway counted beside what the route asks', async () => {
    const weights = [
      { name: 'churn-predictor', weight: 80 },
      { name: 'churn-canary-predictor', weight: 20 },
    ];
    server.put(
      'InferenceService',
      createService({ 'backstage.io/kubernetes-id': 'churn' }),
    );
    server.put('Pod', {
      metadata: { name: 'churn-predictor-1', namespace: 'team', labels },
    });
    server.put('HTTPRoute', {
      metadata: { name: 'churn', namespace: 'team' },
      spec: { rules: [{ backendRefs: weights }] },
      status: {
        parents: [{ conditions: [{ type: 'Accepted', status: 'True' }] }],
      },
    });
    let asked = 0;
    const gateway = await startHttpServer((_request, response) => {
      asked += 1;
      const line = (service: string, count: number) =>
        `traefik_service_requests_total{code="200",method="POST",protocol="http",service="httproute-team-churn-gw-kserve-gateway-ep-web-0-74fa52ba3dfb61340f60-svc-team-${service}@kubernetesgateway"} ${count}\n`;
      response.end(
        line('churn-predictor-0', 1_000 + asked * 100) +
          line('churn-canary-predictor-1', asked * 100) +
          line('other-predictor-0', asked * 1_000),
      );
    });
    jest.useFakeTimers({ doNotFake: [...FAKED_ONLY_INTERVALS] });
    try {
      await start({
        gateways: [{ cluster: 'local', metricsUrl: `${gateway.url}/metrics` }],
      });
      const { traffic } = await eventually(async () => {
        await jest.advanceTimersByTimeAsync(15_000);
        const { items } = await portal.list('churn');
        expect(items[0].traffic.observed).not.toBeNull();
        return items[0];
      });
      expect(traffic.observed).toEqual([
        { revision: 'churn-predictor', percent: 50 },
        { revision: 'churn-canary-predictor', percent: 50 },
      ]);
      expect(traffic.mismatch).toMatch(
        /^The route gives 80 % to churn-predictor, but the gateway sent it 50 % of the last \d+ requests\.$/,
      );
    } finally {
      jest.useRealTimers();
      await gateway.stop();
    }
  });
});

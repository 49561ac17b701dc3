// SPDX-License-Identifier: Apache-2.0
import {
  startCluster,
  type TestCluster,
} from '@greenroom/local-platform/testing';
import fs from 'node:fs';
import https from 'node:https';
import os from 'node:os';
import path from 'node:path';
import request from 'supertest';
import { eventually } from './__testUtils__/FakeApiServer';
import { createModel, startPortal } from './__testUtils__/startPortal';

// Whoever comes first builds the cluster's binaries.
const BUILD_MS = 20 * 60_000;

jest.setTimeout(180_000);

const IMAGE = 'local/sum:1';
const SERVICES =
  '/apis/serving.kserve.io/v1beta1/namespaces/default/inferenceservices';
const ROUTE =
  '/api/kserve/entities/component/default/sum/inference-services/real/default/sum';

describe('with a real API server, KServe and kubelet', () => {
  let imagesDir: string;
  let cluster: TestCluster;
  let portal: Awaited<ReturnType<typeof startPortal>>;

  /** One request with the admin's rights. */
  const ask = (method: string, url: string, body?: unknown) =>
    new Promise<number>((resolve, reject) => {
      const outgoing = https.request(new URL(url, cluster.server), {
        method,
        agent: false,
        ca: fs.readFileSync(cluster.caFile),
        headers: {
          authorization: `Bearer ${cluster.token('admin')}`,
          'content-type':
            method === 'PATCH'
              ? 'application/merge-patch+json'
              : 'application/json',
        },
      });
      outgoing.on('error', reject);
      outgoing.on('response', answer => {
        answer.resume();
        answer.on('end', () => resolve(answer.statusCode ?? 0));
      });
      outgoing.end(body === undefined ? undefined : JSON.stringify(body));
    });

  beforeAll(async () => {
    imagesDir = fs.mkdtempSync(path.join(os.tmpdir(), 'greenroom-images-'));
    const root = path.join(imagesDir, encodeURIComponent(IMAGE));
    fs.mkdirSync(path.join(root, 'app'), { recursive: true });
    fs.mkdirSync(path.join(root, 'bin'));
    fs.symlinkSync(process.execPath, path.join(root, 'bin', 'node'));
    fs.copyFileSync(
      // eslint-disable-next-line no-restricted-syntax
      path.join(__dirname, '__fixtures__', 'modelServer.mjs'),
      path.join(root, 'app', 'modelServer.mjs'),
    );
    fs.writeFileSync(
      path.join(root, 'image.json'),
      JSON.stringify({
        entrypoint: ['/bin/node', '/app/modelServer.mjs'],
        workingDir: '/app',
        exposedPorts: [8080],
      }),
    );
    cluster = await startCluster({ kserve: true, kubelet: { imagesDir } });
    const known = {
      url: cluster.server,
      caFile: cluster.caFile,
      authProvider: 'serviceAccount',
    };
    portal = await startPortal({
      clusters: [
        {
          ...known,
          name: 'real',
          serviceAccountToken: cluster.token('portal'),
        },
        {
          ...known,
          name: 'shut',
          serviceAccountToken: cluster.token('traefik'),
        },
        { ...known, name: 'unknown', serviceAccountToken: 'nonsense' },
        {
          name: 'untrusted',
          url: cluster.server,
          authProvider: 'serviceAccount',
          serviceAccountToken: 'nonsense',
        },
      ],
      entities: [createModel('sum')],
    });
  }, BUILD_MS);

  afterAll(async () => {
    await portal?.stop();
    await cluster?.stop();
    fs.rmSync(imagesDir, { recursive: true, force: true });
  }, 60_000);

  const errorsOf = async (name: string) =>
    (await portal.list('sum')).errors.filter(({ cluster: at }) => at === name);

  it('watches with the rights of the portal and no more, serves, explains and asks a model, and outlives the API server', async () => {
    await eventually(async () => {
      const codes = await portal.codes('sum');
      expect(codes.filter(([name]) => name === 'real')).toEqual([]);
      expect(codes).toContainEqual(['unknown', 'unauthenticated']);
      expect(codes).toContainEqual(['untrusted', 'failed']);
      expect((await errorsOf('shut')).map(({ message }) => message)).toContain(
        "The portal may not list and watch inferenceservices on cluster 'shut'",
      );
    });

    expect(
      await ask('POST', SERVICES, {
        apiVersion: 'serving.kserve.io/v1beta1',
        kind: 'InferenceService',
        metadata: {
          name: 'sum',
          labels: { 'backstage.io/kubernetes-id': 'sum' },
          annotations: { 'greenroom.dev/model-version': '3' },
        },
        spec: {
          predictor: {
            minReplicas: 1,
            maxReplicas: 1,
            containers: [
              {
                name: 'kserve-container',
                image: IMAGE,
                args: ['--port', '8080'],
                ports: [{ containerPort: 8080, protocol: 'TCP' }],
                readinessProbe: {
                  tcpSocket: { port: 8080 },
                  periodSeconds: 1,
                },
                resources: {
                  requests: { cpu: '10m', memory: '32Mi' },
                  limits: { cpu: '1', memory: '256Mi' },
                },
              },
            ],
          },
        },
      }),
    ).toBe(201);
    const pod = await eventually(async () => {
      const { items } = await portal.list('sum');
      expect(items[0].pods.map(({ ready }) => ready)).toEqual([true]);
      return items[0].pods[0].name;
    });

    const metadata = await request(portal.server).get(`${ROUTE}/metadata`);
    expect(metadata.body).toMatchObject({ name: 'sum', protocols: ['v1'] });
    const answer = await request(portal.server)
      .post(`${ROUTE}/predict`)
      .send({
        protocol: 'v1',
        body: {
          instances: [
            [1, 2],
            [3, 4],
          ],
        },
      });
    expect(answer.body).toEqual({
      status: 200,
      body: { predictions: [3, 7] },
      latencyMs: expect.any(Number),
      modelVersion: '3',
    });
    const log = await request(portal.server).get(`${ROUTE}/logs?pod=${pod}`);
    expect(log.text).toMatch(/^\d{4}-\d\d-\d\dT\S+ the model is loaded$/m);

    // The model dies.
    portal.signals.length = 0;
    await request(portal.server)
      .post(`${ROUTE}/predict`)
      .send({ protocol: 'v1', body: { instances: 'die' } });
    await eventually(async () => {
      const { items } = await portal.list('sum');
      expect(items[0].pods[0].containers[0]).toMatchObject({
        restarts: 1,
        lastTermination: { exitCode: 3 },
      });
    });
    // They are gathered for a moment.
    await eventually(async () =>
      expect(portal.signals.length).toBeGreaterThan(0),
    );
    const previous = await eventually(async () => {
      const { status, text } = await request(portal.server).get(
        `${ROUTE}/logs?pod=${pod}&previous=true&tailLines=1`,
      );
      expect(status).toBe(200);
      return text;
    });
    expect(previous).toMatch(/ RuntimeError: the model was told to die\n$/);

    // The API server is away and comes back: nothing that is known is lost.
    await cluster.stopApiServer();
    const [error] = await eventually(async () => {
      const errors = await errorsOf('real');
      expect(errors).toHaveLength(1);
      return errors;
    });
    expect(error).toMatchObject({ code: 'unreachable', retryable: true });
    expect(error.staleSince).toBeLessThanOrEqual(Date.now());
    expect((await portal.list('sum')).items).toHaveLength(1);
    await cluster.startApiServer();
    await eventually(async () => expect(await errorsOf('real')).toEqual([]));
    expect(
      await ask('PATCH', `${SERVICES}/sum`, {
        metadata: { annotations: { 'greenroom.dev/model-version': '4' } },
      }),
    ).toBe(200);
    await eventually(async () => {
      const { items } = await portal.list('sum');
      expect(items[0].model?.version).toBe('4');
    });
    expect(await ask('DELETE', `${SERVICES}/sum`)).toBe(200);
    await eventually(async () =>
      expect((await portal.list('sum')).items).toEqual([]),
    );
  });
});

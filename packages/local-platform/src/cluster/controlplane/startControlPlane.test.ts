// SPDX-License-Identifier: Apache-2.0
import { spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import https from 'node:https';
import path from 'node:path';
import { z } from 'zod';
import { TestCluster, startCluster } from '../../testing/startCluster';
import { applyManifests } from '../apply/applyManifests';
import { kubernetesRequest, requireOk } from '../apply/kubernetesRequest';
import { controllerManagerPart } from './controlPlaneParts';
import { Identity } from './identities';
import { listListening } from './__testUtils__/listListening';

const BUILD_MS = 20 * 60_000;

let cluster: TestCluster;

const get = (identity: Identity, url: string) =>
  kubernetesRequest(cluster.kubeConfig(identity), { path: url });

const reviewSchema = z.object({ status: z.object({ allowed: z.boolean() }) });

/** Asks the API server, as the identity itself: `get pods`, `create pods/binding`, `list secrets in kserve`. */
async function may(identity: Identity, what: string): Promise<boolean> {
  const [, verb, resource, namespace] =
    /^(\w+) ([\w./-]+)(?: in (\S+))?$/.exec(what) ?? [];
  const [name, subresource] = resource.split('/');
  const [plural, ...group] = name.split('.');
  const body = await requireOk(
    what,
    kubernetesRequest(cluster.kubeConfig(identity), {
      method: 'POST',
      path: '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews',
      body: {
        apiVersion: 'authorization.k8s.io/v1',
        kind: 'SelfSubjectAccessReview',
        spec: {
          resourceAttributes: {
            verb,
            resource: plural,
            subresource,
            group: group.join('.'),
            namespace,
          },
        },
      },
    }),
  );
  return reviewSchema.parse(body).status.allowed;
}

beforeAll(async () => {
  cluster = await startCluster({ kserve: true });
}, BUILD_MS);

afterAll(async () => {
  await cluster?.stop();
}, 60_000);

describe('the control plane of the laptop', () => {
  it('is the Kubernetes and the KServe that it says it is', async () => {
    expect((await get('admin', '/version')).body).toMatchObject({
      gitVersion: 'v1.34.4',
    });
    const create = (name: string) =>
      kubernetesRequest(cluster.kubeConfig('admin'), {
        method: 'POST',
        path: '/apis/serving.kserve.io/v1beta1/namespaces/default/inferenceservices?dryRun=All',
        body: {
          apiVersion: 'serving.kserve.io/v1beta1',
          kind: 'InferenceService',
          metadata: { name },
          spec: {
            predictor: {
              model: {
                modelFormat: { name: 'mlflow' },
                storageUri: 's3://models/churn',
              },
            },
          },
        },
      });
    // What its webhooks make of it, with the configuration of the laptop.
    expect(await create('churn')).toMatchObject({
      status: 201,
      body: {
        metadata: {
          annotations: { 'serving.kserve.io/deploymentMode': 'Standard' },
        },
      },
    });
    const refused = await create('1.churn');
    expect(refused.text).toContain(
      'admission webhook \\"inferenceservice.kserve-webhook-server.validator\\" denied the request',
    );
  });

  it.each<[Identity, string[], string[]]>([
    [
      'kubelet',
      [
        'list pods',
        'create pods/binding',
        'patch pods/status',
        'create events',
        'list endpointslices.discovery.k8s.io',
      ],
      [
        'list secrets',
        'create deployments.apps in default',
        'get nodes/proxy',
        'update inferenceservices.serving.kserve.io/status',
        'create clusterrolebindings.rbac.authorization.k8s.io',
      ],
    ],
    [
      'kube-controller-manager',
      ['create serviceaccounts/token in default'],
      [
        'delete nodes',
        'update inferenceservices.serving.kserve.io',
        'create clusterrolebindings.rbac.authorization.k8s.io',
      ],
    ],
    [
      'kserve',
      [
        'create deployments.apps in default',
        'update inferenceservices.serving.kserve.io/status',
        'patch httproutes.gateway.networking.k8s.io',
      ],
      [
        'list secrets',
        'create pods/binding',
        'delete namespaces',
        'create clusterrolebindings.rbac.authorization.k8s.io',
        'create pods/exec in default',
      ],
    ],
    [
      'portal',
      [
        'watch inferenceservices.serving.kserve.io',
        'get pods/log in default',
        'create services/proxy in default',
        'list events',
      ],
      [
        'get secrets in default',
        'list secrets',
        'create inferenceservices.serving.kserve.io in default',
        'delete pods in default',
        'create pods/exec in default',
        'create serviceaccounts/token in default',
        'get nodes/proxy',
        'create pods/proxy in default',
      ],
    ],
    [
      'traefik',
      [],
      ['list secrets', 'list pods', 'create deployments.apps in default'],
    ],
    [
      'argocd',
      [],
      ['create clusterrolebindings.rbac.authorization.k8s.io', 'list secrets'],
    ],
  ])('%s may do its work and nothing else', async (identity, does, doesNot) => {
    const allowed = async (what: string) =>
      [what, await may(identity, what)] as const;
    expect(await Promise.all(does.map(allowed))).toEqual(
      does.map(what => [what, true]),
    );
    expect(await Promise.all(doesNot.map(allowed))).toEqual(
      doesNot.map(what => [what, false]),
    );
  });

  it('answers nobody without a token', async () => {
    const ca = fs.readFileSync(cluster.caFile);
    const status = await new Promise((resolve, reject) => {
      https
        .get(`${cluster.server}/readyz`, { ca, agent: false }, response => {
          response.resume();
          resolve(response.statusCode);
        })
        .on('error', reject);
    });
    expect(status).toBe(401);
  });

  it.each([
    ['no certificate', undefined],
    ["the kubelet's clients'", 'apiserver-kubelet-client'],
  ])('etcd refuses whoever has %s', async (_, name) => {
    const file = (suffix: string) =>
      name && fs.readFileSync(cluster.state.certificate(`${name}.${suffix}`));
    const ask = new Promise((resolve, reject) => {
      https
        .get(
          `https://127.0.0.1:${cluster.state.port('etcd')}/health`,
          {
            ca: fs.readFileSync(cluster.state.certificate('etcd-ca.crt')),
            cert: file('crt'),
            key: file('key'),
            agent: false,
          },
          resolve,
        )
        .on('error', reject);
    });
    await expect(ask).rejects.toThrow(/alert|certificate|ECONNRESET|hang up/);
  });

  it('keeps keys and tokens from others on this machine', () => {
    const modes = fs
      .readdirSync(cluster.dataDir, { recursive: true, encoding: 'utf8' })
      .filter(name => /\.(key|csv|yaml|json)$/.test(name))
      .map(name => [
        name,
        fs.statSync(path.join(cluster.dataDir, name)).mode & 0o077,
      ]);
    expect(modes.length).toBeGreaterThan(8);
    expect(modes.filter(([, others]) => others)).toEqual([]);
    const shown = spawnSync('ps', ['-A', '-o', 'args='], { encoding: 'utf8' });
    expect(shown.stdout).toContain(cluster.dataDir);
    expect(shown.stdout).not.toContain(cluster.token('admin'));
  });

  it('listens on loopback only', () => {
    if (process.platform !== 'linux') {
      // Only Linux has the kernel's list of them as files.
      return;
    }
    const sockets = listListening(process.pid);
    const ports = ['apiServer', 'etcd', 'etcdPeer', 'kserveWebhook'];
    expect(sockets.map(({ port }) => port)).toEqual(
      expect.arrayContaining(ports.map(name => cluster.state.port(name))),
    );
    expect(sockets.filter(({ isLoopback }) => !isLoopback)).toEqual([]);
  });

  it('ends when the platform is gone, however it went', async () => {
    const part = controllerManagerPart(cluster);
    const { command, args, env } = part.spec();
    const second = spawn(command, args, {
      env,
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    const ended = new Promise(resolve => second.once('exit', resolve));
    // What the system does to our end of the pipe when we are killed.
    second.stdin.end();
    await ended;
    expect(second.signalCode ?? second.exitCode).not.toBe(null);
  }, 30_000);

  it('starts again on stored state, with the same tokens and all objects', async () => {
    await applyManifests({
      kubeConfig: cluster.kubeConfig('admin'),
      manifests:
        'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: kept, namespace: default}\ndata: {a: "1"}',
      fieldManager: 'test',
    });
    await cluster.stopApiServer();
    await expect(get('admin', '/readyz')).rejects.toThrow(/ECONNREFUSED/);
    await cluster.startApiServer();
    const kept = await get(
      'admin',
      '/api/v1/namespaces/default/configmaps/kept',
    );
    expect(kept).toMatchObject({ status: 200, body: { data: { a: '1' } } });
    expect((await get('portal', '/api/v1/pods')).status).toBe(200);
  }, 120_000);
});

// SPDX-License-Identifier: Apache-2.0
import { execFile } from 'node:child_process';
import fs from 'node:fs';
import http from 'node:http';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { z } from 'zod';
import { ensurePythonEnvironment } from '@greenroom/local-github/testing';
import { findFreePort } from '../../../bootstrap/ports.mjs';
import { PACKAGE_DIR } from '../../paths';
import { Part } from '../../supervisor/Part';
import { TestCluster, startCluster } from '../../testing/startCluster';
import { TestForge, startForge } from '../../testing/startForge';
import { buildCluster } from '../build/buildCluster';
import { applyManifests, parseManifests } from '../apply/applyManifests';
import { kubernetesRequest, requireOk } from '../apply/kubernetesRequest';
import { listListening } from '../controlplane/__testUtils__/listListening';
import { GITOPS_PORTS } from './gitopsParts';
import { ensureTraefik } from './ensureTraefik';
import { Gitops, startGitops } from './startGitops';

const run = promisify(execFile);

const ROOT = path.resolve(PACKAGE_DIR, '../..');
const BUILD_MS = 20 * 60_000;
const IMAGE = 'ghcr.io/greenroom-demo/churn';
const TEAM = 'fraud';

const digestOf = (letter: string) => `sha256:${letter.repeat(64)}`;

let dir: string;
let forge: TestForge;
let cluster: TestCluster;
let gitops: Gitops;
const parts: Part[] = [];

/** The working copy of the repository of manifests. */
const manifests = (...names: string[]) => path.join(dir, 'manifests', ...names);

async function git(...args: string[]): Promise<string> {
  const options = { cwd: manifests() };
  const identity = ['-c', 'user.name=jane', '-c', 'user.email=jane@localhost'];
  return (await run('git', [...identity, ...args], options)).stdout.trim();
}

/** Commits the working copy and pushes it; the commit. */
async function push(message: string): Promise<string> {
  await git('add', '--all');
  await git('commit', '--quiet', '--message', message);
  await git('push', '--quiet', 'origin', 'main');
  return git('rev-parse', 'HEAD');
}

const valuesSchema = z.record(z.string(), z.unknown());

/** What the portal's scaffolder makes of a template, with the values of its form that a person changed. */
async function render(
  template: string,
  changes: Record<string, unknown>,
  out: string,
) {
  const cli = async (...args: string[]) => {
    const script = path.join('scripts', 'greenroom.mjs');
    const command = [script, 'template', 'render', template, ...args];
    return (await run(process.execPath, command, { cwd: ROOT })).stdout;
  };
  const values = valuesSchema.parse(JSON.parse(await cli('--defaults')));
  const file = path.join(dir, `${template}.json`);
  fs.writeFileSync(file, JSON.stringify({ ...values, ...changes }));
  await cli('--values', file, '--out', out);
}

const applicationSchema = z.object({
  spec: z.object({ project: z.string() }),
  status: z.object({
    sync: z.object({ status: z.string(), revision: z.string().optional() }),
    health: z
      .object({ status: z.string(), message: z.string().optional() })
      .optional(),
    conditions: z
      .array(z.object({ type: z.string(), message: z.string() }))
      .default([]),
    operationState: z
      .object({
        syncResult: z
          .object({
            resources: z
              .array(z.object({ message: z.string().optional() }))
              .default([]),
          })
          .optional(),
      })
      .optional(),
  }),
});

type Application = z.infer<typeof applicationSchema>;

/** What the portal reads of an Application; undefined while it has no status. */
async function readApplication(name: string): Promise<Application | undefined> {
  const { status, body } = await kubernetesRequest(
    cluster.kubeConfig('portal'),
    {
      path: `/apis/argoproj.io/v1alpha1/namespaces/argocd/applications/${name}`,
    },
  );
  return status === 200 ? applicationSchema.safeParse(body).data : undefined;
}

/** Waits for what an Application comes to; the error shows what it was last. */
async function waitFor(
  name: string,
  isReached: (application: Application) => boolean,
  timeoutMs = 120_000,
): Promise<Application> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const application = await readApplication(name);
    if (application && isReached(application)) {
      return application;
    }
    if (Date.now() > deadline) {
      throw new Error(`${name} is ${JSON.stringify(application)}`);
    }
    await sleep(250);
  }
}

const isLive =
  (commit: string) =>
  ({ status }: Application) =>
    status.sync.status === 'Synced' &&
    status.sync.revision === commit &&
    status.health?.status === 'Healthy';

/** An image whose server says which version it is. */
function makeImage(
  digest: string,
  version: string,
  script = 'require("http").createServer((_, res) => res.end(process.env.VERSION)).listen(Number(process.env.PORT), "127.0.0.1")',
  name = IMAGE,
) {
  const folder = path.join(
    cluster.dataDir,
    'images',
    encodeURIComponent(`${name}@${digest}`),
  );
  fs.mkdirSync(path.join(folder, 'bin'), { recursive: true });
  fs.rmSync(path.join(folder, 'bin', 'node'), { force: true });
  fs.symlinkSync(process.execPath, path.join(folder, 'bin', 'node'));
  fs.writeFileSync(
    path.join(folder, 'image.json'),
    JSON.stringify({
      entrypoint: ['/bin/node', '-e', script],
      env: [`VERSION=${version}`],
    }),
  );
}

/** What the Gateway answers for a model's host name. */
function ask(host: string): Promise<string> {
  return new Promise((resolve, reject) => {
    http
      .get(gitops.gatewayUrl, { headers: { host }, agent: false }, response => {
        let text = '';
        response.on('data', chunk => {
          text += chunk;
        });
        response.on('end', () => resolve(text));
      })
      .on('error', reject);
  });
}

/** Waits until the Gateway has heard of what is Ready: until each of these answers was seen. */
async function waitForAnswers(host: string, ...expected: string[]) {
  const deadline = Date.now() + 60_000;
  const missing = new Set(expected);
  while (missing.size) {
    const answer = await ask(host);
    missing.delete(answer);
    if (Date.now() > deadline) {
      throw new Error(`${host} answers ${answer}`);
    }
  }
}

/** How many requests Traefik counted for the canary. */
async function countCanary(): Promise<number> {
  const metrics = await (await fetch(gitops.gatewayMetricsUrl)).text();
  return metrics
    .split('\n')
    .filter(
      line =>
        line.startsWith('traefik_service_requests_total{code="200"') &&
        line.includes('churn-canary-predictor'),
    )
    .reduce((sum, line) => sum + Number(line.split(' ').pop()), 0);
}

function replace(file: string, ...pairs: [string, string][]) {
  let text = fs.readFileSync(manifests(file), 'utf8');
  for (const [from, to] of pairs) {
    expect(text).toContain(from);
    text = text.replaceAll(from, to);
  }
  fs.writeFileSync(manifests(file), text);
}

const release = (environment: string) =>
  `models/churn/overlays/${environment}/release.yaml`;

beforeAll(async () => {
  dir = fs.mkdtempSync(path.join(os.tmpdir(), 'greenroom-gitops-'));
  const { cacheDir: ownCache } = await ensurePythonEnvironment();
  const cacheDir = process.env.GREENROOM_CACHE_DIR ?? ownCache;
  await buildCluster({ cacheDir }).argocd;
  [forge, cluster] = await Promise.all([
    startForge({ runner: false, port: await findFreePort() }),
    startCluster({ kserve: true, kubelet: true }),
  ]);
  gitops = await startGitops({
    state: cluster.state,
    binDir: cluster.binDir,
    traefik: await ensureTraefik({ cacheDir }),
    podNetwork: cluster.podNetwork ?? '',
    repository: {
      url: `${forge.url}/greenroom-demo/infra-manifests`,
      apiUrl: forge.apiUrl,
      token: forge.token,
    },
    addPart: description => {
      const part = new Part({
        ...description,
        stateDir: cluster.dataDir,
        tell: () => {},
      });
      parts.push(part);
      return part;
    },
  });
}, BUILD_MS);

afterAll(async () => {
  gitops?.stop();
  await Promise.all(parts.map(part => part.stop()));
  await Promise.all([cluster?.stop(), forge?.stop()]);
  fs.rmSync(dir, { recursive: true, force: true });
}, 120_000);

describe('GitOps on the laptop', () => {
  const repository = { host: '', owner: 'greenroom-demo' };

  it('takes over a repository that the template made, as soon as it is pushed', async () => {
    repository.host = forge.host;
    await render(
      'infra-manifests',
      {
        name: 'infra-manifests',
        owner: `group:default/${TEAM}`,
        repository: {
          ...repository,
          name: 'infra-manifests',
          visibility: 'private',
        },
        teams: [`group:default/${TEAM}`],
        environments: 'dev-prod',
      },
      manifests(),
    );
    const made = await fetch(`${forge.apiUrl}/orgs/greenroom-demo/repos`, {
      method: 'POST',
      headers: {
        authorization: `token ${forge.token}`,
        'content-type': 'application/json',
      },
      body: JSON.stringify({ name: 'infra-manifests', private: true }),
    });
    expect(made.status).toBe(201);
    await git('init', '--quiet', '--initial-branch=main');
    const remote = new URL(`${forge.url}/greenroom-demo/infra-manifests.git`);
    remote.username = 'x-access-token';
    remote.password = forge.token;
    await git('remote', 'add', 'origin', remote.href);
    const commit = await push('The repository of manifests');

    // The first Application has become the repository's own, in the repository's project.
    const root = await waitFor('infra-manifests', isLive(commit));
    expect(root.spec.project).toBe('platform');
    await waitFor('platform', isLive(commit));
  }, 300_000);

  it('makes a model of a commit, and says when it answers', async () => {
    makeImage(digestOf('1'), 'one');
    const values = {
      name: 'churn',
      owner: `group:default/${TEAM}`,
      repository: { ...repository, name: 'churn', visibility: 'private' },
      delivery: {
        serving: 'image',
        registry: 'ghcr',
        mlflowAccess: 'token',
        environments: 'dev-prod',
        canary: 'http-route',
        driftMonitor: true,
        gpu: false,
        manifestsRepository: 'infra-manifests',
      },
    };
    await render('model-service', values, path.join(dir, 'churn'));
    const deploy = path.join(dir, 'churn', 'deploy');
    fs.cpSync(deploy, manifests('models', 'churn'), { recursive: true });
    // Production comes with the next commit.
    fs.rmSync(manifests('models/churn/overlays/prod'), { recursive: true });
    replace(release('dev'), [digestOf('0'), digestOf('1')]);
    const commit = await push('churn 1');
    await waitFor('churn-dev', isLive(commit));
    const host = 'churn-fraud-dev.greenroom.localhost';
    await waitForAnswers(host, 'one');
    expect(await ask(host)).toBe('one');
  }, 300_000);

  it('splits the traffic of a canary as its route says', async () => {
    makeImage(digestOf('2'), 'two');
    const prod = 'models/churn/overlays/prod';
    fs.cpSync(path.join(dir, 'churn/deploy/overlays/prod'), manifests(prod), {
      recursive: true,
    });
    replace(`${prod}/stable/release.yaml`, [digestOf('0'), digestOf('1')]);
    replace(`${prod}/canary/release.yaml`, [digestOf('0'), digestOf('2')]);
    replace(
      `${prod}/httproute.yaml`,
      ['weight: 100', 'weight: 80'],
      ['weight: 0', 'weight: 20'],
    );
    const commit = await push('churn 2 is tried in production');
    await waitFor('churn-prod', isLive(commit));
    const host = 'churn-fraud-prod.example.com';
    await waitForAnswers(host, 'one', 'two');
    const before = await countCanary();
    const answers: string[] = [];
    for (let request = 0; request < 50; request += 1) {
      answers.push(await ask(host));
    }
    const ofCanary = answers.filter(answer => answer === 'two').length;
    expect(answers.filter(answer => answer === 'one')).toHaveLength(
      50 - ofCanary,
    );
    expect(ofCanary).toBeGreaterThanOrEqual(8);
    expect(ofCanary).toBeLessThanOrEqual(12);
    // What was observed is counted, for whoever wants to hold it against the route.
    expect((await countCanary()) - before).toBe(ofCanary);
  }, 300_000);

  /** Commits a slip, waits for what Argo CD says of it, and takes it back: nobody who asks for the model sees any of it. */
  async function slip(
    make: () => void,
    isSaid: (application: Application) => boolean,
  ): Promise<Application> {
    make();
    const commit = await push('A slip');
    try {
      const application = await waitFor('churn-dev', isSaid);
      expect(await ask('churn-fraud-dev.greenroom.localhost')).toBe('one');
      return application;
    } finally {
      await git('revert', '--no-edit', commit);
      await git('push', '--quiet', 'origin', 'main');
      await waitFor('churn-dev', isLive(await git('rev-parse', 'HEAD')));
    }
  }

  const says =
    (words: string) =>
    ({ status }: Application) =>
      status.conditions.some(({ message }) => message.includes(words));

  /** What of a sync the project does not let through. */
  const refusals = ({ status }: Pick<Application, 'status'>) =>
    (status.operationState?.syncResult?.resources ?? [])
      .map(({ message = '' }) => message)
      .filter(message => message.includes('not permitted'));

  it('says in words what is wrong with a commit that cannot be rendered', async () => {
    const { status } = await slip(
      () =>
        replace('models/churn/overlays/dev/kustomization.yaml', [
          'resources:',
          'resources:\n  - gone.yaml',
        ]),
      application =>
        says('gone.yaml')(application) &&
        // For some seconds what is known from before is shown beside the words.
        application.status.sync.status === 'Unknown',
    );
    expect(status.conditions[0].type).toBe('ComparisonError');
  }, 300_000);

  it('says in the words of KServe what KServe refuses', async () => {
    const { status } = await slip(
      () =>
        replace('models/churn/base/inferenceservice.yaml', [
          'minReplicas: 1',
          'minReplicas: 5',
        ]),
      says('MinReplicas'),
    );
    expect(status.conditions[0].message).toContain(
      "'MinReplicas' cannot be greater than MaxReplicas",
    );
  }, 300_000);

  it('is OutOfSync with a reason when a team commits what it may not have', async () => {
    const { status } = await slip(
      () => {
        const overlay = 'models/churn/overlays/dev';
        fs.writeFileSync(
          manifests(overlay, 'service.yaml'),
          'apiVersion: v1\nkind: Service\nmetadata: {name: door}\nspec: {ports: [{port: 22}]}\n',
        );
        replace(`${overlay}/kustomization.yaml`, [
          'resources:',
          'resources:\n  - service.yaml',
        ]);
      },
      application => refusals(application).length > 0,
    );
    expect(status.sync.status).toBe('OutOfSync');
    expect(refusals({ status })[0]).toContain('Service');
  }, 300_000);

  it('is Degraded in the words of KServe when a model cannot start', async () => {
    makeImage(
      digestOf('3'),
      'three',
      'console.error("no model here"); process.exit(3)',
      'ghcr.io/greenroom-demo/broken',
    );
    const folder = manifests('models', 'broken');
    fs.cpSync(manifests('models', 'churn'), folder, { recursive: true });
    fs.rmSync(path.join(folder, 'overlays', 'prod'), { recursive: true });
    for (const name of fs.readdirSync(folder, {
      recursive: true,
      encoding: 'utf8',
    })) {
      if (name.endsWith('.yaml')) {
        const file = path.join(folder, name);
        const text = fs
          .readFileSync(file, 'utf8')
          .replaceAll('churn', 'broken');
        fs.writeFileSync(file, text.replace(digestOf('1'), digestOf('3')));
      }
    }
    await push('A model that cannot start');
    const { status } = await waitFor(
      'broken-dev',
      application => application.status.health?.status === 'Degraded',
    );
    expect(status.sync.status).toBe('Synced');
    const service = await requireOk(
      'The model',
      kubernetesRequest(cluster.kubeConfig('portal'), {
        path: '/apis/serving.kserve.io/v1beta1/namespaces/fraud-dev/inferenceservices/broken',
      }),
    );
    expect(service).toMatchObject({
      status: {
        modelStatus: {
          transitionStatus: 'BlockedByFailedLoad',
          lastFailureInfo: { reason: 'ModelLoadFailed', exitCode: 3 },
        },
      },
    });
    expect(await ask('churn-fraud-dev.greenroom.localhost')).toBe('one');
  }, 300_000);

  it.each(['bootstrap', 'clusters/laptop', 'clusters/production'])(
    'has manifests in deploy/%s that the API server takes, to the last field',
    async folder => {
      const { stdout } = await run(
        cluster.state.path('argocd', 'bin', 'kustomize'),
        ['build', path.join(ROOT, 'deploy', folder)],
      );
      const objects = parseManifests(stdout)
        // K3s' own; its definition is nowhere else.
        .filter(({ apiVersion }) => apiVersion !== 'helm.cattle.io/v1');
      expect(objects.length).toBeGreaterThan(1);
      await applyManifests({
        kubeConfig: cluster.kubeConfig('admin'),
        manifests: objects,
        fieldManager: 'test',
        dryRun: true,
        timeoutMs: 5_000,
      });
      const misspelt = objects.map(object => ({ ...object, specs: {} }));
      await expect(
        applyManifests({
          kubeConfig: cluster.kubeConfig('admin'),
          manifests: misspelt.slice(-1),
          fieldManager: 'test',
          dryRun: true,
          timeoutMs: 5_000,
        }),
      ).rejects.toThrow('specs');
    },
    60_000,
  );

  it('listens on the loopback address only', () => {
    const own = GITOPS_PORTS.map(name => cluster.state.port(name));
    const listening = listListening(process.pid).filter(({ port }) =>
      own.includes(port),
    );
    expect(listening.map(({ port }) => port).sort()).toEqual(own.sort());
    expect(listening.filter(({ isLoopback }) => !isLoopback)).toEqual([]);
  });

  it('lets nobody but Argo CD change what Git says', async () => {
    const model =
      '/apis/serving.kserve.io/v1beta1/namespaces/fraud-dev/inferenceservices/churn';
    const patch = (identity: 'portal' | 'traefik' | 'argocd-applicationset') =>
      kubernetesRequest(cluster.kubeConfig(identity), {
        method: 'PATCH',
        path: model,
        contentType: 'application/merge-patch+json',
        body: { metadata: { labels: { changed: 'yes' } } },
      });
    for (const identity of [
      'portal',
      'traefik',
      'argocd-applicationset',
    ] as const) {
      expect((await patch(identity)).status).toBe(403);
    }
    const secrets = await kubernetesRequest(cluster.kubeConfig('argocd'), {
      path: '/api/v1/namespaces/kserve/secrets',
    });
    expect(secrets.status).toBe(403);

    // And what somebody changes by hand with the admin's rights is put back.
    const what = 'Scaling by hand';
    await requireOk(
      what,
      kubernetesRequest(cluster.kubeConfig('admin'), {
        method: 'PATCH',
        path: model,
        contentType: 'application/merge-patch+json',
        body: { spec: { predictor: { maxReplicas: 3 } } },
      }),
    );
    const specSchema = z.object({
      spec: z.object({ predictor: z.object({ maxReplicas: z.number() }) }),
    });
    const deadline = Date.now() + 60_000;
    let replicas = 3;
    while (replicas !== 2 && Date.now() < deadline) {
      await sleep(250);
      const read = kubernetesRequest(cluster.kubeConfig('portal'), {
        path: model,
      });
      replicas = specSchema.parse(await requireOk(what, read)).spec.predictor
        .maxReplicas;
    }
    expect(replicas).toBe(2);
  }, 120_000);
});

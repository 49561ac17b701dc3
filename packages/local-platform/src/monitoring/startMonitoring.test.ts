// SPDX-License-Identifier: Apache-2.0
import fs from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import os from 'node:os';
import path from 'node:path';
import { parseAllDocuments } from 'yaml';
import { z } from 'zod';
import { applyManifests, Manifest } from '../cluster/apply/applyManifests';
import { kubernetesRequest } from '../cluster/apply/kubernetesRequest';
import { PACKAGE_DIR } from '../paths';
import { Part } from '../supervisor/Part';
import { findMonitoringPrograms } from '../testing/monitoringPrograms';
import { startCluster, TestCluster } from '../testing/startCluster';
import { ReceivedRequest, startHttpServer } from '../testing/startHttpServer';
import { Monitoring, startMonitoring } from './startMonitoring';

// What the test waits for is scraped every 15 seconds, and looked at as often.
jest.setTimeout(240_000);

const REPOSITORY = path.resolve(PACKAGE_DIR, '../..');
const SKELETON = path.join(
  REPOSITORY,
  'templates/infra-manifests/skeleton/platform/monitoring',
);

/** `npm test -- cluster` builds them; else the tests are skipped, and their title says why. */
const programs = findMonitoringPrograms();
let cluster: TestCluster;
let monitoring: Monitoring;
let portal: Awaited<ReturnType<typeof startHttpServer>>;
let github: Awaited<ReturnType<typeof startHttpServer>>;
let imagesDir: string;
let dir: string;
const parts: Part[] = [];
const said: string[] = [];

/** A file of the template, as the form's defaults make it. */
function rendered(name: string): string {
  const values: Record<string, string> = {
    repoUrl: 'https://github.example/acme/infra-manifests',
    prometheusRelease: 'kube-prometheus-stack',
    errorObjective: '99.5',
    latencyObjective: '95',
  };
  return fs
    .readFileSync(path.join(SKELETON, name), 'utf8')
    .replace(
      /\$\{\{ \(\(100 - values\.(\w+)\) \/ 100 \* ([\d.]+)\) \| round\(6\) \}\}/g,
      (_all, key, factor) =>
        String(((100 - Number(values[key])) / 100) * Number(factor)),
    )
    .replace(
      /\$\{\{ \(values\.portalUrl [^}]*\}\}/,
      'http://greenroom.greenroom.svc:7007/api/triage/alerts',
    )
    .replace(/\$\{\{ values\.(\w+)[^}]*\}\}/g, (_all, key) => values[key]);
}

const manifestsOf = (text: string): Manifest[] =>
  parseAllDocuments(text).map(document => document.toJS());

async function waitFor<T>(
  what: string,
  look: () => Promise<T | undefined | false>,
  timeoutMs = 150_000,
): Promise<T> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const found = await look();
    if (found) {
      return found;
    }
    if (Date.now() > deadline) {
      throw new Error(`Not seen in time: ${what}\n${said.join('\n')}`);
    }
    await new Promise(resolve => setTimeout(resolve, 500));
  }
}

const resultSchema = z.object({
  data: z.object({
    result: z.array(
      z.object({
        metric: z.record(z.string(), z.string()),
        value: z.tuple([z.number(), z.string()]),
      }),
    ),
  }),
});

async function query(expression: string) {
  const response = await fetch(
    `${monitoring.prometheusUrl}/api/v1/query?query=${encodeURIComponent(expression)}`,
  );
  const text = await response.text();
  if (!response.ok) {
    throw new Error(`${expression}: ${text}`);
  }
  return resultSchema.parse(JSON.parse(text)).data.result;
}

const seriesOf = (expression: string, timeoutMs?: number) =>
  waitFor(
    expression,
    async () => {
      const found = await query(expression);
      return found.length > 0 && found;
    },
    timeoutMs,
  );

const LABELS = {
  'app.kubernetes.io/name': 'churn',
  component: 'predictor',
  'serving.kserve.io/inferenceservice': 'churn',
};

function pod(name: string, more: object = {}): Manifest {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'fraud-dev', labels: LABELS },
    spec: {
      terminationGracePeriodSeconds: 1,
      containers: [
        {
          name: 'kserve-container',
          image: 'local/model:1',
          ports: [{ containerPort: 8080 }],
          resources: { limits: { memory: '200Mi', cpu: '1' } },
          ...more,
        },
      ],
    },
  };
}

const apply = (manifests: Manifest[]) =>
  applyManifests({
    kubeConfig: cluster.kubeConfig('admin'),
    manifests,
    fieldManager: 'test',
  });

beforeAll(async () => {
  if (!programs) {
    return;
  }
  imagesDir = fs.mkdtempSync(path.join(os.tmpdir(), 'monitoring-images-'));
  makeImage();
  cluster = await startCluster({ kubelet: { imagesDir } });
  dir = path.join(cluster.dataDir, 'monitoring');
  portal = await startHttpServer((_request, response) =>
    response.writeHead(202).end(),
  );
  github = await startHttpServer((request, response) => {
    if (!request.path.endsWith('/kube-prometheus-stack.values.yaml')) {
      response.writeHead(404).end();
      return;
    }
    response
      .writeHead(200)
      .end(rendered('kube-prometheus-stack.values.yaml.njk'));
  });
  await apply([
    ...manifestsOf(
      fs.readFileSync(
        path.join(REPOSITORY, 'deploy/clusters/laptop/definitions.yaml'),
        'utf8',
      ),
    ),
    ...['fraud-dev', 'monitoring'].map(name => ({
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name },
    })),
  ]);
  await cluster.state.settlePort('gatewayMetrics');
  monitoring = await startMonitoring({
    state: cluster.state,
    programs,
    dir,
    podProxy: (cluster.podNetwork ?? '').replace(/^socks5/, 'http'),
    webhookUrl: `${portal.url}/api/triage/alerts`,
    repository: {
      url: 'http://localhost/acme/infra-manifests',
      apiUrl: github.url,
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
    tell: message => said.push(message),
    intervalMs: 1_000,
  });
  await apply([
    pod('churn-1'),
    pod('churn-2', { args: ['eat'] }),
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: {
        name: 'churn-predictor',
        namespace: 'fraud-dev',
        labels: LABELS,
      },
      spec: {
        selector: { 'app.kubernetes.io/name': 'churn' },
        ports: [{ name: 'http', port: 80, targetPort: 8080 }],
      },
    },
    {
      apiVersion: 'monitoring.coreos.com/v1',
      kind: 'ServiceMonitor',
      metadata: { name: 'churn', namespace: 'fraud-dev' },
      spec: {
        selector: {
          matchLabels: {
            'app.kubernetes.io/name': 'churn',
            component: 'predictor',
          },
        },
        endpoints: [{ targetPort: 8080, path: '/metrics', interval: '2s' }],
      },
    },
    ...manifestsOf(rendered('model-serving.rules.yaml.njk')).map(rule => ({
      ...rule,
      metadata: { ...rule.metadata, namespace: 'monitoring' },
    })),
    {
      apiVersion: 'monitoring.coreos.com/v1',
      kind: 'PrometheusRule',
      metadata: { name: 'test', namespace: 'monitoring' },
      spec: {
        groups: [
          {
            name: 'test',
            interval: '2s',
            rules: [
              {
                alert: 'ModelIsSlow',
                expr: 'max by (namespace, pod, model_name) (model_is_slow) > 0',
                for: '0s',
                labels: { severity: 'warning' },
              },
            ],
          },
        ],
      },
    },
  ]);
}, 20 * 60_000);

afterAll(async () => {
  await monitoring?.stop();
  await Promise.all(parts.map(part => part.stop()));
  await cluster?.stop();
  await portal?.stop();
  await github?.stop();
  if (imagesDir) {
    fs.rmSync(imagesDir, { recursive: true, force: true });
  }
}, 60_000);

function makeImage(): void {
  const root = path.join(imagesDir, encodeURIComponent('local/model:1'));
  fs.mkdirSync(path.join(root, 'app'), { recursive: true });
  fs.mkdirSync(path.join(root, 'bin'));
  fs.symlinkSync(process.execPath, path.join(root, 'bin', 'node'));
  fs.copyFileSync(
    path.join(PACKAGE_DIR, 'src/monitoring/__fixtures__/model.mjs'),
    path.join(root, 'app', 'model.mjs'),
  );
  fs.writeFileSync(
    path.join(root, 'image.json'),
    JSON.stringify({
      entrypoint: ['/bin/node', '/app/model.mjs'],
      env: [],
      workingDir: '/app',
      exposedPorts: [8080],
    }),
  );
}

const describeWithPrograms = programs ? describe : describe.skip;

describeWithPrograms(
  `Prometheus and Alertmanager beside the local cluster${programs ? '' : ' (not built: npm test -- cluster)'}`,
  () => {
    it('scrapes a model by its ServiceMonitor', async () => {
      const [up] = await seriesOf('up{pod="churn-1"} == 1');
      expect(up.metric).toMatchObject({
        namespace: 'fraud-dev',
        container: 'kserve-container',
        service: 'churn-predictor',
        endpoint: '8080',
        job: 'churn-predictor',
      });
      const [requests] = await seriesOf('ml_requests_total{pod="churn-1"}');
      expect(requests.metric.model_name).toBe('churn');
    });

    it('ends a container at its limit, which the rules of the template see', async () => {
      const [why137] = await seriesOf(
        'kube_pod_container_status_last_terminated_exitcode{pod="churn-2"}',
      );
      expect(why137.value[1]).toBe('137');
      const { body } = await kubernetesRequest(cluster.kubeConfig('admin'), {
        path: '/api/v1/namespaces/fraud-dev/pods/churn-2',
      });
      expect(JSON.stringify(body)).toContain('"reason":"OOMKilled"');
      await seriesOf('ALERTS{alertname="ModelOutOfMemory"}');
    });

    it('tells the portal of an alert, with the token, and of its end', async () => {
      await ask('/slow');
      const first = await waitForAlert('ModelIsSlow', 'firing');
      const token = fs.readFileSync(path.join(dir, 'alerts.token'), 'utf8');
      expect(first.headers.authorization).toBe(`Bearer ${token}`);
      expect(fs.statSync(path.join(dir, 'alerts.token')).mode & 0o077).toBe(0);
      expect(first.path).toBe('/api/triage/alerts');
      await ask('/well');
      await waitForAlert('ModelIsSlow', 'resolved');
      // What the test before has begun, by the template's rule and route.
      await waitForAlert('ModelOutOfMemory', 'firing');
    });

    it('takes every rule of the template', async () => {
      const response = await fetch(`${monitoring.prometheusUrl}/api/v1/rules`);
      const { data } = z
        .object({
          data: z.object({
            groups: z.array(
              z.object({
                name: z.string(),
                rules: z.array(
                  z.object({ name: z.string(), health: z.string() }),
                ),
              }),
            ),
          }),
        })
        .parse(await response.json());
      expect(data.groups.map(({ name }) => name)).toEqual(
        expect.arrayContaining([
          'model-serving.objectives',
          'model-serving.drift',
        ]),
      );
      const broken = data.groups
        .flatMap(({ rules }) => rules)
        .filter(({ health }) => health === 'err');
      expect(broken).toEqual([]);
    });

    it('has the series of each panel', async () => {
      const empty: string[] = [];
      for (const expression of panelExpressions('models.dashboard.json')) {
        await seriesOf(expression, 90_000).catch(() => empty.push(expression));
      }
      expect(empty).toEqual([]);
      for (const expression of panelExpressions(
        'model-serving.dashboard.json',
      )) {
        // Drift and the gateway have no series here: that it can be asked is what is seen.
        await query(expression);
      }
    });

    it('answers its own pages and this machine only', async () => {
      const port = Number(new URL(monitoring.prometheusUrl).port);
      const status = (options: http.RequestOptions) =>
        new Promise((resolve, reject) => {
          http
            .request({ host: '127.0.0.1', port, ...options }, response => {
              response.resume();
              resolve(response.statusCode);
            })
            .on('error', reject)
            .end();
        });
      expect(await status({ path: '/api/v1/labels' })).toBe(200);
      expect(
        await status({
          path: '/api/v1/labels',
          headers: { host: `rebound.example:${port}` },
        }),
      ).toBe(421);
      expect(
        await status({
          path: '/api/v1/labels',
          headers: { origin: 'https://evil.example' },
        }),
      ).toBe(403);
      for (const closed of [
        '/-/quit',
        '/%2d/quit',
        '//-/quit',
        '/x/..%2f-/quit',
        '/api/v1/admin/tsdb/snapshot',
      ]) {
        expect([
          closed,
          await status({ path: closed, method: 'POST' }),
        ]).toEqual([closed, 403]);
      }
      // The server itself has no answer for who has no certificate.
      await expect(
        new Promise((resolve, reject) => {
          https
            .get(
              {
                host: '127.0.0.1',
                port: cluster.state.port('prometheus'),
                path: '/api/v1/labels',
                rejectUnauthorized: false,
              },
              resolve,
            )
            .on('error', reject);
        }),
      ).rejects.toThrow();
    });

    it('shows the kubelet nothing but metrics', async () => {
      const read = (name: string) =>
        fs.readFileSync(cluster.state.certificate(name), 'utf8');
      const status = (file: string) =>
        new Promise((resolve, reject) => {
          https
            .get(
              {
                host: '127.0.0.1',
                port: cluster.state.port('kubelet'),
                path: file,
                cert: read('prometheus-kubelet-client.crt'),
                key: read('prometheus-kubelet-client.key'),
                ca: read('ca.crt'),
              },
              response => {
                response.resume();
                resolve(response.statusCode);
              },
            )
            .on('error', reject);
        });
      expect(await status('/metrics/cadvisor')).toBe(200);
      expect(
        await status('/containerLogs/fraud-dev/churn-1/kserve-container'),
      ).toBe(403);
    });
  },
);

function panelExpressions(name: string): string[] {
  const dashboard = z
    .object({
      panels: z.array(
        z.object({ targets: z.array(z.object({ expr: z.string() })) }),
      ),
    })
    .parse(JSON.parse(fs.readFileSync(path.join(SKELETON, name), 'utf8')));
  return dashboard.panels.flatMap(({ targets }) =>
    targets.map(({ expr }) => expr.replace(/\$(namespace|model)/g, '.+')),
  );
}

/** Asks the model itself, through the kubelet's proxy. */
async function ask(file: string): Promise<void> {
  const proxy = new URL((cluster.podNetwork ?? '').replace('socks5', 'http'));
  const [up] = await seriesOf('up{pod="churn-1"}');
  await new Promise<void>((resolve, reject) => {
    http
      .get(
        {
          host: proxy.hostname,
          port: proxy.port,
          path: `http://${up.metric.instance}${file}`,
          headers: {
            host: up.metric.instance,
            'proxy-authorization': `Basic ${Buffer.from(`${proxy.username}:${proxy.password}`).toString('base64')}`,
          },
        },
        response => {
          response.resume().on('end', resolve);
        },
      )
      .on('error', reject);
  });
}

const bodySchema = z.object({
  version: z.literal('4'),
  alerts: z.array(
    z.object({
      status: z.string(),
      labels: z.record(z.string(), z.string()),
    }),
  ),
});

function waitForAlert(name: string, status: string): Promise<ReceivedRequest> {
  return waitFor(`${name} ${status}`, async () =>
    portal.requests.find(({ body }) =>
      bodySchema
        .parse(JSON.parse(body))
        .alerts.some(
          alert => alert.status === status && alert.labels.alertname === name,
        ),
    ),
  );
}

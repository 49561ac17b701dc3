// SPDX-License-Identifier: Apache-2.0
import { execFileSync } from 'node:child_process';
import {
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import {
  RunnerUnderTest,
  type RepositoryUnderTest,
} from '@greenroom/local-github/testing';
import type { TriageReport } from '@greenroom/plugin-triage-common';
import { run } from './run';

jest.setTimeout(300_000);

const ROOT = path.resolve(require.resolve('../package.json'), '../../..');
const SKELETON = path.join(ROOT, 'templates/infra-manifests/skeleton');
const ACTION = '.github/actions/triage';
const WORKFLOW = 'alert-analysis.yml';
const TOKEN = 'test-admin-token';
const POD = 'churn-predictor-7c9f8d6b5-x2x9z';
// In parts, since a scanner of this repository must not find it.
const SECRET = ['ghp', 'x7Kd93mQpW2sVb8TzYhRq4Lc6Nf1Ga0Ju5De'].join('_');

const hasKubectl = (() => {
  try {
    execFileSync('kubectl', ['version', '--client'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
})();
// GitHub's runners have it; a laptop may not.
const describeWithKubectl = hasKubectl ? describe : describe.skip;

const createAlert = (
  labels: Record<string, string> = {},
  change: Record<string, unknown> = {},
) => ({
  status: 'firing',
  labels: {
    alertname: 'ModelOutOfMemory',
    namespace: 'models',
    pod: POD,
    container: 'kserve-container',
    model_name: 'churn',
    severity: 'critical',
    ...labels,
  },
  annotations: { summary: `${POD} was killed` },
  startsAt: '2026-11-29T10:00:00.123456789+01:00',
  endsAt: '0001-01-01T00:00:00Z',
  generatorURL:
    'http://prometheus.monitoring:9090/graph?g0.expr=container_memory_working_set_bytes+%3E+1&g0.tab=1',
  fingerprint: '06b2d96efab56e53',
  ...change,
});

/** As Alertmanager's own `payload` sends it: without version and groupKey. */
const createMessage = (
  alerts: object[],
  change: Record<string, unknown> = {},
) => ({
  receiver: 'github',
  status: 'firing',
  notification_reason: 'first notification',
  alerts,
  groupLabels: { namespace: 'models', alertname: 'ModelOutOfMemory' },
  commonLabels: {},
  commonAnnotations: {},
  externalURL: 'http://alertmanager:9093',
  ...change,
});

const ended = { status: 'resolved', endsAt: '2026-11-29T09:20:00Z' };

const OBJECTS: Record<string, unknown> = {
  [`/api/v1/namespaces/models/pods/${POD}`]: {
    kind: 'Pod',
    metadata: {
      name: POD,
      namespace: 'models',
      labels: { 'serving.kserve.io/inferenceservice': 'churn' },
      ownerReferences: [{ kind: 'ReplicaSet', name: 'churn-predictor-7c9' }],
    },
    spec: {
      containers: [
        {
          name: 'kserve-container',
          image: 'ghcr.io/acme/churn@sha256:aa',
          resources: { limits: { memory: '256Mi' } },
        },
      ],
    },
    status: {
      phase: 'Running',
      containerStatuses: [
        {
          name: 'kserve-container',
          ready: false,
          restartCount: 4,
          lastState: {
            terminated: {
              reason: 'OOMKilled',
              exitCode: 137,
              finishedAt: '2026-11-29T08:59:30Z',
            },
          },
          state: { waiting: { reason: 'CrashLoopBackOff' } },
        },
      ],
    },
  },
  '/api/v1/namespaces/models/events': {
    items: [
      {
        kind: 'Event',
        metadata: { name: 'e1' },
        type: 'Warning',
        reason: 'BackOff',
        message: 'Back-off restarting failed container',
        involvedObject: { kind: 'Pod', name: POD },
        lastTimestamp: '2026-11-29T09:00:00Z',
        count: 5,
      },
    ],
  },
};

interface IssueJson {
  number: number;
  title: string;
  state: string;
  body: string;
  labels: { name: string }[];
}

const startServer = async (
  answer: (url: URL, response: ServerResponse) => void,
): Promise<{ server: Server; url: string; asked: string[] }> => {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    answer(new URL(request.url ?? '/', 'http://localhost'), response);
  });
  await new Promise<void>(resolve => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return { server, asked, url: `http://127.0.0.1:${port}` };
};

const sendJson = (response: ServerResponse, status: number, body: unknown) => {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
};

let runner: RunnerUnderTest;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'greenroom-alert-action-'));
  runner = new RunnerUnderTest();
  await runner.start();
});

afterAll(async () => {
  await runner?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const issuesOf = (repository: RepositoryUnderTest) =>
  runner.json<IssueJson[]>(`${repository.api}/issues?state=all&labels=triage`);

const commentsOf = (repository: RepositoryUnderTest, number: number) =>
  runner.json<{ body: string }[]>(
    `${repository.api}/issues/${number}/comments`,
  );

it("the template's own alert-analysis.yml opens one issue for a group, renews it, and says in it when it is over", async () => {
  const repository = await runner.repository(
    Object.fromEntries(
      [
        `.github/workflows/${WORKFLOW}`,
        `${ACTION}/action.yml`,
        `${ACTION}/dist/index.js`,
      ].map(file => [file, readFileSync(path.join(SKELETON, file), 'utf8')]),
    ),
  );
  let count = 0;
  const completed = async () => {
    count++;
    const found = await repository.completed(
      ({ name, run_number: number }) =>
        name === 'Alert analysis' && number === count,
      120,
    );
    const logs = await Promise.all(
      (await repository.jobs(found)).map(({ name }) =>
        repository.text(found, name).catch(String),
      ),
    );
    expect([found.conclusion, logs.join('\n')]).toEqual([
      'success',
      expect.not.stringContaining(SECRET),
    ]);
  };
  const hostile = `"; $(touch /tmp/x) \${{ github.token }} {{ x }} @acme ${SECRET}`;
  const alert = createAlert(
    {},
    { annotations: { summary: hostile, description: hostile } },
  );
  // By a bridge, as an object.
  await runner.api('POST', `${repository.api}/dispatches`, {
    event_type: 'alertmanager',
    client_payload: { alert: createMessage([alert]) },
  });
  await completed();
  const [issue, ...none] = await issuesOf(repository);
  expect(none).toEqual([]);
  expect(issue.title).toContain('ModelOutOfMemory');
  expect(issue.body).toContain('1 of 1 alerts fire');
  expect(issue.body).toContain('The cluster was not asked');
  expect(issue.body).toContain('No Prometheus is set in `PROMETHEUS_URL`');
  expect(issue.body).not.toContain(SECRET);
  expect(issue.body).not.toContain('in the portal');

  // By Alertmanager itself, as the string of a string that its `payload` makes.
  const dispatch = async (message: object) => {
    const answer = await runner.api(
      'POST',
      `${repository.api}/actions/workflows/${WORKFLOW}/dispatches`,
      {
        ref: 'main',
        inputs: {
          alert: JSON.stringify(JSON.stringify(message)),
          group: '{"namespace":"models"}',
        },
      },
    );
    expect(answer.status).toBeLessThan(300);
    await completed();
  };
  const second = createAlert(
    { pod: 'churn-predictor-2' },
    { fingerprint: 'aa' },
  );
  await dispatch(
    createMessage([{ ...alert, ...ended }, second], {
      notification_reason: 'new alerts added',
    }),
  );
  const [renewed, ...others] = await issuesOf(repository);
  expect(others).toEqual([]);
  expect(renewed.number).toBe(issue.number);
  expect(renewed.body).toContain('1 of 2 alerts fire');

  for (let time = 0; time < 2; time++) {
    await dispatch(
      createMessage(
        [
          { ...alert, ...ended },
          { ...second, ...ended },
        ],
        { status: 'resolved', notification_reason: 'all resolved' },
      ),
    );
  }
  expect((await issuesOf(repository)).map(({ state }) => state)).toEqual([
    'open',
  ]);
  const comments = await commentsOf(repository, issue.number);
  expect(comments.map(({ body }) => body)).toEqual([
    expect.stringContaining('**Resolved**'),
  ]);
});

describe('the modes of alerts', () => {
  let repository: RepositoryUnderTest;
  let cluster: Awaited<ReturnType<typeof startServer>>;
  let prometheus: Awaited<ReturnType<typeof startServer>>;

  beforeAll(async () => {
    repository = await runner.repository({ 'README.md': '# infra' });
    cluster = await startServer((url, response) => {
      if (url.pathname.endsWith(`${POD}/log`)) {
        response.end(
          url.searchParams.get('previous')
            ? `Read 3200000 rows into memory\nGITHUB_TOKEN=${SECRET}\nKilled\n`
            : 'Loading the model\n',
        );
        return;
      }
      const found = OBJECTS[url.pathname];
      sendJson(
        response,
        found ? 200 : 403,
        found ?? {
          kind: 'Status',
          apiVersion: 'v1',
          status: 'Failure',
          reason: 'Forbidden',
          message: 'alert-analysis may not get it',
          code: 403,
        },
      );
    });
    prometheus = await startServer((url, response) => {
      const start = Number(url.searchParams.get('start'));
      sendJson(response, 200, {
        status: 'success',
        data: {
          resultType: 'matrix',
          result: [
            {
              metric: { namespace: 'models', pod: POD },
              values: [
                [start, '100000000'],
                [start + 60, '268000000'],
              ],
            },
          ],
        },
      });
    });
  });

  afterAll(() => {
    cluster?.server.close();
    prometheus?.server.close();
  });

  const kubeconfig = () =>
    JSON.stringify({
      apiVersion: 'v1',
      kind: 'Config',
      'current-context': 'c',
      contexts: [{ name: 'c', context: { cluster: 'c', user: 'u' } }],
      clusters: [{ name: 'c', cluster: { server: cluster.url } }],
      users: [{ name: 'u', user: {} }],
    });

  const act = async (
    event: unknown,
    inputs: Record<string, string>,
    searchPath: string = process.env.PATH ?? '',
  ): Promise<{ code: number; lines: string[] }> => {
    const lines: string[] = [];
    const file = path.join(folder, 'event.json');
    writeFileSync(
      file,
      typeof event === 'string' ? event : JSON.stringify(event),
    );
    const given = { 'github-token': TOKEN, report: 'triage.json', ...inputs };
    const code = await run({
      env: {
        PATH: searchPath,
        HOME: folder,
        GITHUB_WORKSPACE: folder,
        GITHUB_API_URL: `${runner.url}/api/v3`,
        GITHUB_SERVER_URL: runner.url,
        GITHUB_EVENT_PATH: file,
        GITHUB_REPOSITORY: `acme/${repository.name}`,
        RUNNER_TEMP: folder,
        ...Object.fromEntries(
          Object.entries(given).map(([name, value]) => [
            `INPUT_${name.toUpperCase()}`,
            value,
          ]),
        ),
      },
      write: line => lines.push(line),
    });
    return { code, lines };
  };

  const eventOf = (message: unknown) => ({
    client_payload: { alert: message },
  });
  const report = (): TriageReport =>
    JSON.parse(readFileSync(path.join(folder, 'triage.json'), 'utf8'));

  describeWithKubectl('with kubectl', () => {
    it('reads exactly what the alert names, with kubectl, and explains it with its proof', async () => {
      const event = eventOf(createMessage([createAlert()]));
      const inputs = {
        mode: 'alert',
        kubeconfig: kubeconfig(),
        'prometheus-url': prometheus.url,
      };
      expect(await act(event, inputs)).toMatchObject({ code: 0 });
      const made = report();
      expect(made).toMatchObject({
        failure: { type: 'out-of-memory' },
        incident: {
          kind: 'alert',
          repository: `acme/${repository.name}`,
          alert: { name: 'ModelOutOfMemory', pod: POD },
        },
        rootCause: { outcome: 'identified' },
      });
      expect(made.metrics?.length).toBeGreaterThan(1);
      const messages = made.errors.map(({ message }) => message).join('\n');
      expect(messages).toContain('alert-analysis may not get it');
      expect(JSON.stringify(made)).not.toContain(SECRET);
      expect(JSON.stringify(made)).not.toContain(cluster.url);
      // kubectl itself asks for the version.
      const paths = cluster.asked
        .map(each => each.split('?')[0])
        .filter(each => each !== 'GET /version');
      for (const each of new Set(paths)) {
        expect(each).toMatch(
          /^GET \/(api|apis\/apps|apis\/serving\.kserve\.io)\/v1(beta1)?\/namespaces\/models\/(pods\/churn-predictor-7c9f8d6b5-x2x9z(\/log)?|events|replicasets\/churn-predictor-7c9|inferenceservices\/churn)$/,
        );
      }
      expect(paths.filter(each => each.endsWith('/log'))).toHaveLength(2);
      // The kubeconfig and what kubectl keeps were files for that time only.
      expect(readdirSync(folder).filter(name => /^\.?kube/.test(name))).toEqual(
        [],
      );

      expect(await act(event, { mode: 'post-alert' })).toMatchObject({
        code: 0,
        lines: [expect.stringContaining('Issue opened or updated: http')],
      });
      const [issue] = await issuesOf(repository);
      expect(issue.body).toContain('OOMKilled');
      expect(issue.labels.map(({ name }) => name)).toContain('triage');

      const repeated = eventOf(
        createMessage([createAlert()], {
          notification_reason: 'repeat interval elapsed',
        }),
      );
      const before = cluster.asked.length;
      for (const mode of ['alert', 'post-alert']) {
        expect(await act(repeated, { ...inputs, mode })).toEqual({
          code: 0,
          lines: [expect.stringContaining('Nothing to')],
        });
      }
      expect(cluster.asked).toHaveLength(before);

      // What cannot be reached is said, and the rest is explained.
      cluster.server.closeAllConnections();
      const gone = kubeconfig().replace(cluster.url, 'http://127.0.0.1:9');
      expect(
        await act(event, {
          ...inputs,
          kubeconfig: gone,
          'prometheus-url': 'http://127.0.0.1:9',
        }),
      ).toMatchObject({ code: 0 });
      expect(report().errors.map(({ message }) => message)).toEqual(
        expect.arrayContaining([
          expect.stringContaining('The cluster does not answer'),
          expect.stringContaining(
            "Prometheus 'PROMETHEUS_URL' does not answer",
          ),
        ]),
      );
    });

    it('asks nothing for names that are none', async () => {
      const before = cluster.asked.length;
      const wrong: Record<string, string>[] = [
        { namespace: '../../kube-system' },
        { namespace: 'models/secrets?x=', pod: POD },
        { namespace: '--raw', pod: '$(id)' },
        { namespace: '' },
      ];
      for (const labels of wrong) {
        const event = eventOf(createMessage([createAlert(labels)]));
        const { code } = await act(event, {
          mode: 'alert',
          kubeconfig: kubeconfig(),
        });
        expect(code).toBe(0);
      }
      expect(cluster.asked).toHaveLength(before);
    });
  });

  it('takes no other form, no other alert and no other place, and says which', async () => {
    const good = createMessage([createAlert()]);
    const right = eventOf(good);
    for (const [event, inputs, says] of [
      ['{', {}, /not JSON/],
      [eventOf('{'), {}, /not JSON/],
      [{}, {}, /client_payload\.alert/],
      [eventOf({ ...good, alerts: [] }), {}, /client_payload\.alert: alerts/],
      [eventOf({ ...good, version: '1' }), {}, /alert: version/],
      [
        eventOf(createMessage([{ ...createAlert(), startsAt: 'now' }])),
        {},
        /alert: alerts\.0\.startsAt/,
      ],
      [`"${'x'.repeat(1024 * 1024)}"`, {}, /larger than/],
      [right, { 'prometheus-url': 'file:///etc/passwd' }, /prometheus-url/],
      [right, { alert: '../event.json' }, /alert must be a file/],
    ] as const) {
      expect(await act(event, { mode: 'alert', ...inputs })).toEqual({
        code: 1,
        lines: [expect.stringMatching(says)],
      });
    }
    const many = Array.from({ length: 70 }, (_, index) =>
      createAlert({ pod: `p-${index}` }, { fingerprint: `${index}` }),
    );
    expect(
      await act(eventOf(createMessage(many)), { mode: 'alert' }),
    ).toMatchObject({ code: 0 });
    expect(
      await act(eventOf(createMessage(many)), { mode: 'post-alert' }),
    ).toMatchObject({ code: 0 });
    const bodies = (await issuesOf(repository)).map(({ body }) => body);
    expect(bodies.join()).toContain('left 20 more alerts out');

    const without = { mode: 'alert', kubeconfig: kubeconfig() };
    expect(await act(right, without, '/nowhere')).toMatchObject({ code: 0 });
    const made = report();
    expect(JSON.stringify(made.errors)).toContain('This runner has no kubectl');
    const change = (incident: object) => ({
      ...made,
      incident: { ...made.incident, ...incident },
    });
    const { alert } = made.incident;
    for (const [wrong, says] of [
      [change({ kind: 'pipeline' }), /another kind/],
      [change({ repository: 'acme/other' }), /another repository/],
      [change({ alert: undefined }), /another alert/],
      [change({ alert: { ...alert, fingerprint: 'b' } }), /another alert/],
      [
        change({ alert: { ...alert, startsAt: '2026-01-01T00:00:00Z' } }),
        /another start/,
      ],
      [
        { ...made, failure: { ...made.failure, signature: '0'.repeat(64) } },
        /another group/,
      ],
    ] as const) {
      writeFileSync(path.join(folder, 'wrong.json'), JSON.stringify(wrong));
      expect(
        await act(right, { mode: 'post-alert', report: 'wrong.json' }),
      ).toEqual({ code: 1, lines: [expect.stringMatching(says)] });
    }
    const elsewhere = change({
      alert: { ...alert, url: 'https://evil.example/' },
    });
    writeFileSync(path.join(folder, 'url.json'), JSON.stringify(elsewhere));
    expect(
      await act(right, { mode: 'post-alert', report: 'url.json' }),
    ).toMatchObject({ code: 0 });
    expect(JSON.stringify(await issuesOf(repository))).not.toContain(
      'evil.example',
    );
  });
});

// SPDX-License-Identifier: Apache-2.0
import { schedulerServiceFactory } from '@backstage/backend-defaults/scheduler';
import {
  coreServices,
  createServiceFactory,
} from '@backstage/backend-plugin-api';
import { mockCredentials } from '@backstage/backend-test-utils';
import type { Entity } from '@backstage/catalog-model';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import type { JsonObject } from '@backstage/types';
import type { LlmRequest } from '@greenroom/triage-engine';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import {
  ALERT_TOKEN,
  createAlert,
  createMessage,
  resolve,
} from './__testUtils__/alertmanager';
import {
  outOfMemoryObjects,
  startFakeCluster,
  startFakePrometheus,
} from './__testUtils__/fakeCluster';
import { FakeGithub } from './__testUtils__/FakeGithub';
import { startFakeSlack } from './__testUtils__/startFakeSlack';
import {
  createModel,
  modelModule,
  startPortal,
} from './__testUtils__/startPortal';

jest.setTimeout(120_000);

const POD = 'churn-predictor-7c9f8d6b5-x2x9z';

describe('alerts', () => {
  let github: FakeGithub;
  let slack: Awaited<ReturnType<typeof startFakeSlack>>;
  let cluster: Awaited<ReturnType<typeof startFakeCluster>>;
  let prometheus: Awaited<ReturnType<typeof startFakePrometheus>>;
  let folder: string;
  let portal: Awaited<ReturnType<typeof startPortal>> | undefined;

  const churn = (annotations: Record<string, string>): Entity => {
    const entity = createModel('churn', 'acme/churn', github.host);
    return {
      ...entity,
      metadata: {
        ...entity.metadata,
        annotations: { ...entity.metadata.annotations, ...annotations },
      },
    };
  };
  const served = () =>
    churn({ 'serving.kserve.io/inferenceservice': 'prod:models/churn' });

  const start = async (
    options: Partial<Parameters<typeof startPortal>[0]> & {
      alerts?: JsonObject;
    } = {},
  ) => {
    const { alerts, triage, ...rest } = options;
    portal = await startPortal({
      github,
      entities: [served()],
      config: { kubernetes: cluster.config },
      ...rest,
      triage: {
        slack: { token: 'xoxb-test', baseUrl: slack.url, channel: 'C0TRIAGE' },
        ...triage,
        alerts: {
          tokenFile: path.join(folder, 'token'),
          prometheus: [{ name: 'main', url: prometheus.url, cluster: 'prod' }],
          ...alerts,
        },
      },
    });
    return portal;
  };

  const post = async (body: unknown) => {
    const response = await fetch(`${portal?.base}/triage/alerts`, {
      method: 'POST',
      headers: { authorization: `Bearer ${ALERT_TOKEN}` },
      body: JSON.stringify(body),
    });
    expect([response.status, await response.text()]).toEqual([
      202,
      expect.any(String),
    ]);
  };

  const settle = async (count: number) =>
    (await start.portal()).waitFor(
      items =>
        items.length === count &&
        items.every(({ progress }) => progress.stage === 'done'),
    );
  start.portal = async () => {
    if (!portal) {
      throw new Error('There is no portal');
    }
    return portal;
  };

  beforeEach(async () => {
    github = new FakeGithub();
    await github.start();
    slack = await startFakeSlack();
    cluster = await startFakeCluster(
      outOfMemoryObjects('component:default/churn'),
    );
    prometheus = await startFakePrometheus();
    cluster.control.logs = {
      [`${POD}/kserve-container`]: 'Loading the model\n',
      [`${POD}/kserve-container/previous`]: [
        'Loading the model from /mnt/models',
        'Read 3200000 rows into memory',
        'Killed',
      ].join('\n'),
    };
    folder = await mkdtemp(path.join(os.tmpdir(), 'triage-alerts-'));
    await writeFile(path.join(folder, 'token'), ALERT_TOKEN);
  });

  afterEach(async () => {
    await portal?.stop();
    portal = undefined;
    await Promise.all([
      github.stop(),
      slack.stop(),
      cluster.stop(),
      prometheus.stop(),
      rm(folder, { recursive: true, force: true }),
    ]);
  });

  it('goes from a webhook to a report with its proof, one issue and one message for the group, and closes them when it is over', async () => {
    const { audited, call, get, list, notified } = await start();
    const alert = createAlert();
    await post(createMessage([alert]));
    const [incident] = await settle(1);
    expect(incident).toMatchObject({
      kind: 'alert',
      entityRef: 'component:default/churn',
      repository: 'acme/churn',
      type: 'out-of-memory',
      outcome: 'identified',
      alert: { status: 'firing', namespace: 'models', pod: POD },
    });
    const { report, logs, effects } = await get(incident.id);
    expect(report?.incident).toMatchObject({
      kind: 'alert',
      alert: { name: 'KserveContainerOomKilled', namespace: 'models' },
    });
    expect(report?.errors).toEqual([]);
    expect(report?.metrics?.length).toBeGreaterThanOrEqual(3);
    for (const { series } of report?.metrics ?? []) {
      for (const { labels, points } of series) {
        expect(labels.namespace).toBe('models');
        expect(points.length).toBeLessThanOrEqual(240);
      }
    }
    expect(JSON.stringify(report?.timeline)).toMatch(/churn/);
    expect(logs.map(({ job }) => job)).toEqual(
      expect.arrayContaining([
        `${POD}_kserve-container.previous.txt`,
        'objects',
      ]),
    );
    const { body: log } = await call(
      `incidents/${incident.id}/log?job=${encodeURIComponent(`${POD}_kserve-container.previous.txt`)}`,
    );
    expect(JSON.stringify(log)).toContain('Read 3200000 rows into memory');
    // What in a job's log would be a colour is PromQL's range here.
    const { body: measured } = await call(
      `incidents/${incident.id}/log?job=metrics`,
    );
    expect(JSON.stringify(measured)).toContain('[5m]');
    expect(
      JSON.stringify([
        report,
        log,
        await call(`incidents/${incident.id}/log?job=objects`),
      ]),
    ).not.toContain('hunter2-in-the-open');
    const asked = cluster.requests.map(
      ({ path: at, query }) => `${at}?${query}`,
    );
    expect(asked.filter(each => each.includes('/secrets'))).toEqual([]);

    expect(effects.map(({ kind, status }) => [kind, status]).sort()).toEqual([
      ['issue', 'done'],
      ['slack', 'done'],
    ]);
    expect(github.issues).toHaveLength(1);
    expect(github.issues[0]).toMatchObject({
      state: 'open',
      repository: 'acme/churn',
      labels: expect.arrayContaining(['triage']),
    });
    expect(github.issues[0].body).toContain('1 of 1 alerts fire');
    expect(slack.messages).toHaveLength(1);
    expect(notified).toEqual([
      expect.objectContaining({
        recipients: { type: 'entity', entityRef: 'group:default/churn-team' },
      }),
    ]);

    // Another alert of the group and a repetition renew what is there.
    const second = createAlert({ alertname: 'KservePodNotReady' });
    await post(createMessage([alert, second]));
    await post(createMessage([alert, second]));
    await settle(2);
    expect(github.issues).toHaveLength(1);
    expect(github.issues[0].body).toContain('2 of 2 alerts fire');
    expect(github.issues[0].body).toContain('KservePodNotReady');
    expect(new Set(slack.updates.map(({ ts }) => ts)).size).toBe(1);

    await post(createMessage([resolve(alert), second]));
    await until(() => github.issues[0].body.includes('1 of 2 alerts fire'));
    expect(github.issues[0].state).toBe('open');
    await post(createMessage([resolve(alert), resolve(second)]));
    await post(createMessage([resolve(alert), resolve(second)]));
    await until(() => github.issues[0].state === 'closed');
    const { items } = await list('?kind=alert&state=recovered');
    expect(items).toHaveLength(2);
    await until(() =>
      slack.updates.some(({ text }) => text.includes('Resolved')),
    );
    expect(github.issueComments.map(({ body }) => body)).toEqual([
      expect.stringContaining('**Resolved**'),
    ]);
    expect(audited).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ kind: 'issue', action: 'report' }),
        expect.objectContaining({
          kind: 'issue',
          action: 'recovered',
          end: 'success',
        }),
      ]),
    );

    // It fires again: the same issue, another incident.
    await post(createMessage([{ ...alert, startsAt: '2026-11-29T13:00:00Z' }]));
    await settle(3);
    expect(github.issues).toHaveLength(1);
    expect(github.issues[0].state).toBe('open');
  });

  it('takes answers and states of people, and shows alerts in lists, inbox, statistics and actions', async () => {
    const { call, registry } = await start();
    await post(createMessage([createAlert()]));
    const [{ id }] = await settle(1);
    const { body: details } = await call(`incidents/${id}/state`, {
      state: 'acknowledged',
      assignee: 'jane',
    });
    expect(details.incident).toMatchObject({ state: 'acknowledged' });
    await call(`incidents/${id}/feedback`, { useful: true });
    expect((await call('inbox?kind=alert')).body.items).toHaveLength(1);
    expect((await call('inbox?kind=pipeline')).body.items).toEqual([]);
    expect((await call('inbox?kind=x')).status).toBe(400);
    const { body } = await call(
      'incidents?entityRef=component:default/churn&kind=alert',
    );
    expect(body.items.map((item: { id: string }) => item.id)).toEqual([id]);
    expect((await call('statistics')).body.all).toMatchObject({
      incidents: 1,
      useful: 1,
    });
    const invoke = (name: string, input: JsonObject) =>
      registry.invoke({
        id: `test:${name}`,
        input,
        credentials: mockCredentials.user(),
      });
    const listed = await invoke('list-incidents', { kind: 'alert' });
    expect(JSON.stringify(listed)).toContain('KserveContainerOomKilled');
    const got = await invoke('get-incident', { id });
    expect(JSON.stringify(got)).toContain('churn');
  });

  it('makes its report without what does not answer, and says so', async () => {
    cluster.control.status = 403;
    prometheus.control.isBroken = true;
    const { get } = await start();
    await post(createMessage([createAlert()]));
    const [incident] = await settle(1);
    const { report } = await get(incident.id);
    const errors = JSON.stringify(report?.errors);
    expect(errors).toContain('403');
    expect(errors).toContain("Prometheus 'main'");
    expect(errors).not.toContain('token-of-the-cluster');
    expect(errors).not.toContain(prometheus.url);
    expect(github.issues).toHaveLength(1);
  });

  it('shows an alert to who may see its entity, and one of no entity to who may see such', async () => {
    const without = createServiceFactory({
      service: coreServices.permissions,
      deps: {},
      factory: () => ({
        authorize: async requests =>
          requests.map(({ permission }) => ({
            result:
              permission.name === 'triage.unowned.read'
                ? AuthorizeResult.DENY
                : AuthorizeResult.ALLOW,
          })),
        authorizeConditional: async requests =>
          requests.map(() => ({ result: AuthorizeResult.ALLOW })),
      }),
    });
    const hidden: Entity = {
      ...createModel('hidden', 'acme/hidden', github.host),
    };
    hidden.metadata.annotations = {
      ...hidden.metadata.annotations,
      'serving.kserve.io/inferenceservice': 'models/hidden',
    };
    const { call, list } = await start({
      entities: [served(), hidden],
      hiddenFromUsers: ['component:default/hidden'],
      features: [without],
    });
    await post(
      createMessage([
        createAlert(),
        createAlert({ pod: 'hidden-predictor-1' }),
        createAlert({ namespace: 'elsewhere', pod: 'nobody-knows' }),
      ]),
    );
    await until(() => github.issues.length === 2);
    const { items } = await list();
    expect(items.map(({ entityRef }) => entityRef)).toEqual([
      'component:default/churn',
    ]);
    const issue = github.issues.find(each => each.repository === 'acme/hidden');
    // Each repository has an issue of its own, which names no alert of the other.
    expect(issue?.body).not.toContain(POD);
    const [id] = /(?<=incidents\/)[0-9a-f-]+/.exec(`${issue?.body}`) ?? [];
    expect((await call(`incidents/${id}`)).status).toBe(404);
    expect((await call(`incidents/${id}/log?job=objects`)).status).toBe(404);
  });

  it('believes the mark in the cluster, not the annotation of whoever wants to see it', async () => {
    cluster.control.objects = outOfMemoryObjects('component:default/real');
    const thief = { ...served() };
    thief.metadata = { ...thief.metadata, name: 'thief' };
    const real = createModel('real', 'acme/real', github.host);
    const { get } = await start({ entities: [thief, real] });
    await post(createMessage([createAlert()]));
    const [incident] = await settle(1);
    expect(incident.entityRef).toBe('component:default/real');
    expect(github.issues.map(({ repository }) => repository)).toEqual([
      'acme/real',
    ]);
    expect((await get(incident.id)).report?.failure.type).toBe('out-of-memory');
  });

  it('finds the entity that comes into the catalog after its alert', async () => {
    cluster.control.objects = [];
    const entities: Entity[] = [];
    const started = await start({
      entities,
      features: [schedulerServiceFactory],
    });
    await post(createMessage([createAlert()]));
    const [incident] = await settle(1);
    expect(incident.entityRef).toBeUndefined();
    expect(github.issues).toEqual([]);
    entities.push(served());
    const [adopted] = await started.waitFor(
      ([item]) =>
        item.entityRef !== undefined && item.progress.stage === 'done',
    );
    expect(adopted).toMatchObject({
      id: incident.id,
      entityRef: 'component:default/churn',
      repository: 'acme/churn',
    });
    expect(github.issues).toHaveLength(1);
    const { activity } = await started.get(incident.id);
    expect(activity.map(({ action }) => action)).toEqual([
      'received',
      'reported',
      'reported-with-owner',
    ]);
  });

  it('reports what it has while the cluster is away, and all of it once that answers', async () => {
    cluster.control.status = 503;
    const started = await start();
    const { get } = started;
    await post(createMessage([createAlert()]));
    const [early] = await settle(1);
    const before = await get(early.id);
    expect(before.report?.rootCause.outcome).not.toBe('identified');
    expect(before.report?.errors).toContainEqual(
      expect.objectContaining({
        code: 'unreadable',
        message: expect.stringContaining('503'),
      }),
    );
    cluster.control.status = 200;
    const [late] = await started.waitFor(
      ([{ outcome, progress }]) =>
        outcome === 'identified' && progress.stage === 'done',
    );
    expect(late.id).toBe(early.id);
    expect((await get(late.id)).report?.failure.type).toBe('out-of-memory');
    expect(github.issues).toHaveLength(1);
    expect(github.issues[0].body).toContain('256 MiB');
    const { activity } = await get(late.id);
    expect(activity.map(({ action }) => action)).toEqual([
      'received',
      'reported',
      'reported-with-evidence',
    ]);
  });

  it('asks the model where there is one, and keeps to its rules where that answers nonsense', async () => {
    const asked: LlmRequest[] = [];
    const { get } = await start({
      features: [
        modelModule({
          name: 'Test model',
          generate: async request => {
            asked.push(request);
            return { value: 'no JSON of the schema', model: 'test-1' };
          },
        }),
      ],
    });
    await post(createMessage([createAlert()]));
    const [incident] = await settle(1);
    expect(asked.length).toBeGreaterThanOrEqual(1);
    expect(asked[0].user).not.toContain('hunter2-in-the-open');
    const { report } = await get(incident.id);
    expect(report?.ai.status).toBe('failed');
    expect(report?.rootCause.outcome).toBe('identified');
  });

  it('lets nothing of an alert act or leak: issue, message and page', async () => {
    const token = `ghp_${'Q9w8E7r6T5y4U3i2'.repeat(2)}o1P0`;
    const hostile = `@acme/everyone <!channel> Fixes #1 ![x](https://evil.example/p.png) <!-- greenroom-triage:v1 signature=deadbeef --> | </details> \`${token}\``;
    const { audited, get } = await start();
    await post(
      createMessage([
        createAlert(
          { alertname: hostile },
          {
            annotations: { summary: hostile, runbook_url: `${'javascript'}:x` },
          },
        ),
      ]),
    );
    const [incident] = await settle(1);
    const details = await get(incident.id);
    const [issue] = github.issues;
    const everything = JSON.stringify([
      details,
      issue,
      slack.messages,
      audited,
    ]);
    expect(everything).not.toContain(token);
    // What Slack shows as it stands, a heading, mentions nobody.
    expect(
      JSON.stringify(slack.messages).replace(/\\"header[^}]*/g, ''),
    ).not.toContain('<!channel>');
    expect(issue.body.split('<!--')).toHaveLength(2);
    expect(issue.title).not.toContain('@acme');
    const prose = issue.body
      .split(/^(?:`{3,}|~{3,}).*$/m)
      .filter((_, index) => index % 2 === 0)
      .join('\n')
      .replace(/(`+)[^`][^\n]*?\1/g, '');
    expect(prose).not.toMatch(/@acme|#1\b|evil\.example/);
  });
});

async function until(isDone: () => boolean): Promise<void> {
  for (let round = 0; !isDone(); round++) {
    if (round > 400) {
      throw new Error('It did not come to pass');
    }
    await new Promise(done => setTimeout(done, 50));
  }
}

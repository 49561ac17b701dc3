// SPDX-License-Identifier: Apache-2.0
import {
  coreServices,
  createBackendModule,
  type DatabaseService,
} from '@backstage/backend-plugin-api';
import { TestDatabases } from '@backstage/backend-test-utils';
import type { JsonObject } from '@backstage/types';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import {
  ALERT_TOKEN,
  createAlert,
  createMessage,
  resolve,
} from './__testUtils__/alertmanager';
import { FakeGithub } from './__testUtils__/FakeGithub';
import { startPortal } from './__testUtils__/startPortal';

jest.setTimeout(120_000);

/** PostgreSQL where the environment names one (BACKSTAGE_TEST_DATABASE_POSTGRES…), and SQLite. */
const databases = TestDatabases.create({
  ids: ['POSTGRES_18', 'POSTGRES_15', 'SQLITE_3'],
  disableDocker: true,
});

describe.each(databases.eachSupportedId())('intake of alerts on %s', id => {
  let github: FakeGithub;
  let folder: string;
  let tokenFile: string;
  let database: JsonObject;
  let held: DatabaseService | undefined;
  const portals: Array<Awaited<ReturnType<typeof startPortal>>> = [];

  const holdDatabase = createBackendModule({
    pluginId: 'triage',
    moduleId: 'test-database',
    register(reg) {
      reg.registerInit({
        deps: { service: coreServices.database },
        async init({ service }) {
          held = service;
        },
      });
    },
  });

  /** A portal that takes alerts and works nothing off. */
  const start = async (alerts: JsonObject = {}) => {
    const portal = await startPortal({
      github,
      database,
      features: [holdDatabase],
      triage: { alerts: { tokenFile, ...alerts }, queue: { workers: 0 } },
    });
    portals.push(portal);
    return portal;
  };

  const post = async (
    portal: { base: string },
    body: unknown,
    headers: Record<string, string> = {},
  ) => {
    const response = await fetch(`${portal.base}/triage/alerts`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: `Bearer ${ALERT_TOKEN}`,
        ...headers,
      },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
    const text = await response.text();
    return {
      status: response.status,
      headers: response.headers,
      body: JSON.parse(text || '{}'),
      message: String(JSON.parse(text || '{}').error?.message),
    };
  };

  beforeEach(async () => {
    github = new FakeGithub();
    await github.start();
    folder = await mkdtemp(path.join(os.tmpdir(), 'triage-alerts-'));
    tokenFile = path.join(folder, 'token');
    await writeFile(tokenFile, `${ALERT_TOKEN}\n`, { mode: 0o600 });
    if (id === 'SQLITE_3') {
      database = {
        client: 'better-sqlite3',
        connection: { directory: folder },
      };
    } else {
      const { connection } = (await databases.init(id)).client.config;
      database = {
        client: 'pg',
        connection: { ...connection },
        pluginDivisionMode: 'schema',
      };
    }
  });

  afterEach(async () => {
    await Promise.all(portals.splice(0).map(portal => portal.stop()));
    await github.stop();
    await rm(folder, { recursive: true, force: true });
  });

  it('takes what the token opens, and names what is wrong with the rest', async () => {
    const portal = await start({ bodyLimit: 4_096 });
    const good = createMessage([createAlert()]);
    for (const authorization of [
      '',
      'Bearer',
      `Bearer ${ALERT_TOKEN}x`,
      `Bearer ${ALERT_TOKEN.slice(1)}`,
      `Basic ${Buffer.from(`a:${ALERT_TOKEN}`).toString('base64')}`,
      'Bearer mock-user-token',
    ]) {
      const answer = await post(portal, good, { authorization });
      expect([answer.status, answer.message]).toEqual([
        401,
        expect.stringContaining('triage.alerts.tokenFile'),
      ]);
      expect(answer.headers.get('www-authenticate')).toBe('Bearer');
    }
    expect(
      await post(portal, createMessage(Array(20).fill(createAlert()))),
    ).toMatchObject({ status: 413, message: expect.stringContaining('4096') });
    const malformed: Array<[unknown, number, string]> = [
      ['{', 400, "'body' must be JSON"],
      [[], 422, "'body'"],
      [{}, 422, '\'version\' must be "4"'],
      [{ ...good, version: '1' }, 422, 'Grafana'],
      [{ ...good, groupKey: 7 }, 422, "'groupKey'"],
      [{ ...good, alerts: [] }, 422, "'alerts'"],
      [
        createMessage([createAlert({}, { startsAt: 'yesterday' })]),
        422,
        "'alerts.0.startsAt'",
      ],
      [
        createMessage([createAlert({}, { startsAt: '0001-01-01T00:00:00Z' })]),
        422,
        "'alerts.0.startsAt'",
      ],
      [
        createMessage([createAlert({}, { fingerprint: '../x' })]),
        422,
        "'alerts.0.fingerprint'",
      ],
      [
        { ...good, alerts: [{ ...createAlert(), labels: { a: 1 } }] },
        422,
        "'alerts.0.labels.a'",
      ],
    ];
    for (const [body, status, words] of malformed) {
      expect(await post(portal, body)).toMatchObject({
        status,
        message: expect.stringContaining(words),
      });
    }
    expect((await portal.list()).items).toEqual([]);

    expect(await post(portal, good)).toMatchObject({
      status: 202,
      body: { created: 1, changed: 0 },
    });
    const [incident] = (await portal.list('?kind=alert')).items;
    expect(incident).toMatchObject({
      kind: 'alert',
      state: 'new',
      title: 'KserveContainerOomKilled on models/churn-predictor',
      failedAt: '2026-11-29T09:00:00.123Z',
      alert: {
        name: 'KserveContainerOomKilled',
        severity: 'critical',
        status: 'firing',
        namespace: 'models',
        expression:
          'kube_pod_container_status_last_terminated_reason{reason="OOMKilled"} > 0',
      },
    });
    expect((await portal.list('?kind=pipeline')).items).toEqual([]);
    // The route is open for Alertmanager only, and for nothing else.
    for (const path_ of ['alerts/x', 'incidents']) {
      const answer = await fetch(`${portal.base}/triage/${path_}`, {
        headers: { authorization: `Bearer ${ALERT_TOKEN}` },
      });
      expect([401, 404]).toContain(answer.status);
    }
  });

  it('says why it takes none: no token, an unreadable one, a short one, too many at once', async () => {
    const good = createMessage([createAlert()]);
    await writeFile(tokenFile, 'short');
    const short = await start();
    expect((await post(short, good)).status).toBe(503);
    const missing = await start({ tokenFile: path.join(folder, 'none') });
    expect((await post(missing, good)).status).toBe(503);
    await writeFile(tokenFile, ALERT_TOKEN);
    const narrow = await start({ requestsPerMinute: 1 });
    const answers = await Promise.all([
      post(narrow, good),
      post(narrow, good),
      post(narrow, good),
    ]);
    const refused = answers.filter(({ status }) => status === 503);
    expect(refused.length).toBeGreaterThanOrEqual(1);
    expect(refused[0].headers.get('retry-after')).toBe('5');
    await portals[0].stop();
    portals.shift();
    const none = await startPortal({ github });
    portals.push(none);
    expect(await post(none, good)).toMatchObject({
      status: 404,
      message: expect.stringContaining('triage.alerts.tokenFile'),
    });
  });

  it('makes one incident of an alert, whoever tells of it, how often and in which order', async () => {
    const [first, second] = [await start(), await start()];
    const alerts = Array.from({ length: 150 }, (_, index) =>
      createAlert({ pod: `churn-predictor-${index}` }),
    );
    const messages = [
      createMessage(alerts),
      createMessage([...alerts].reverse(), { truncatedAlerts: 3 }),
      createMessage(alerts.slice(40, 60)),
      createMessage([...alerts.slice(0, 10), ...alerts.slice(0, 10)]),
    ];
    const answers = await Promise.all(
      Array.from({ length: 3 }, () =>
        messages.flatMap(message => [
          post(first, message),
          post(second, message),
        ]),
      ).flat(),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(
      new Set([202]),
    );
    expect(answers.reduce((sum, { body }) => sum + body.created, 0)).toBe(150);
    const knex = await held?.getClient();
    const count = async (table: string, where: object = {}) =>
      Number((await knex?.(table).where(where).count({ n: '*' }))?.[0].n);
    expect(await count('incidents')).toBe(150);
    expect(await count('alerts')).toBe(150);
    expect(await count('jobs', { kind: 'analyze' })).toBe(150);

    // Resolved by both, several times, and an echo of the beginning after it.
    const over = createMessage(alerts.slice(0, 5).map(each => resolve(each)));
    await Promise.all([
      post(first, over),
      post(second, over),
      post(first, over),
      post(second, messages[3]),
    ]);
    await post(second, messages[3]);
    expect(await count('incidents', { state: 'recovered' })).toBe(5);
    expect(await count('jobs', { kind: 'post' })).toBe(5);
    expect(await count('activity', { action: 'recovered' })).toBe(5);

    // The same alert from another start is another incident.
    const again = alerts
      .slice(0, 5)
      .map(each => ({ ...each, startsAt: '2026-11-29T12:00:00Z' }));
    await post(first, createMessage(again));
    expect(await count('incidents')).toBe(155);
  });

  it('keeps an alert whose end it hears first, and takes one back that returns', async () => {
    const portal = await start();
    const alert = createAlert();
    expect(await post(portal, createMessage([resolve(alert)]))).toMatchObject({
      status: 202,
    });
    await post(portal, createMessage([alert]));
    const [incident] = (await portal.list()).items;
    expect(incident).toMatchObject({
      state: 'recovered',
      progress: { stage: 'done' },
      recoveredAt: '2026-11-29T09:20:00.000Z',
      alert: { status: 'resolved', endsAt: '2026-11-29T09:20:00.000Z' },
    });

    // Prometheus was silent for longer than the alert counts, and tells of it again.
    const knex = await held?.getClient();
    await knex?.('alerts').update({ status_since: Date.now() - 10 * 60_000 });
    await post(portal, createMessage([alert]));
    expect((await portal.list()).items).toEqual([
      expect.objectContaining({
        id: incident.id,
        state: 'new',
        alert: expect.objectContaining({ status: 'firing' }),
      }),
    ]);
  });

  it('keeps nothing secret, nothing unbounded, and nothing that a database refuses', async () => {
    const portal = await start();
    const token = `ghp_${'Q9w8E7r6T5y4U3i2'.repeat(2)}o1P0`;
    const alert = createAlert(
      {
        alertname: `Leak ${token}\n# heading\0`,
        severity: 'x'.repeat(9_000),
        pod: '../../secrets',
        cluster: '<script>',
        long: 'y'.repeat(100_000),
        ...Object.fromEntries(
          Array.from({ length: 500 }, (_, index) => [`label${index}`, 'z']),
        ),
      },
      {
        annotations: {
          description: `password=${token}\0\ud800`,
          [`__proto__`]: 'x',
        },
        generatorURL: `https://user:${token}@prometheus/graph?g0.expr=up%7Bkey%3D%22${token}%22%7D`,
      },
    );
    expect(
      await post(
        portal,
        createMessage([
          alert,
          createAlert(
            { alertname: '' },
            { generatorURL: `${'javascript'}:alert(1)` },
          ),
        ]),
      ),
    ).toMatchObject({ status: 202, body: { created: 2 } });
    const { items } = await portal.list();
    expect(items).toHaveLength(2);
    const knex = await held?.getClient();
    const kept = JSON.stringify([
      items,
      await knex?.('alerts').select(),
      await knex?.('incidents').select(),
    ]);
    expect(kept).not.toContain(token);
    expect(kept.length).toBeLessThan(60_000);
    expect(kept).not.toContain(`${'javascript'}:`);
    const [leak] = items.filter(({ title }) => title.startsWith('Leak'));
    expect(leak.title).not.toContain('\n');
    expect(leak.alert).toMatchObject({ namespace: 'models' });
    expect(leak.alert?.pod).toBeUndefined();
    expect(leak.alert?.cluster).toBeUndefined();
  });

  it('asks to come again where the database does not take it', async () => {
    const portal = await start();
    const knex = await held?.getClient();
    await knex?.schema.renameTable('activity', 'elsewhere');
    const message = createMessage([createAlert()]);
    expect(await post(portal, message)).toMatchObject({
      status: 503,
      message: expect.stringContaining('send them again'),
    });
    await knex?.schema.renameTable('elsewhere', 'activity');
    expect((await portal.list()).items).toEqual([]);
    expect(await post(portal, message)).toMatchObject({
      status: 202,
      body: { created: 1 },
    });
  });
});

// SPDX-License-Identifier: Apache-2.0
import { resolvePackagePath } from '@backstage/backend-plugin-api';
import { TestDatabases } from '@backstage/backend-test-utils';
import type { JsonObject } from '@backstage/types';
import { findFreePort } from '@greenroom/local-platform/testing';
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import {
  ALERT_TOKEN,
  createAlert,
  createMessage,
  resolve,
} from './__testUtils__/alertmanager';
import { FakeGithub } from './__testUtils__/FakeGithub';
import { createModel } from './__testUtils__/startPortal';

const ALERTS = 1_000;
const PER_GROUP = 10;
const KILLS = 10;
const SENDING_MS = 50_000;
/** Of a machine with nothing else to do, the half of it. */
const LIMIT_MS = 240_000;
const READ_TOKEN = 'token-of-the-test-0123456789';
const ROOT = resolvePackagePath('@greenroom/plugin-triage-backend', '../..');

jest.setTimeout(LIMIT_MS + 60_000);

const sleep = (ms: number) => new Promise(done => setTimeout(done, ms));

/** PostgreSQL where the environment names one (BACKSTAGE_TEST_DATABASE_POSTGRES…), and SQLite. */
const databases = TestDatabases.create({
  ids: ['POSTGRES_18', 'POSTGRES_15', 'SQLITE_3'],
  disableDocker: true,
});

/** A replica as a process, which can be killed. */
class Replica {
  readonly url: string;
  /** As its readiness probe would tell a load balancer. */
  isReady = false;
  readonly #config: string;
  readonly #log: string;
  readonly #portal: string;
  #child?: ChildProcess;

  constructor(options: {
    port: number;
    config: string;
    log: string;
    portal: string;
  }) {
    this.url = `http://127.0.0.1:${options.port}`;
    this.#config = options.config;
    this.#log = options.log;
    this.#portal = options.portal;
  }

  async start(): Promise<void> {
    const log = openSync(this.#log, 'a');
    const child = spawn(process.execPath, [this.#portal, this.#config], {
      env: { ...process.env, NODE_ENV: 'development', NODE_OPTIONS: '' },
      stdio: ['ignore', log, log],
    });
    closeSync(log);
    this.#child = child;
    for (let round = 0; ; round++) {
      const isReady = await this.get('incidents?limit=1').then(
        () => true,
        () => false,
      );
      if (isReady) {
        this.isReady = true;
        return;
      }
      if (child.exitCode !== null || round > 600) {
        throw new Error(
          `The portal does not start: ${readFileSync(this.#log, 'utf8').slice(-2_000)}`,
        );
      }
      await sleep(100);
    }
  }

  async kill(): Promise<void> {
    this.isReady = false;
    const child = this.#child;
    if (child && child.exitCode === null && child.signalCode === null) {
      const exited = once(child, 'exit');
      child.kill('SIGKILL');
      await exited;
    }
  }

  async get(route: string) {
    const response = await fetch(`${this.url}/api/triage/${route}`, {
      headers: { authorization: `Bearer ${READ_TOKEN}` },
      signal: AbortSignal.timeout(10_000),
    });
    if (!response.ok) {
      throw new Error(`${response.status} ${await response.text()}`);
    }
    return response.json();
  }

  /** @returns the status; 0 where nobody answered */
  async send(body: string): Promise<number> {
    try {
      const response = await fetch(`${this.url}/api/triage/alerts`, {
        method: 'POST',
        headers: { authorization: `Bearer ${ALERT_TOKEN}` },
        body,
        signal: AbortSignal.timeout(15_000),
      });
      await response.arrayBuffer();
      return response.status;
    } catch {
      return 0;
    }
  }
}

describe.each(databases.eachSupportedId())('kills on %s', id => {
  let build: string;
  let portal: string;
  let github: FakeGithub;
  let folder: string;
  const replicas: Replica[] = [];

  beforeAll(async () => {
    const cache = path.join(ROOT, 'node_modules', '.cache');
    await mkdir(cache, { recursive: true });
    build = await mkdtemp(path.join(cache, 'alert-portal-'));
    portal = path.join(build, 'portal.cjs');
    await promisify(execFile)(process.execPath, [
      path.join(
        ROOT,
        'packages/backend/src/triage/__testUtils__/bundlePortal.mjs',
      ),
      portal,
    ]);
  });

  afterAll(() => rm(build, { recursive: true, force: true }));

  beforeEach(async () => {
    github = new FakeGithub();
    await github.start();
    folder = await mkdtemp(path.join(os.tmpdir(), 'triage-kills-'));
    await writeFile(path.join(folder, 'token'), ALERT_TOKEN);
  });

  afterEach(async () => {
    await Promise.all(replicas.splice(0).map(replica => replica.kill()));
    await github.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const toDatabase = async (): Promise<JsonObject> => {
    if (id === 'SQLITE_3') {
      return {
        client: 'better-sqlite3',
        connection: { directory: folder },
      };
    }
    const { connection } = (await databases.init(id)).client.config;
    return {
      client: 'pg',
      connection: { ...connection },
      pluginDivisionMode: 'schema',
    };
  };

  it(`loses none of ${ALERTS} alerts of a pair of Alertmanagers and makes none twice, while two replicas are killed ${KILLS} times`, async () => {
    const entity = createModel('churn', 'acme/churn', github.host);
    entity.metadata.annotations = {
      ...entity.metadata.annotations,
      'serving.kserve.io/inferenceservice': 'models/churn',
    };
    const database = await toDatabase();
    for (const name of ['a', 'b']) {
      const port = await findFreePort();
      const baseUrl = `http://127.0.0.1:${port}`;
      const config = path.join(folder, `${name}.json`);
      await writeFile(
        config,
        JSON.stringify({
          app: { baseUrl: 'http://localhost:3000' },
          backend: {
            baseUrl,
            listen: { host: '127.0.0.1', port },
            database,
            auth: {
              externalAccess: [
                {
                  type: 'static',
                  options: { token: READ_TOKEN, subject: 'test' },
                },
              ],
            },
          },
          integrations: { github: [github.integration] },
          test: { entities: [entity] },
          triage: {
            alerts: { tokenFile: path.join(folder, 'token') },
            sweep: { enabled: false },
            queue: {
              lease: { seconds: 3 },
              poll: { milliseconds: 500 },
              backoff: { milliseconds: 200 },
            },
          },
        }),
      );
      const log = path.join(folder, `${name}.log`);
      replicas.push(new Replica({ port, config, log, portal }));
    }
    // One after the other: both would make the tables.
    for (const replica of replicas) {
      await replica.start();
    }

    const began = Date.now();
    let isFailed = false;
    let kills = 0;
    const killing = (async () => {
      while (kills < KILLS && !isFailed) {
        await sleep(200 + Math.random() * 1_000);
        const replica = replicas[kills % 2];
        await replica.kill();
        kills++;
        await replica.start();
      }
    })();

    const latencies: number[] = [];
    const answered: number[] = [];
    let attempts = 0;
    /** As Alertmanager: until it is taken, since 5xx and silence ask for it. */
    const deliver = async (body: string, which: number) => {
      for (let attempt = 0; ; attempt++) {
        attempts++;
        const at = Date.now();
        const replica = replicas[(which + attempt) % 2];
        const wasReady = replica.isReady;
        const status = await replica.send(body);
        if (status === 202) {
          latencies.push(Date.now() - at);
          answered.push(Date.now() - began);
          return;
        }
        // Backstage listens before its plugins do, and says 404 until then: a load
        // balancer asks for readiness, and Alertmanager comes again with the next flush.
        if (status !== 0 && status < 500 && wasReady && replica.isReady) {
          throw new Error(`The portal answers ${status}`);
        }
        await sleep(200);
      }
    };
    const groups = Array.from({ length: ALERTS / PER_GROUP }, (_, group) => ({
      groupKey: `{}:{alertname="Alert${group}"}`,
      alerts: Array.from({ length: PER_GROUP }, (__, index) =>
        createAlert({
          alertname: `Alert${group}`,
          pod: `churn-predictor-${group}-${index}`,
        }),
      ),
    }));
    const sending = groups.map(async ({ groupKey, alerts }, index) => {
      await sleep((index * SENDING_MS) / groups.length);
      const half = createMessage(alerts.slice(0, PER_GROUP / 2), { groupKey });
      const whole = createMessage(alerts, { groupKey });
      // Two Alertmanagers at once, then both once more with the rest of the group.
      for (const message of [half, whole]) {
        const body = JSON.stringify(message);
        await Promise.all([deliver(body, 0), deliver(body, 1)]);
      }
      // The first of each group ends.
      const over = JSON.stringify(
        createMessage([resolve(alerts[0]), ...alerts.slice(1)], { groupKey }),
      );
      await Promise.all([deliver(over, 0), deliver(over, 1)]);
    });
    try {
      await Promise.all(sending);
    } catch (error) {
      isFailed = true;
      await killing;
      throw error;
    }
    const sent = Date.now() - began;
    await killing;
    const killed = Date.now() - began;

    const list = async () => {
      const items = [];
      let cursor: string | undefined;
      do {
        const page = await replicas[0].get(
          `incidents?kind=alert&limit=100${cursor ? `&cursor=${cursor}` : ''}`,
        );
        items.push(...page.items);
        cursor = page.nextCursor;
      } while (cursor);
      return items;
    };
    let items = await list();
    while (
      items.some(({ progress }) => progress.stage !== 'done') &&
      Date.now() - began < LIMIT_MS
    ) {
      await sleep(1_000);
      items = await list();
    }
    const done = items.filter(({ progress }) => progress.stage === 'done');
    const keys = new Set(
      items.map(({ alert }) => `${alert.name} ${alert.pod} ${alert.startsAt}`),
    );
    const titles = new Set(
      github.issues.map(({ body }) => body.split('\n')[0]),
    );
    latencies.sort((a, b) => a - b);
    const figures = {
      kills,
      alerts: ALERTS,
      sentInS: sent / 1_000,
      killedUntilS: killed / 1_000,
      workedOffInS: (Date.now() - began) / 1_000,
      messages: latencies.length,
      attempts,
      latencyP50: latencies[Math.floor(latencies.length * 0.5)],
      latencyP95: latencies[Math.floor(latencies.length * 0.95)],
      incidents: items.length,
      different: keys.size,
      reported: done.length,
      recovered: items.filter(({ state }) => state === 'recovered').length,
      issues: github.issues.length,
      groups: groups.length,
      issuesOfDifferentGroups: titles.size,
    };
    process.stdout.write(`${id}: ${JSON.stringify(figures)}\n`);
    expect(kills).toBe(KILLS);
    expect([items.length, keys.size]).toEqual([ALERTS, ALERTS]);
    expect(figures.recovered).toBe(groups.length);
    expect(done.length).toBe(ALERTS);
    expect([github.issues.length, titles.size]).toEqual([
      groups.length,
      groups.length,
    ]);
  });
});

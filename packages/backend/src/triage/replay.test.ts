// SPDX-License-Identifier: Apache-2.0
import { TestDatabases } from '@backstage/backend-test-utils';
import type { JsonObject } from '@backstage/types';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { FakeGithub } from './__testUtils__/FakeGithub';
import { FAILING_LOG, startPortal } from './__testUtils__/startPortal';

jest.setTimeout(120_000);

/** PostgreSQL where the environment names one (BACKSTAGE_TEST_DATABASE_POSTGRES…), and SQLite. */
const databases = TestDatabases.create({
  ids: ['POSTGRES_18', 'POSTGRES_15', 'SQLITE_3'],
  disableDocker: true,
});

describe.each(databases.eachSupportedId())('two backends on %s', id => {
  let github: FakeGithub;
  let folder: string;
  let database: JsonObject;
  const portals: Array<Awaited<ReturnType<typeof startPortal>>> = [];
  const start = async (triage: JsonObject = {}) => {
    const portal = await startPortal({ github, database, triage });
    portals.push(portal);
    return portal;
  };

  beforeEach(async () => {
    github = new FakeGithub();
    await github.start();
    folder = await mkdtemp(path.join(os.tmpdir(), 'triage-test-'));
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

  it('makes one comment and one issue of a webhook that arrives ten times at each', async () => {
    const [first, second] = [await start(), await start()];
    const run = { id: 601, log: FAILING_LOG };
    // A second run of the same cause, on the same commit: both renew what is there.
    const again = { id: 602, log: FAILING_LOG };
    github.runs.push(run, again);

    const answers = await Promise.all(
      Array.from({ length: 10 }, () => [
        first.send(run),
        second.send(run),
        first.send(again),
        second.send(again),
      ]).flat(),
    );
    expect(new Set(answers)).toEqual(new Set([202]));

    const incidents = await second.waitFor(
      items =>
        items.length >= 2 &&
        items.every(({ progress }) => progress.stage === 'done'),
    );
    expect(incidents.map(({ runId }) => runId).sort()).toEqual(['601', '602']);
    expect(github.comments).toHaveLength(1);
    expect(github.issues).toHaveLength(1);
    expect((await first.list()).groups).toEqual([
      expect.objectContaining({ count: 2, repositories: ['acme/churn'] }),
    ]);
  });

  it('renews in place what an attempt made, when the next attempt fails of the same cause', async () => {
    const portal = await start();
    const attempts = [1, 2].map(attempt => ({
      id: 611,
      attempt,
      log: FAILING_LOG,
    }));
    github.runs.push(...attempts);
    for (const [index, attempt] of attempts.entries()) {
      await portal.send(attempt);
      await portal.waitFor(
        items =>
          items.length === index + 1 &&
          items.every(({ progress }) => progress.stage === 'done'),
      );
    }
    expect(github.comments).toHaveLength(1);
    expect(github.issues).toHaveLength(1);
    expect(github.issues[0].body).toContain('seen 2 times');
  });

  it('goes on where a killed backend stopped, without doing anything twice', async () => {
    const lease = { milliseconds: 600 };
    const run = { id: 621, log: FAILING_LOG };
    github.runs.push(run);
    const first = await start({ queue: { lease } });
    // Comment and issue arrive, their answers never do: as if the process ended here.
    let lost = 0;
    github.after = async (req, res) => {
      if (req.method === 'POST' && lost < 2) {
        lost++;
        res.socket?.destroy();
      }
    };
    await first.send(run);
    const [incident] = await first.waitFor(
      ([item]) => item?.progress.stage === 'done',
    );
    expect(lost).toBe(2);
    expect(github.comments).toHaveLength(1);
    expect(github.issues).toHaveLength(1);
    const { effects } = await first.get(incident.id);
    expect(effects.map(({ status }) => status)).toEqual(['done', 'done']);
  });

  it('hands the work of a backend that went away to another', async () => {
    const run = { id: 631, log: FAILING_LOG };
    github.runs.push(run);
    const first = await start();
    let isHeld = true;
    github.before = async req => {
      while (isHeld && req.path.endsWith('/logs')) {
        await new Promise(resolve => setTimeout(resolve, 50));
      }
    };
    await first.send(run);
    await first.waitFor(([item]) => item?.progress.stage === 'collect');
    const second = await start();
    await portals.splice(0, 1)[0].stop();
    isHeld = false;
    await second.waitFor(([item]) => item?.progress.stage === 'done');
    expect(github.comments).toHaveLength(1);
    expect(github.issues).toHaveLength(1);
  });
});

// SPDX-License-Identifier: Apache-2.0
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { JsonObject } from '@backstage/types';
import {
  findFreePort,
  startForge,
  startMlflow,
  type TestForge,
  type TestMlflow,
} from '@greenroom/local-platform/testing';
import { stringify } from 'yaml';
import { startBackendProcess } from './__testUtils__/startBackendProcess';
import { startFaultProxy, type Fault } from './__testUtils__/startFaultProxy';
import { TEMPLATE_DIR } from './__testUtils__/startPortal';

jest.setTimeout(400_000);

/** Where a task is when its backend is killed: before or after a request was answered. */
interface Hold {
  when: 'before' | 'after';
  line: RegExp;
  /** In the body, where the line does not name the component. */
  body?: string;
  /** Which of the requests, from 1. */
  number?: number;
}

const repository = (name: string) => `/repos/greenroom-demo/${name}`;
const createsRepository = (name: string) => ({
  line: /^POST \/api\/v3\/orgs\/greenroom-demo\/repos$/,
  body: `"${name}"`,
});
const createsExperiment = (name: string) => ({
  line: /experiments\/create$/,
  body: `"${name}"`,
});
const reads = (name: string) =>
  new RegExp(`^GET /(raw|api/v3/repos)/greenroom-demo/${name}/.*catalog-info`);

/** The tasks that are killed at once, each at another place. */
const HOLDS: Record<string, (name: string) => Hold> = {
  'at-settings': name => ({
    when: 'before',
    line: new RegExp(`^PATCH .*${repository(name)}$`),
  }),
  'at-experiment': name => ({ when: 'after', ...createsExperiment(name) }),
  'at-publish': name => ({ when: 'before', ...createsRepository(name) }),
  'at-publish-created': name => ({ when: 'after', ...createsRepository(name) }),
  'at-publish-topics': name => ({
    when: 'before',
    line: new RegExp(`^PUT .*${repository(name)}/topics$`),
  }),
  'at-publish-variable': name => ({
    when: 'after',
    line: new RegExp(`^POST .*${repository(name)}/actions/variables$`),
  }),
  'at-register': name => ({ when: 'before', line: reads(name), number: 1 }),
  'at-await': name => ({ when: 'before', line: reads(name), number: 2 }),
};

let forge: TestForge;
let mlflow: TestMlflow;
let forgeProxy: Awaited<ReturnType<typeof startFaultProxy>>;
let mlflowProxy: Awaited<ReturnType<typeof startFaultProxy>>;
let backend: Awaited<ReturnType<typeof startBackendProcess>> | undefined;
let folder: string;
let start: () => ReturnType<typeof startBackendProcess>;

beforeAll(async () => {
  [forge, mlflow] = await Promise.all([
    startForge({ maxJobs: 0 }),
    startMlflow(),
  ]);
  forgeProxy = await startFaultProxy(forge.url);
  mlflowProxy = await startFaultProxy(mlflow.url);
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'greenroom-recovery-'));
  fs.mkdirSync(path.join(folder, 'work'));
  // A template whose author does not say that it may run twice.
  fs.writeFileSync(
    path.join(folder, 'once.yaml'),
    stringify({
      apiVersion: 'scaffolder.backstage.io/v1beta3',
      kind: 'Template',
      metadata: { name: 'once' },
      spec: {
        type: 'service',
        steps: [{ id: 'wait', action: 'debug:wait', input: { seconds: 60 } }],
      },
    }),
  );
  const port = await findFreePort();
  const baseUrl = `http://localhost:${port}`;
  const root = path.join(TEMPLATE_DIR, '../..');
  const config: JsonObject = {
    app: { baseUrl },
    backend: {
      baseUrl,
      listen: { host: 'localhost', port },
      database: {
        client: 'better-sqlite3',
        connection: { directory: path.join(folder, 'db') },
      },
      workingDirectory: path.join(folder, 'work'),
      reading: { allow: [{ host: forge.host }] },
    },
    integrations: {
      github: [
        {
          host: forge.host,
          apiBaseUrl: `${forgeProxy.url}/api/v3`,
          rawBaseUrl: `${forgeProxy.url}/raw`,
          token: forge.token,
        },
      ],
    },
    mlflow: {
      // As long as a task is held there.
      instances: [
        { name: 'local', baseUrl: mlflowProxy.url, timeout: 300_000 },
      ],
    },
    scaffolder: {
      concurrentTasksLimit: 20,
      taskRecovery: { staleTimeout: { seconds: 4 } },
    },
    catalog: {
      // What it was reading when it was killed, it takes up again after so long.
      processingInterval: { seconds: 10 },
      locations: [
        path.join(root, 'packages/local-platform/catalog/organization.yaml'),
        path.join(root, 'packages/local-platform/catalog/systems.yaml'),
        path.join(TEMPLATE_DIR, 'template.yaml'),
        path.join(folder, 'once.yaml'),
      ].map(target => ({ type: 'file', target })),
    },
  };
  start = async () => {
    const started = await startBackendProcess({ config, folder, baseUrl });
    backend = started;
    await started.until('the templates', async () => {
      const found = await Promise.all(
        ['model-service', 'once'].map(name =>
          started.call(`catalog/entities/by-name/template/default/${name}`),
        ),
      );
      return found.every(({ status }) => status === 200) || undefined;
    });
    return started;
  };
}, 300_000);

afterAll(async () => {
  await backend?.kill();
  await Promise.all([
    forgeProxy?.stop(),
    mlflowProxy?.stop(),
    forge?.stop(),
    mlflow?.stop(),
  ]);
  fs.rmSync(folder, { recursive: true, force: true });
});

const values = (name: string): JsonObject => ({
  name,
  description: 'Tells the three cultivars apart by chemistry.',
  owner: 'group:default/fraud-team',
  data: { dataset: 'wine', target: 'target', task: 'classification' },
  gate: { metric: 'accuracy', threshold: 0.9 },
  repository: { host: forge.host, owner: 'greenroom-demo' },
});

const askForge = async (
  route: string,
  request: { method?: string; body?: unknown } = {},
) => {
  const response = await fetch(`${forge.apiUrl}${route}`, {
    method: request.method ?? (request.body ? 'POST' : 'GET'),
    headers: { authorization: `token ${forge.token}` },
    body: request.body === undefined ? undefined : JSON.stringify(request.body),
  });
  return { status: response.status, body: await response.json() };
};

/** Holds each task at its place, and says when all are there. */
function holdTasks(names: string[]) {
  const held = new Set<string>();
  const counts = new Map<string, number>();
  const findHold = (when: Hold['when'], line: string, body: Buffer) =>
    names.find(name => {
      const hold = HOLDS[name](name);
      if (
        hold.when !== when ||
        !hold.line.test(line) ||
        (hold.body && !body.includes(hold.body))
      ) {
        return false;
      }
      counts.set(name, (counts.get(name) ?? 0) + 1);
      return (counts.get(name) ?? 0) >= (hold.number ?? 1);
    });
  let release = () => {};
  const released = new Promise<boolean>(resolve => {
    release = () => resolve(true);
  });
  const at = (when: Hold['when'], line: string, body: Buffer) => {
    const name = findHold(when, line, body);
    if (name === undefined) {
      return false;
    }
    held.add(name);
    return released;
  };
  const fault: Fault = {
    before: ({ line, body }) => at('before', line, body),
    after: ({ line, body }) => at('after', line, body),
  };
  return {
    fault,
    held,
    release: () => release(),
  };
}

/** What of the tasks' secrets the database holds. */
function readSecrets(): Array<{ id: string; secrets: string | null }> {
  const file = path.join(folder, 'db', 'scaffolder.sqlite');
  const database = new DatabaseSync(file);
  try {
    return database.prepare('SELECT id, secrets FROM tasks').all() as Array<{
      id: string;
      secrets: string | null;
    }>;
  } finally {
    database.close();
  }
}

/** The files of the database, journals included, that hold a text. */
function filesWith(text: string): string[] {
  const db = path.join(folder, 'db');
  return fs.readdirSync(db).filter(name => {
    try {
      return fs.readFileSync(path.join(db, name)).includes(text);
    } catch (error) {
      // A journal, whose transaction has ended.
      if (
        error instanceof Error &&
        'code' in error &&
        error.code === 'ENOENT'
      ) {
        return false;
      }
      throw error;
    }
  });
}

describe('a backend that is killed while tasks run', () => {
  const names = Object.keys(HOLDS);
  const others = ['cancelled', 'signed-out', 'once', 'taken'];
  const ids = new Map<string, string>();
  const ends = new Map<string, { status: string; text: string }>();
  let tokens: string[] = [];

  beforeAll(async () => {
    const first = await start();
    // Those that are to fail wait before they have made a repository.
    HOLDS.cancelled = HOLDS['at-publish'];
    HOLDS['signed-out'] = HOLDS['at-publish'];
    HOLDS.taken = HOLDS['at-publish'];
    const held = [...names, 'cancelled', 'signed-out', 'taken'];
    const tasks = holdTasks(held);
    forgeProxy.set(tasks.fault);
    mlflowProxy.set(tasks.fault);
    // The last one is held where somebody would lose patience.
    for (const batch of [held.slice(1), ['once', ...held.slice(0, 1)]]) {
      for (const name of batch) {
        const { body } = await first.call('scaffolder/v2/tasks', {
          body:
            name === 'once'
              ? { templateRef: 'template:default/once', values: {} }
              : {
                  templateRef: 'template:default/model-service',
                  values: values(name),
                },
        });
        ids.set(name, body.id);
      }
      const missing = () =>
        batch.filter(name => name !== 'once' && !tasks.held.has(name));
      await first
        .until('the tasks', async () => missing().length === 0 || undefined)
        .catch(error => {
          throw new Error(`Not at their place: ${missing()}`, { cause: error });
        });
    }
    await first.call(`scaffolder/v2/tasks/${ids.get('cancelled')}/cancel`, {
      body: {},
    });
    await first.kill();
    tokens = readSecrets().flatMap(({ secrets }) =>
      secrets ? [JSON.parse(secrets).backstageToken] : [],
    );
    forgeProxy.set();
    mlflowProxy.set();
    tasks.release();

    // A file that was being written when the power went.
    const work = path.join(folder, 'work', ids.get('at-publish') ?? '');
    fs.truncateSync(path.join(work, 'README.md'), 10);
    fs.rmSync(path.join(folder, 'work', ids.get('at-publish-variable') ?? ''), {
      recursive: true,
    });
    // Somebody else is faster with the name, and knows what its page is to be.
    await askForge('/orgs/greenroom-demo/repos', {
      body: {
        name: 'taken',
        homepage:
          'http://localhost/catalog/default/component/taken#AAAAAAAAAAAAAAAA',
      },
    });
    const database = new DatabaseSync(
      path.join(folder, 'db', 'scaffolder.sqlite'),
    );
    // What this deletes is not the scaffolder's to overwrite.
    database.exec('PRAGMA secure_delete = ON');
    database
      .prepare('UPDATE tasks SET secrets = NULL WHERE id = ?')
      .run(ids.get('signed-out') ?? '');
    database.close();

    const second = await start();
    for (const [name, id] of ids) {
      const status = await second.until(`the end of ${name}`, async () => {
        const { body } = await second.call(`scaffolder/v2/tasks/${id}`);
        return ['completed', 'failed', 'cancelled'].includes(body.status)
          ? String(body.status)
          : undefined;
      });
      const { body } = await second.call(`scaffolder/v2/tasks/${id}/events`);
      ends.set(name, { status, text: JSON.stringify(body) });
    }
  }, 600_000);

  it.each(names)(
    'goes on %s to the end, with one of each effect',
    async name => {
      expect(ends.get(name)).toMatchObject({ status: 'completed' });
      const repo = await askForge(repository(name));
      expect(repo.body).toMatchObject({
        description: values(name).description,
        homepage: expect.stringMatching(
          new RegExp(`/catalog/default/component/${name}$`),
        ),
        topics: ['machine-learning', 'mlflow', 'kserve', 'scikit-learn'],
        visibility: 'private',
        delete_branch_on_merge: true,
        has_wiki: false,
        has_projects: false,
        default_branch: 'main',
      });
      const commits = await askForge(`${repository(name)}/commits`);
      expect(commits.body).toHaveLength(1);
      const variables = await askForge(`${repository(name)}/actions/variables`);
      expect(variables.body.variables).toMatchObject([
        { name: 'MLFLOW_TRACKING_URI', value: mlflowProxy.url },
      ]);
      const runs = await askForge(`${repository(name)}/actions/runs`);
      expect(runs.body.workflow_runs).toHaveLength(1);
      const experiments = await fetch(
        `${mlflow.url}/api/2.0/mlflow/experiments/search`,
        {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({
            max_results: 10,
            filter: `name = '${name}'`,
            view_type: 'ALL',
          }),
        },
      );
      expect((await experiments.json()).experiments).toHaveLength(1);
      const { body: locations } = await backend!.call('catalog/locations');
      expect(
        locations.filter(({ data }: { data: { target: string } }) =>
          data.target.includes(`/${name}/`),
        ),
      ).toHaveLength(1);
      await backend!.until('the entity', async () => {
        const { status } = await backend!.call(
          `catalog/entities/by-name/component/default/${name}`,
        );
        return status === 200 || undefined;
      });
    },
  );

  it('pushes the same files from wherever the task is taken up', async () => {
    const trees = await Promise.all(
      names.map(async name => {
        const { body } = await askForge(
          `${repository(name)}/git/trees/main?recursive=1`,
        );
        return body.tree
          .filter(({ type }: { type: string }) => type === 'blob')
          .map((file: { path: string }) =>
            file.path.replaceAll(name.replaceAll('-', '_'), 'package'),
          )
          .sort();
      }),
    );
    expect(trees[0].length).toBeGreaterThan(40);
    for (const tree of trees) {
      expect(tree).toEqual(trees[0]);
    }
    const readme = await askForge(
      `${repository('at-publish')}/contents/README.md`,
    );
    expect(readme.body.size).toBeGreaterThan(1000);
  });

  it.each([
    ['cancelled', 'it was being cancelled'],
    ['signed-out', 'the sign-in that it acted with is gone'],
    ['once', 'its template does not say that it may run twice'],
    ['taken', 'repository.name: '],
  ])('ends %s as failed, and says why', async (name, text) => {
    expect(ends.get(name)).toEqual({
      status: 'failed',
      text: expect.stringContaining(text),
    });
    // Somebody else's stays as it was; of the others there is none.
    const { status, body } = await askForge(repository(name));
    expect(status).toBe(name === 'taken' ? 200 : 404);
    expect(body.topics ?? []).toEqual([]);
  });

  it('leaves no token of a task in the database', async () => {
    expect(tokens).toHaveLength(names.length + others.length - 1);
    expect(readSecrets().filter(({ secrets }) => secrets)).toEqual([]);
    expect([...new Set(tokens)].map(token => filesWith(token)).flat()).toEqual(
      [],
    );
  });
});

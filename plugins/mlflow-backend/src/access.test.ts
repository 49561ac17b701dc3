// SPDX-License-Identifier: Apache-2.0
import type { Entity } from '@backstage/catalog-model';
import {
  startMlflow,
  type TestMlflow,
} from '@greenroom/local-platform/testing';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import request from 'supertest';
import { createSeeder } from './__testUtils__/seedMlflow';
import {
  createModel as createOwnModel,
  startPortal,
} from './__testUtils__/startPortal';
import { startGuardedPortal, USERS } from './__testUtils__/startGuardedPortal';

jest.setTimeout(300_000);

const SECRET = 'hush-hush';
const T0 = Date.UTC(2026, 10, 20, 8);

function createModel(
  name: string,
  annotations: Record<string, string>,
  owner = USERS.outsider,
): Entity {
  return {
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'Component',
    metadata: { name, annotations },
    spec: { type: 'ml-model', lifecycle: 'production', owner },
  };
}

const naming = (experiment: string, model = experiment) => ({
  'mlflow.org/experiment-name': experiment,
  'mlflow.org/registered-model': model,
});

/** More than a page of the home page's list. */
const BARE = Array.from({ length: 51 }, (_, index) => `bare-${index}`);

/** Marks, whose they are said to be, and whether the outsider may see that. */
const MARKS: Array<[mark: string, isOpen: boolean]> = [
  ['component:default/marks', true],
  ['marks', true],
  ['Component:Default/MARKS', true],
  [' component:default/marks ', true],
  ['component:default/hidden, component:default/marks', true],
  ['component:default/own', true],
  ['component:default/hidden', false],
  ['component:default/gone', false],
  ['api:default/marks', false],
  ['component:elsewhere/marks', false],
  ['marks component:default/marks', false],
  ['["component:default/marks"]', false],
  ['a/b/c:d', false],
  [',', false],
  ['\u200b', false],
];

describe('who may read what through an entity that names it', () => {
  let dataDir: string;
  let mlflow: TestMlflow;
  let portal: Awaited<ReturnType<typeof startGuardedPortal>>;
  let instances: Array<{ name: string; baseUrl: string }>;
  let hiddenExperiment: string;
  let hiddenRun: string;

  const entityRoute = (name: string, rest: string) =>
    `mlflow/entities/component/default/${name}/${rest}`;
  const invoke = (user: string, action: string, input: object) =>
    portal.send(
      user,
      `mlflow/.backstage/actions/v1/actions/mlflow:${action}/invoke`,
      { body: input },
    );
  const callTool = (user: string, tool: string, input: object) =>
    portal.send(user, 'mcp-actions/v1', {
      body: {
        jsonrpc: '2.0',
        id: 1,
        method: 'tools/call',
        params: { name: `mlflow.${tool}`, arguments: input },
      },
    });
  const dryRun = (user: string, action: string, input: object) =>
    portal.send(user, 'scaffolder/v2/dry-run', {
      body: {
        template: {
          apiVersion: 'scaffolder.backstage.io/v1beta3',
          kind: 'Template',
          metadata: { name: 'x' },
          spec: {
            owner: 'x',
            type: 'x',
            steps: [{ id: 'step', action, input }],
            output: { all: '${{ steps.step.output }}' },
          },
        },
        values: {},
        secrets: {},
        directoryContents: [],
      },
    });

  /** Everything that says something of MLflow because of an entity, by its name. */
  const doors = (user: string, name: string) => {
    const input = { entityRef: `component:default/${name}` };
    return {
      overview: () => portal.send(user, entityRoute(name, 'overview')),
      runs: () => portal.send(user, entityRoute(name, 'runs')),
      run: () =>
        portal.send(user, entityRoute(name, `runs/local/${hiddenRun}`)),
      versions: () => portal.send(user, entityRoute(name, 'model-versions')),
      'input example': () =>
        portal.send(
          user,
          `${entityRoute(name, 'input-example')}?model=hidden&version=1`,
        ),
      models: () => portal.send(user, 'mlflow/models'),
      'overview action': () =>
        invoke(user, 'get-entity-mlflow-overview', input),
      'runs action': () => invoke(user, 'search-entity-runs', input),
      'versions action': () =>
        invoke(user, 'list-entity-model-versions', input),
      'overview by MCP': () =>
        callTool(user, 'get-entity-mlflow-overview', input),
      'runs by MCP': () => callTool(user, 'search-entity-runs', input),
      'versions by MCP': () =>
        callTool(user, 'list-entity-model-versions', input),
      'overview step': () =>
        dryRun(user, 'mlflow:get-entity-mlflow-overview', input),
      'runs step': () => dryRun(user, 'mlflow:search-entity-runs', input),
      'versions step': () =>
        dryRun(user, 'mlflow:list-entity-model-versions', input),
    };
  };

  beforeAll(async () => {
    dataDir = fs.mkdtempSync(path.join(os.tmpdir(), 'greenroom-access-'));
    mlflow = await startMlflow({ dataDir: path.join(dataDir, 'mlflow') });
    const seed = createSeeder(mlflow.url);
    const train = async (name: string, mark?: string) => {
      const id = await seed.experiment(name);
      const run = await seed.run(id, {
        name: `${name}-${SECRET}`,
        startTime: T0,
        params: { solver: SECRET },
      });
      await seed.registeredModel(name);
      const source = await seed.inputExample(
        { experimentId: id, runId: run },
        { columns: ['name'], data: [[SECRET]] },
      );
      await seed.modelVersion(name, run, { note: SECRET }, source);
      await seed.alias(name, 'champion', '1');
      if (mark) {
        await seed.markExperiment(id, mark);
        await seed.markRegisteredModel(name, mark);
      }
      return { id, run };
    };
    const hidden = await train('hidden', 'component:default/hidden');
    hiddenExperiment = hidden.id;
    hiddenRun = hidden.run;
    await seed.deleteExperiment((await train('hidden-deleted', 'hidden')).id);
    await train('unmarked');
    const own = await train('own', 'component:default/own');
    // A version of one's own model that comes from another's run, and the other way round.
    await seed.modelVersion('own', hidden.run);
    await seed.registeredModel('hidden-offspring');
    await seed.markRegisteredModel('hidden-offspring', 'hidden');
    await seed.modelVersion('hidden-offspring', own.run);
    for (const [index, [mark]] of MARKS.entries()) {
      const id = await seed.experiment(`mark-${index}`);
      await seed.run(id, { name: `mark-${index}`, startTime: T0 });
      await seed.markExperiment(id, mark);
    }
    instances = [{ name: 'local', baseUrl: mlflow.url }];
    portal = await startGuardedPortal({
      dataDir,
      mlflow: { instances: [...instances, { ...instances[0], name: 'eu' }] },
      entities: [
        createModel('hidden', naming('hidden'), USERS.insider),
        createModel('copycat', {
          'mlflow.org/experiment-id': hidden.id,
          'mlflow.org/registered-model': 'hidden',
        }),
        createModel('copycat-by-name', naming('hidden, hidden-deleted')),
        createModel('own', naming('own')),
        createModel('unmarked', naming('unmarked')),
        ...BARE.map(name => createModel(name, {}, USERS.insider)),
        createModel('typo', naming('lcoal:churn, chu\u200brn', 'norum')),
        createModel('marks', {
          'mlflow.org/experiment-name': JSON.stringify(
            MARKS.map((_, index) => `mark-${index}`),
          ),
        }),
      ],
    });
  });

  afterAll(async () => {
    await portal?.stop();
    await mlflow?.stop();
    fs.rmSync(dataDir, { recursive: true, force: true });
  });

  it('shows what is marked as an entity’s to whoever may see that entity, by way of any other', async () => {
    for (const name of ['hidden', 'copycat', 'copycat-by-name']) {
      const { models, ...rest } = doors(USERS.insider, name);
      for (const [door, open] of Object.entries(rest)) {
        const { text } = await open();
        expect([name, door, text.includes(SECRET) || text]).toEqual([
          name,
          door,
          true,
        ]);
      }
    }
  });

  it('shows nothing of it to whoever may not, at no door', async () => {
    for (const name of ['hidden', 'copycat', 'copycat-by-name']) {
      for (const [door, open] of Object.entries(doors(USERS.outsider, name))) {
        const { status, text } = await open();
        const isAnswered =
          name === 'hidden' || door === 'run' || status === 200;
        expect([name, door, isAnswered || text]).toEqual([name, door, true]);
        const isSaid = door.startsWith('models')
          ? text.includes(`hidden-${SECRET}`)
          : text.includes(SECRET);
        expect([name, door, isSaid]).toEqual([name, door, false]);
        expect(text).not.toContain(USERS.insider);
      }
    }
    const { body } = await portal.send(
      USERS.outsider,
      entityRoute('copycat-by-name', 'overview'),
    );
    const sentence = (label: string) =>
      `The ${label} on MLflow instance 'local' is marked (tag greenroom.component) as that of a component that you may not see, or that does not exist`;
    expect(
      body.errors.map(({ code, message }: Record<string, string>) => [
        code,
        message,
      ]),
    ).toEqual(
      expect.arrayContaining([
        ['OTHER_COMPONENT', sentence("experiment 'hidden'")],
        // Not even that it is deleted.
        ['OTHER_COMPONENT', sentence("experiment 'hidden-deleted'")],
        ['OTHER_COMPONENT', sentence("registered model 'hidden'")],
      ]),
    );
    expect(body.experiments).toEqual([
      { instance: 'local', name: 'hidden', state: 'not-allowed' },
      { instance: 'local', name: 'hidden-deleted', state: 'not-allowed' },
    ]);
    const byId = await portal.send(
      USERS.outsider,
      entityRoute('copycat', 'overview'),
    );
    expect(byId.body.experiments).toEqual([
      {
        instance: 'local',
        name: hiddenExperiment,
        experimentId: hiddenExperiment,
        state: 'not-allowed',
      },
    ]);
    expect(byId.body.registeredModels).toEqual([
      { instance: 'local', name: 'hidden', state: 'not-allowed' },
    ]);
    const refused = portal.auditor.createEvent.mock.calls.find(
      ([{ meta }]) =>
        meta?.entityRef === 'component:default/copycat' &&
        meta.resource === "registered model 'hidden'",
    );
    expect(refused?.[0]).toMatchObject({
      eventId: 'annotation-read',
      severityLevel: 'medium',
      meta: {
        caller: USERS.outsider,
        owner: USERS.outsider,
        mark: 'component:default/hidden',
      },
    });
  });

  it('asks whose they are for source runs and for versions of runs, too', async () => {
    const read = async (user: string) => {
      const versions = await portal.send(
        user,
        entityRoute('own', 'model-versions'),
      );
      const runs = await portal.send(user, entityRoute('own', 'runs'));
      return {
        versions: versions.body.items.map(
          (item: {
            version: string;
            run?: { runName: string };
            runMissing?: string;
          }) => [item.version, item.run?.runName, item.runMissing],
        ),
        registered: runs.body.items.map(
          ({ modelVersions }: { modelVersions: Array<{ name: string }> }) =>
            modelVersions.map(({ name }) => name).sort(),
        ),
      };
    };
    expect(await read(USERS.insider)).toEqual({
      versions: [
        ['2', `hidden-${SECRET}`, undefined],
        ['1', `own-${SECRET}`, undefined],
      ],
      registered: [['hidden-offspring', 'own']],
    });
    expect(await read(USERS.outsider)).toEqual({
      versions: [
        ['2', undefined, 'not-allowed'],
        ['1', `own-${SECRET}`, undefined],
      ],
      registered: [['own']],
    });
  });

  it('reads marks as the catalog reads refs, and opens nothing for one it cannot read', async () => {
    const { body } = await portal.send(
      USERS.outsider,
      entityRoute('marks', 'runs'),
      { query: { pageSize: 100 } },
    );
    expect(
      body.experiments.map(({ state }: { state: string }, index: number) => [
        MARKS[index][0],
        state === 'active',
      ]),
    ).toEqual(MARKS);
    expect(
      body.items.map(({ runName }: { runName: string }) => runName).sort(),
    ).toEqual(
      MARKS.flatMap(([, isOpen], index) =>
        isOpen ? [`mark-${index}`] : [],
      ).sort(),
    );
  });

  it('tells the auditor once of unmarked data, with the entity’s owner', async () => {
    for (let round = 0; round < 3; round++) {
      const { text } = await portal.send(
        USERS.outsider,
        entityRoute('unmarked', 'overview'),
      );
      expect(text).toContain(SECRET);
    }
    const events = portal.auditor.createEvent.mock.calls
      .map(([{ meta }]) => meta)
      .filter(
        meta =>
          meta?.entityRef === 'component:default/unmarked' &&
          meta.caller === USERS.outsider,
      );
    expect(events).toHaveLength(2);
    expect(events).toEqual(
      expect.arrayContaining(
        ["experiment 'unmarked'", "registered model 'unmarked'"].map(resource =>
          expect.objectContaining({
            owner: USERS.outsider,
            instance: 'local',
            resource,
          }),
        ),
      ),
    );
  });

  it('refuses whoever has no mlflow.read at every door, dry runs and direct calls included', async () => {
    const all = {
      ...doors(USERS.unprivileged, 'own'),
      instances: () => portal.send(USERS.unprivileged, 'mlflow/instances'),
    };
    for (const [door, open] of Object.entries(all)) {
      const { body, status, text } = await open();
      expect([door, text.includes(SECRET)]).toEqual([door, false]);
      // What is hidden from the user is said not to be there, the rest refused.
      const isRefused = door.endsWith('MCP')
        ? Boolean(body.result?.isError ?? body.error)
        : [403, 404, 500].includes(status) &&
          /mlflow\.read|not registered|not found/i.test(text);
      expect([door, isRefused || text]).toEqual([door, true]);
    }
  });

  it('says what is missing, and which instance a typo may have meant', async () => {
    const { body } = await portal.send(
      USERS.outsider,
      entityRoute('typo', 'overview'),
    );
    expect(
      body.errors.map(({ message }: { message: string }) => message).sort(),
    ).toEqual([
      "There is no experiment 'chu\\u{200b}rn' on MLflow instance 'local'",
      "There is no experiment 'lcoal:churn' on MLflow instance 'local'; 'lcoal' is no configured instance (there are: local, eu)",
      "There is no registered model 'norum' on MLflow instance 'local'",
    ]);
    expect(body.registeredModels).toEqual([
      { instance: 'local', name: 'norum', state: 'missing' },
    ]);
  });

  it('lists the user’s models page by page, and nobody else’s with a page token of theirs', async () => {
    const first = await portal.send(USERS.insider, 'mlflow/models');
    expect(first.body.items).toHaveLength(50);
    const query = { pageToken: first.body.nextPageToken };
    const second = await portal.send(USERS.insider, 'mlflow/models', { query });
    expect(second.body.nextPageToken).toBeUndefined();
    expect(
      [...first.body.items, ...second.body.items]
        .map(({ title }: { title: string }) => title)
        .sort(),
    ).toEqual([...BARE, 'hidden'].sort());
    const other = await portal.send(USERS.outsider, 'mlflow/models', { query });
    expect(other.status).toBe(400);

    const found = await portal.send(USERS.insider, 'mlflow/models', {
      query: { search: 'HIDD' },
    });
    expect(found.body.items).toMatchObject([{ title: 'hidden' }]);
    const searchToken = await portal.send(USERS.insider, 'mlflow/models', {
      query: { ...query, search: 'hidd' },
    });
    expect(searchToken.status).toBe(400);
    const foreign = await portal.send(USERS.outsider, 'mlflow/models', {
      query: { search: 'hidden' },
    });
    expect(foreign.body.items).toEqual([]);
  });

  it('takes no page token but its own', async () => {
    const runs = entityRoute('marks', 'runs');
    const first = await portal.send(USERS.outsider, runs, {
      query: { pageSize: 2 },
    });
    const token: string = first.body.nextPageToken;
    const next = (
      user: string,
      route: string,
      query: Record<string, string | number>,
    ) => portal.send(user, route, { query });
    expect(
      (await next(USERS.outsider, runs, { pageSize: 2, pageToken: token })).body
        .items,
    ).toHaveLength(2);

    const [payload, signature] = token.split('.');
    const forge = (state: unknown) =>
      Buffer.from(JSON.stringify(state)).toString('base64url');
    const cursor = Buffer.from(
      JSON.stringify({
        filters: [{ allOf: [] }],
        orderFields: [{ field: 'metadata.name', order: 'asc' }],
        orderFieldValues: ['', ''],
        firstSortFieldValues: [null, null],
        isPrevious: false,
        filter: { key: 'kind', values: ['component'] },
        totalItems: 9,
      }),
    ).toString('base64');
    const refused: Array<
      [user: string, route: string, query: Record<string, string | number>]
    > = [
      [USERS.insider, runs, { pageSize: 2, pageToken: token }],
      [USERS.outsider, runs, { pageSize: 3, pageToken: token }],
      [USERS.outsider, runs, { pageSize: 2, pageToken: token, orderBy: 'a' }],
      [
        USERS.outsider,
        entityRoute('own', 'runs'),
        { pageSize: 2, pageToken: token },
      ],
      [
        USERS.outsider,
        entityRoute('marks', 'model-versions'),
        { pageSize: 2, pageToken: token },
      ],
      [USERS.outsider, 'mlflow/models', { pageToken: token }],
      ...[
        cursor,
        payload,
        `${payload}.`,
        `.${signature}`,
        `${token}.x`,
        `${forge([['local', null, 0]])}.${signature}`,
        `${payload}.${signature.slice(0, -2)}AA`,
        '%',
        '.',
      ].flatMap((pageToken): typeof refused => [
        [USERS.outsider, runs, { pageSize: 2, pageToken }],
        [USERS.outsider, 'mlflow/models', { pageToken }],
      ]),
    ];
    for (const [user, route, query] of refused) {
      const { body, status } = await next(user, route, query);
      expect([query, status, body.error?.message]).toEqual([
        query,
        400,
        "'pageToken' does not belong to this list: leave it out to start from the first page",
      ]);
    }
  });

  it('refuses what does not say whose it is, where configuration asks for it', async () => {
    const strict = await startPortal({
      mlflow: { instances, access: { unmarked: 'deny' } },
      entities: ['own', 'unmarked'].map(name =>
        createOwnModel(name, naming(name)),
      ),
    });
    const get = async (route: string) =>
      (await request(strict.server).get(`/api/mlflow/${route}`)).body;
    try {
      const overview = await get(
        'entities/component/default/unmarked/overview',
      );
      expect(
        overview.errors.map(({ code, message }: Record<string, string>) => [
          code,
          message,
        ]),
      ).toEqual(
        expect.arrayContaining(
          ["experiment 'unmarked'", "registered model 'unmarked'"].map(
            label => [
              'UNMARKED',
              `The ${label} on MLflow instance 'local' does not say whose it is (tag greenroom.component), and this portal shows only what does`,
            ],
          ),
        ),
      );
      expect(overview.experiments[0].state).toBe('not-allowed');
      expect(overview.registeredModels[0].state).toBe('not-allowed');
      expect(JSON.stringify(overview)).not.toContain(SECRET);
      const own = await get('entities/component/default/own/runs');
      expect(own.items).toMatchObject([{ runName: `own-${SECRET}` }]);
    } finally {
      await strict.stop();
    }
    await expect(
      startPortal({ mlflow: { instances, access: { unmarked: 'maybe' } } }),
    ).rejects.toThrow(
      "Invalid config at 'mlflow.access.unmarked': must be allow or deny",
    );
  });
});

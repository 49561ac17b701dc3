// SPDX-License-Identifier: Apache-2.0
import {
  sendJson,
  startHttpServer,
  type ReceivedRequest,
} from '@greenroom/local-platform/testing';
import type {
  MlflowEntityOverview,
  MlflowListResponse,
  MlflowModelSummary,
  MlflowModelVersionsResponse,
  MlflowRunsResponse,
} from '@greenroom/plugin-mlflow-common';
import type http from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import request from 'supertest';
import { createModel, startPortal } from './__testUtils__/startPortal';

type Handler = (
  received: ReceivedRequest,
  response: http.ServerResponse,
) => void;

const run = (name: string) => ({
  info: {
    run_id: name,
    experiment_id: '1',
    status: 'FINISHED',
    start_time: 1_000,
  },
});
const version = (number: string) => ({ name: 'churn', version: number });

/** An MLflow with one experiment and one model; `nothing` is not there. */
function answer(received: ReceivedRequest, response: http.ServerResponse) {
  switch (received.path.replace(/^.*\/mlflow\//, '')) {
    case 'experiments/search':
      return sendJson(response, {});
    case 'experiments/get-by-name': {
      const name = received.query.get('experiment_name');
      return name === 'nothing'
        ? sendJson(response, { error_code: 'RESOURCE_DOES_NOT_EXIST' }, 404)
        : sendJson(response, {
            experiment: { experiment_id: name === 'empty' ? '2' : '1', name },
          });
    }
    case 'runs/search':
      return sendJson(
        response,
        received.body.includes('"2"') ? {} : { runs: [run('run-1')] },
      );
    case 'registered-models/get':
      return received.query.get('name') === 'nothing'
        ? sendJson(response, { error_code: 'RESOURCE_DOES_NOT_EXIST' }, 404)
        : sendJson(response, { registered_model: { name: 'churn' } });
    case 'model-versions/search':
      return sendJson(
        response,
        received.query.get('filter')?.startsWith('run_id')
          ? {}
          : { model_versions: [version('1')] },
      );
    default:
      return sendJson(response, {}, 404);
  }
}

describe('the load that the mlflow backend makes, and outages', () => {
  const stops: Array<() => unknown> = [];

  afterEach(async () => {
    jest.useRealTimers();
    for (const stop of stops.splice(0).reverse()) {
      await stop();
    }
  });

  async function start(options: { timeout?: number } = {}) {
    let handler: Handler = answer;
    const mlflow = await startHttpServer((received, response) =>
      handler(received, response),
    );
    stops.push(mlflow.stop);
    const portal = await startPortal({
      mlflow: {
        instances: [{ name: 'local', baseUrl: mlflow.url, ...options }],
      },
      entities: ['churn', 'other', 'empty', 'nothing'].map(name =>
        createModel(name, {
          'mlflow.org/experiment-name': name,
          'mlflow.org/registered-model': name === 'empty' ? 'nothing' : name,
        }),
      ),
    });
    stops.push(portal.stop);
    const get = async <T>(
      path: string,
      query: object = {},
      headers: Record<string, string> = {},
    ) => {
      const { body, status } = await request(portal.server)
        .get(`/api/mlflow/${path}`)
        .query(query)
        .set(headers);
      expect(status).toBe(200);
      const typed: T = body;
      return typed;
    };
    const entity = 'entities/component/default';
    return {
      mlflow,
      set: (next: Handler) => {
        handler = next;
      },
      get,
      overview: (name: string, headers?: Record<string, string>) =>
        get<MlflowEntityOverview>(`${entity}/${name}/overview`, {}, headers),
      runs: (name: string, query?: object) =>
        get<MlflowRunsResponse>(`${entity}/${name}/runs`, query),
      versions: (name: string) =>
        get<MlflowModelVersionsResponse>(`${entity}/${name}/model-versions`),
    };
  }

  /** Only the clock is made up: what is measured are calls. */
  function startClock() {
    jest.useFakeTimers({
      now: Date.now(),
      doNotFake: [
        'hrtime',
        'nextTick',
        'performance',
        'queueMicrotask',
        'setImmediate',
        'clearImmediate',
        'setInterval',
        'clearInterval',
        'setTimeout',
        'clearTimeout',
      ],
    });
    return (seconds: number) => jest.setSystemTime(Date.now() + seconds * 1000);
  }

  it.each([
    // Two answers that there is nothing, each twice a minute.
    ['nothing', 2 * 2],
    // A model that is missing and two lists of an experiment without runs, each
    // twice a minute; what else that holds, once (three calls to an old server);
    // and its id, once in five minutes.
    ['empty', 3 * 2 + 3 + 1],
  ])(
    'asks little for a page over %s that three viewers poll every 5 s for 10 minutes',
    async (name, perMinute) => {
      const { mlflow, overview, runs, versions } = await start();
      const tick = startClock();
      for (let round = 0; round < 120; round++) {
        await Promise.all([
          overview(name),
          overview(name),
          runs(name),
          versions(name),
        ]);
        tick(5);
      }
      expect(mlflow.requests.length).toBeGreaterThan(10);
      expect(mlflow.requests.length / 10).toBeLessThanOrEqual(perMinute);
    },
    60_000,
  );

  it('asks once for each call and 5 s, however many watch', async () => {
    const { get, mlflow, overview, runs } = await start();
    const tick = startClock();
    for (let round = 0; round < 24; round++) {
      await Promise.all([
        overview('churn'),
        runs('churn'),
        ...Array.from({ length: 5 }, () =>
          get<MlflowListResponse<MlflowModelSummary>>('models'),
        ),
      ]);
      tick(2.5);
    }
    const calls = new Map<string, number>();
    for (const { body, path, query } of mlflow.requests) {
      const key = `${path} ${query} ${body}`;
      calls.set(key, (calls.get(key) ?? 0) + 1);
    }
    // A minute holds twelve times 5 s.
    expect(Math.max(...calls.values())).toBeLessThanOrEqual(13);
  }, 60_000);

  it('looks anew at once when a person retries', async () => {
    const { overview, set } = await start();
    expect((await overview('nothing')).experiments[0].state).toBe('missing');
    set((received, response) => {
      received.query.set('experiment_name', 'churn');
      received.query.set('name', 'churn');
      answer(received, response);
    });
    const tick = startClock();
    tick(10);
    expect((await overview('nothing')).experiments[0].state).toBe('missing');
    const retried = await overview('nothing', { 'cache-control': 'no-cache' });
    expect(retried).toMatchObject({
      experiments: [{ state: 'active' }],
      latestVersion: { version: '1' },
      errors: [],
    });
  });

  it.each<[string, Handler]>([
    ['hangs', () => {}],
    ['fails', (_, response) => sendJson(response, {}, 500)],
  ])(
    'lets a search that %s fail alone',
    async (_how, search) => {
      const { get, mlflow, overview, runs, set } = await start({
        timeout: 3_000,
      });
      set((received, response) =>
        received.body.includes('LIKE')
          ? search(received, response)
          : answer(received, response),
      );
      await overview('churn');
      const slow = runs('churn', { filter: "params.seed LIKE '%77%'" });
      const end = slow.then(() => true);
      const watch = async () => {
        const page = await overview('churn');
        expect(page.errors).toEqual([]);
        expect(page.staleSince).toBeUndefined();
        expect(page.lastRun?.runId).toBe('run-1');
        const home =
          await get<MlflowListResponse<MlflowModelSummary>>('models');
        expect(home.errors).toEqual([]);
      };
      do {
        await watch();
      } while (!(await Promise.race([end, sleep(300, false)])));
      await watch();
      const { errors, items } = await slow;
      expect(items).toEqual([]);
      expect(errors).toMatchObject([{ retryable: true }]);
      // Not the instance's fault: there is no time since which it is out.
      expect(errors[0].since).toBeUndefined();
      expect(
        mlflow.requests.filter(({ path }) =>
          path.endsWith('experiments/search'),
        ),
      ).toEqual([]);
    },
    30_000,
  );

  it('lets slow searches of one person leave room for the pages of others', async () => {
    const { overview, runs, set } = await start({ timeout: 1_500 });
    set((received, response) =>
      received.body.includes('LIKE') ? undefined : answer(received, response),
    );
    await runs('churn');
    const searches = Array.from({ length: 20 }, (_, index) =>
      runs('churn', { filter: `params.seed LIKE '%${index}%'` }),
    );
    let waiting = searches.length;
    searches.forEach(search => search.finally(() => waiting--));
    await sleep(500);
    const page = await overview('other');
    expect(page.errors).toEqual([]);
    expect(page.lastRun?.runId).toBe('run-1');
    // The page did not stand behind the searches.
    expect(waiting).toBeGreaterThan(0);
    const codes = (
      await Promise.race([Promise.all(searches.slice(-3)), sleep(2_000, [])])
    ).flatMap(({ errors }) => errors.map(({ code }) => code));
    expect(codes).toEqual(Array(3).fill('RATE_LIMITED'));
    await Promise.all(searches);
  }, 60_000);

  it('keeps the page of a search that is slow by itself, without a word of an outage', async () => {
    const { overview, set } = await start({ timeout: 3_000 });
    await overview('churn');
    set((received, response) =>
      received.path.endsWith('model-versions/search')
        ? undefined
        : answer(received, response),
    );
    const tick = startClock();
    tick(10);
    const page = await overview('churn');
    expect(page).toMatchObject({ latestVersion: { version: '1' }, errors: [] });
  }, 30_000);

  it('notices within 15 s that nothing answers, on pages that ask every 5 and every 10 s, and that it is over', async () => {
    const watch = async (seconds: number) => {
      const { overview, set } = await start();
      await overview('churn');
      let held: Array<() => void> = [];
      set((received, response) => {
        held.push(() => answer(received, response));
      });
      // Asks are counted, not seconds: a busy machine takes longer for each.
      const ask = async (
        asks: number,
        isDone: (page: MlflowEntityOverview) => boolean,
      ) => {
        for (let round = 0; round < asks; round++) {
          await sleep(seconds * 1000);
          const page = await overview('churn');
          if (isDone(page)) {
            return page;
          }
        }
        throw new Error('it never came');
      };
      const page = await ask(
        Math.floor(15 / seconds),
        ({ errors }) => errors.length > 0,
      );
      expect(page).toMatchObject({
        lastRun: { runId: 'run-1' },
        staleSince: expect.any(Number),
        errors: [{ code: 'TIMEOUT', since: expect.any(Number) }],
      });
      set(answer);
      held.forEach(resume => resume());
      held = [];
      const after = await ask(1, ({ errors }) => errors.length === 0);
      expect(after.staleSince).toBeUndefined();
    };
    // Each with its own portal and MLflow, and both mostly wait.
    await Promise.all([5, 10].map(watch));
  }, 60_000);

  it('skips malformed rows, and says how many and where', async () => {
    const { get, overview, runs, set, versions } = await start();
    set((received, response) => {
      if (received.path.endsWith('runs/search')) {
        sendJson(response, {
          runs: [
            run('good'),
            { info: { run_id: 'bad', experiment_id: null } },
            {
              ...run('parts'),
              data: {
                metrics: [
                  { key: 'a', value: {} },
                  { key: 'b', value: 1 },
                ],
              },
            },
          ],
        });
      } else if (
        received.path.endsWith('model-versions/search') &&
        !received.query.get('filter')?.startsWith('run_id')
      ) {
        sendJson(response, {
          model_versions: [version('2'), { name: 'churn' }],
        });
      } else {
        answer(received, response);
      }
    });
    const page = await runs('churn');
    expect(page.items.map(({ metrics, runId }) => [runId, metrics])).toEqual([
      ['good', {}],
      ['parts', { b: 1 }],
    ]);
    const rows = {
      instance: 'local',
      code: 'UNREADABLE_ITEMS',
      retryable: false,
    };
    const badRuns = [
      { ...rows, message: '1 of 3 runs cannot be read (info.experiment_id)' },
      {
        ...rows,
        message: '1 of 3 runs can be read in part only (data.metrics.0.value)',
      },
    ];
    const badVersion = {
      ...rows,
      message: '1 of 2 versions cannot be read (version)',
    };
    expect(page.errors).toEqual(badRuns);
    const list = await versions('churn');
    expect(list.items.map(item => item.version)).toEqual(['2']);
    expect(list.errors).toEqual([badVersion]);
    expect((await overview('churn')).errors).toEqual(
      expect.arrayContaining([...badRuns, badVersion]),
    );
    const home = await get<MlflowListResponse<MlflowModelSummary>>('models');
    expect(home.errors).toEqual([]);
    expect(
      home.items.find(({ title }) => title === 'churn')?.attention,
    ).toMatchObject([{ reason: 'no-champion' }]);
  });
});

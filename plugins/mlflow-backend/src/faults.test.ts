// SPDX-License-Identifier: Apache-2.0
import { mockCredentials } from '@backstage/backend-test-utils';
import type { JsonObject } from '@backstage/types';
import {
  mlflowPermissions,
  type MlflowEntityOverview,
  type MlflowListResponse,
  type MlflowModelSummary,
  type MlflowRun,
} from '@greenroom/plugin-mlflow-common';
import type http from 'node:http';
import request from 'supertest';
import {
  sendJson,
  startHttpServer,
  type ReceivedRequest,
} from '@greenroom/local-platform/testing';
import { createModel, startPortal } from './__testUtils__/startPortal';

jest.setTimeout(60_000);

const TOKEN = 'tok-s3cr3t';

function createRun(name: string, startTime: number) {
  return {
    info: {
      run_id: name,
      experiment_id: '1',
      run_name: name,
      start_time: startTime,
    },
    data: {},
  };
}

/** Answers as MLflow does for one experiment, model and version. */
function answer(received: ReceivedRequest, response: http.ServerResponse) {
  switch (received.path.replace('/api/2.0/mlflow/', '')) {
    case 'experiments/get-by-name':
      return sendJson(response, {
        experiment: { experiment_id: '1', name: 'churn' },
      });
    case 'runs/search': {
      const { max_results } = JSON.parse(received.body);
      return sendJson(response, {
        runs: [createRun('run-2', 2_000), createRun('run-1', 1_000)].slice(
          0,
          max_results,
        ),
        ...(max_results === 1 && { next_page_token: 'page-2' }),
      });
    }
    case 'registered-models/get':
      return sendJson(response, {
        registered_model: {
          name: 'churn',
          aliases: [{ alias: 'champion', version: '1' }],
        },
      });
    case 'model-versions/search':
      return sendJson(response, {
        model_versions: [
          {
            name: 'churn',
            version: '1',
            run_id: 'run-1',
            creation_timestamp: 1_500,
          },
        ],
      });
    default:
      return sendJson(response, { error_code: 'ENDPOINT_NOT_FOUND' }, 404);
  }
}

const CHURN = createModel('churn', {
  'mlflow.org/experiment-name': 'churn',
  'mlflow.org/registered-model': 'churn',
});

describe('the mlflow backend with an MLflow that has faults', () => {
  const stops: Array<() => unknown> = [];

  afterEach(async () => {
    for (const stop of stops.splice(0).reverse()) {
      await stop();
    }
  });

  async function start(
    handler: typeof answer,
    options: Partial<Parameters<typeof startPortal>[0]> & {
      instance?: JsonObject;
    } = {},
  ) {
    const mlflow = await startHttpServer((received, response) =>
      handler(received, response),
    );
    stops.push(mlflow.stop);
    const portal = await startPortal({
      mlflow: {
        instances: [
          {
            name: 'local',
            baseUrl: mlflow.url,
            auth: { type: 'bearer', token: TOKEN },
            workspace: 'fraud',
            ...options.instance,
          },
        ],
      },
      entities: [
        CHURN,
        createModel('secret', CHURN.metadata.annotations),
        createModel('bare'),
      ],
      ...options,
    });
    stops.push(portal.stop);
    const get = async <T = { error: { name: string; message: string } }>(
      url: string,
      query: object = {},
      user = 'user:default/mock',
    ) => {
      const { body, status } = await request(portal.server)
        .get(`/api/mlflow${url}`)
        .query(query)
        .set('authorization', mockCredentials.user.header(user));
      const typed: T = body;
      return { body: typed, status };
    };
    return { ...portal, get, mlflow };
  }

  const OVERVIEW = '/entities/component/default/churn/overview';
  const RUNS = '/entities/component/default/churn/runs';

  it('fetches once for many viewers, with at most four calls for an overview', async () => {
    const { get, mlflow } = await start(answer);
    const overviews = await Promise.all(
      Array.from({ length: 25 }, (_, viewer) =>
        get<MlflowEntityOverview>(
          OVERVIEW,
          {},
          `user:default/viewer-${viewer}`,
        ),
      ),
    );
    expect(overviews.map(({ status }) => status)).toEqual(Array(25).fill(200));
    expect(overviews[24].body).toMatchObject({
      champion: { version: '1', run: { runId: 'run-1' } },
      lastRun: { runId: 'run-2' },
      errors: [],
    });
    expect(mlflow.requests.map(({ path }) => path).sort()).toEqual([
      '/api/2.0/mlflow/experiments/get-by-name',
      '/api/2.0/mlflow/model-versions/search',
      '/api/2.0/mlflow/registered-models/get',
      '/api/2.0/mlflow/runs/search',
    ]);
    for (const { headers } of mlflow.requests) {
      expect(headers).toMatchObject({
        authorization: `Bearer ${TOKEN}`,
        'x-mlflow-workspace': 'fraud',
      });
    }
    const again = await get(OVERVIEW);
    expect(again.body).toEqual(overviews[0].body);
    expect(mlflow.requests).toHaveLength(4);
  });

  it('decides by the user: their rights to the plugin and to the entity come before the cache', async () => {
    const { get, mlflow } = await start(answer);
    const secret = '/entities/component/default/secret/overview';
    expect((await get(secret)).status).toBe(200);
    const calls = mlflow.requests.length;

    const guest = 'user:default/guest';
    for (const resource of [
      'overview',
      'runs',
      'runs/local/run-1',
      'model-versions',
    ]) {
      const { body, status } = await get(
        `/entities/component/default/secret/${resource}`,
        {},
        guest,
      );
      expect([status, body.error.name]).toEqual([404, 'NotFoundError']);
    }
    expect((await get('/entities/component/default/none/runs')).status).toBe(
      404,
    );
    expect(mlflow.requests).toHaveLength(calls);

    const denied = await start(answer, { isDenied: true });
    for (const url of [
      OVERVIEW,
      RUNS,
      `${RUNS}/local/run-1`,
      '/models',
      '/instances',
    ]) {
      const { body, status } = await denied.get(url);
      expect([status, body.error.name, body.error.message]).toEqual([
        403,
        'NotAllowedError',
        'You may not read MLflow runs and model versions (mlflow.read)',
      ]);
    }
    await expect(
      denied.registry.invoke({
        id: 'test:search-entity-runs',
        input: { entityRef: 'churn' },
      }),
    ).rejects.toThrow('You may not read MLflow runs');
    expect(denied.mlflow.requests).toHaveLength(0);
    expect(mlflowPermissions.map(({ name }) => name)).toEqual(['mlflow.read']);

    const unauthenticated = await request(denied.server)
      .get(`/api/mlflow${OVERVIEW}`)
      .set('authorization', mockCredentials.none.header());
    expect(unauthenticated.status).toBe(401);
    const service = await request(denied.server)
      .get('/api/mlflow/models')
      .set('authorization', mockCredentials.service.header());
    expect(service.status).toBe(403);
  });

  it('asks for the experiments that the entity names, whatever the request says', async () => {
    const { get, mlflow } = await start(answer);
    await get(RUNS, {
      experimentIds: '42',
      experiment: 'other',
      filter: "attributes.run_id != 'x'",
    });
    const search = mlflow.requests.find(({ path }) =>
      path.endsWith('runs/search'),
    );
    expect(JSON.parse(search?.body ?? '{}')).toMatchObject({
      experiment_ids: ['1'],
      filter: "attributes.run_id != 'x'",
      order_by: ['attributes.start_time DESC'],
      max_results: 20,
    });
  });

  it('refuses bad queries and tampered page tokens with the name of the field', async () => {
    const { get } = await start(answer);
    const first = await get<MlflowListResponse<MlflowRun>>(RUNS, {
      pageSize: 1,
    });
    const pageToken = first.body.nextPageToken ?? '';
    const [payload, signature] = pageToken.split('.');
    const inner = JSON.parse(Buffer.from(payload, 'base64url').toString());
    inner[0][1] = 'another page';
    const tampered = `${Buffer.from(JSON.stringify(inner)).toString(
      'base64url',
    )}.${signature}`;
    const queries: Array<[string, object]> = [
      ['pageSize', { pageSize: 0 }],
      ['pageSize', { pageSize: 101 }],
      ['pageSize', { pageSize: 'many' }],
      ['filter', { filter: 'x'.repeat(2_001) }],
      ['filter', { filter: 'a\u0000b' }],
      ['filter', { filter: ['a', 'b'] }],
      ['orderBy', { orderBy: 'x'.repeat(501) }],
      ['pageToken', { pageToken: 'x'.repeat(8_001) }],
      ['pageToken', { pageToken: 'page-2', pageSize: 1 }],
      ['pageToken', { pageToken: tampered, pageSize: 1 }],
      ['pageToken', { pageToken, pageSize: 2 }],
      ['pageToken', { pageToken, pageSize: 1, filter: 'params.a = "1"' }],
    ];
    for (const [field, query] of queries) {
      const { body, status } = await get(RUNS, query);
      expect([status, body.error?.name]).toEqual([400, 'InputError']);
      expect(body.error.message).toContain(`'${field}'`);
    }
    const right = await get(RUNS, { pageToken, pageSize: 1 });
    expect(right.status).toBe(200);
    const elsewhere = await get('/entities/component/default/secret/runs', {
      pageToken,
      pageSize: 1,
    });
    expect(elsewhere.status).toBe(400);
    expect((await get('/models', { pageToken: 'page-2' })).status).toBe(400);
  });

  it.each<[string, string, typeof answer]>([
    ['UNAUTHENTICATED', 'does not accept', (_, res) => sendJson(res, {}, 401)],
    ['NOT_ALLOWED', 'does not allow', (_, res) => sendJson(res, {}, 403)],
    ['SERVER_ERROR', 'failed to answer', (_, res) => sendJson(res, {}, 500)],
    [
      'RATE_LIMITED',
      'asks to wait',
      (_, res) => sendJson(res, {}, 429, { 'retry-after': '3600' }),
    ],
    [
      'MALFORMED_RESPONSE',
      'not answer with JSON',
      (_, res) => res.end('<html>'),
    ],
    [
      'RESPONSE_TOO_LARGE',
      'more than 5000',
      (_, res) => res.end(' '.repeat(9_999)),
    ],
    ['TIMEOUT', 'did not answer within 0.2 s', () => {}],
    ['UNREACHABLE', 'cannot be reached', (_, res) => res.destroy()],
  ])('answers 200 with the error %s', async (code, words, handler) => {
    const { get, logger } = await start(handler, {
      instance: {
        timeout: code === 'TIMEOUT' ? 200 : 20_000,
        maxResponseSize: 5_000,
      },
    });
    const retryable = [
      'SERVER_ERROR',
      'RATE_LIMITED',
      'TIMEOUT',
      'UNREACHABLE',
    ].includes(code);
    const error = {
      instance: 'local',
      code,
      message: expect.stringContaining(words),
      retryable,
    };
    const runs = await get(RUNS);
    expect(runs).toMatchObject({
      status: 200,
      body: { items: [], errors: [error] },
    });
    const overview = await get<MlflowEntityOverview>(OVERVIEW);
    expect(overview.body.errors).toMatchObject([error]);
    expect(overview.body.errors[0].since !== undefined).toBe(retryable);
    const models = await get<MlflowListResponse<MlflowModelSummary>>('/models');
    expect(models.body.errors).toMatchObject([error]);
    expect(
      models.body.items.map(({ attention, title }) => [
        title,
        attention.map(({ reason }) => reason),
      ]),
    ).toEqual([
      ['bare', []],
      ['churn', ['instance-unavailable']],
      ['secret', ['instance-unavailable']],
    ]);
    const written = JSON.stringify([
      runs,
      overview,
      models,
      ...['debug', 'info', 'warn', 'error'].flatMap(
        level => logger[level as 'debug'].mock.calls,
      ),
    ]);
    expect(written).not.toContain(TOKEN);
  });

  it('shows what one instance knows while another fails', async () => {
    const us = await startHttpServer((_, response) =>
      sendJson(response, {}, 500),
    );
    stops.push(us.stop);
    const eu = await startHttpServer(answer);
    stops.push(eu.stop);
    const { get } = await start(answer, {
      mlflow: {
        defaultInstance: 'eu',
        instances: [
          { name: 'us', baseUrl: us.url },
          { name: 'eu', baseUrl: eu.url },
        ],
      },
      entities: [
        createModel('churn', { 'mlflow.org/experiment': 'us:churn, churn' }),
      ],
    });
    const { body } = await get<MlflowListResponse<MlflowRun>>(RUNS);
    expect(body.items.map(({ instance, runId }) => [instance, runId])).toEqual([
      ['eu', 'run-2'],
      ['eu', 'run-1'],
    ]);
    expect(body.errors).toMatchObject([
      { instance: 'us', code: 'SERVER_ERROR' },
    ]);
    const { body: instances } = await get('/instances');
    expect(instances).toEqual({
      items: [
        { name: 'eu', isDefault: true, webUrl: eu.url, trackingUri: eu.url },
        { name: 'us', isDefault: false, webUrl: us.url, trackingUri: us.url },
      ],
      errors: [],
    });
  });

  it('answers from memory while an instance hangs, and no longer when it refuses', async () => {
    let handler = answer;
    const { get } = await start(
      (received, response) => handler(received, response),
      {
        instance: { timeout: 2_000 },
      },
    );
    const fresh = await get<MlflowListResponse<MlflowRun>>(RUNS);
    expect(fresh.body.items).toHaveLength(2);

    const until = async (
      isDone: (body: MlflowListResponse<MlflowRun>) => boolean,
    ) => {
      for (let round = 0; round < 300; round++) {
        const { body } = await get<MlflowListResponse<MlflowRun>>(RUNS);
        if (isDone(body)) {
          return body;
        }
        await new Promise(resolve => setTimeout(resolve, 100));
      }
      throw new Error('the answer never came');
    };
    handler = () => {};
    const stale = await until(({ errors }) => errors.length > 0);
    expect(stale).toMatchObject({
      items: fresh.body.items,
      staleSince: expect.any(Number),
      errors: [{ code: 'TIMEOUT', since: expect.any(Number) }],
    });
    handler = (_, response) => sendJson(response, {}, 403);
    const refused = await until(({ errors }) =>
      errors.some(({ code }) => code === 'NOT_ALLOWED'),
    );
    expect(refused.items).toEqual([]);
    handler = answer;
    await until(
      ({ errors, items }) => errors.length === 0 && items.length === 2,
    );
  });

  it('does not ask a hanging instance for every model of the home page', async () => {
    const { get, mlflow } = await start(() => {}, {
      instance: { timeout: 500 },
      entities: Array.from({ length: 40 }, (_, index) =>
        createModel(`model-${index}`, {
          'mlflow.org/experiment-name': `model-${index}`,
          'mlflow.org/registered-model': `model-${index}`,
        }),
      ),
    });
    const { body } =
      await get<MlflowListResponse<MlflowModelSummary>>('/models');
    expect(body.items).toHaveLength(40);
    expect(body.items[39].attention).toMatchObject([
      { reason: 'instance-unavailable', error: { code: 'TIMEOUT' } },
    ]);
    expect(body.errors).toMatchObject([{ instance: 'local', code: 'TIMEOUT' }]);
    // Four models at a time, three calls each, until the first gives up.
    expect(mlflow.requests.length).toBeLessThanOrEqual(12);
  });

  it('says when nothing is configured, and refuses to start with a bad configuration', async () => {
    const { get } = await start(answer, { mlflow: {} });
    expect((await get(OVERVIEW)).body).toEqual({
      references: {
        experiments: [{ name: 'churn' }],
        experimentIds: [],
        registeredModels: [{ name: 'churn' }],
      },
      instances: [],
      experiments: [],
      registeredModels: [],
      errors: [],
    });
    expect((await get(RUNS)).body).toMatchObject({
      items: [],
      errors: [{ code: 'INSTANCE_NOT_CONFIGURED', retryable: false }],
    });
    expect((await get('/instances')).body).toEqual({ items: [], errors: [] });

    await expect(
      startPortal({
        mlflow: { instances: [{ name: 'local', baseUrl: 'localhost' }] },
      }),
    ).rejects.toThrow("'mlflow.instances[0].baseUrl'");
  });

  it('reads so many references of an entity and says that there are more', async () => {
    const names = Array.from({ length: 30 }, (_, index) => `e${index}`);
    const { get, mlflow } = await start(answer, {
      entities: [
        createModel('churn', { 'mlflow.org/experiment-name': names.join() }),
      ],
    });
    const { body } = await get<MlflowListResponse<MlflowRun>>(RUNS);
    expect(body.errors).toMatchObject([
      { code: 'BAD_REQUEST', message: expect.stringContaining('more than 20') },
    ]);
    expect(
      mlflow.requests.filter(({ path }) => path.endsWith('get-by-name')),
    ).toHaveLength(20);
  });
});

// SPDX-License-Identifier: Apache-2.0
import { mockServices } from '@backstage/backend-test-utils';
import type http from 'node:http';
import {
  sendJson,
  startHttpServer,
  type ReceivedRequest,
} from '@greenroom/local-platform/testing';
import { MlflowClient, MlflowClientError } from '.';
import type { MlflowInstanceConfig } from './readMlflowInstances';

type Handler = (
  request: ReceivedRequest,
  response: http.ServerResponse,
) => void;

const SECRET = 'c2VjcmV0LXRva2Vu';

describe('MlflowClient against a server with faults', () => {
  const stops: Array<() => Promise<void>> = [];

  afterEach(async () => {
    await Promise.all(stops.splice(0).map(stop => stop()));
  });

  async function start(
    handler: Handler,
    config: Partial<MlflowInstanceConfig> = {},
  ) {
    const server = await startHttpServer(handler);
    stops.push(server.stop);
    const logger = mockServices.logger.mock();
    const client = new MlflowClient(
      {
        name: 'eu',
        baseUrl: server.url,
        webUrl: server.url,
        trackingUri: server.url,
        headers: { authorization: `Bearer ${SECRET}` },
        timeoutMs: 20_000,
        maxResponseSize: 100_000,
        maxConcurrent: 8,
        ...config,
      },
      { logger },
    );
    return { ...server, client, logger };
  }

  async function failureOf(promise: Promise<unknown>) {
    const error = await promise.then(
      () => undefined,
      reason => reason,
    );
    if (!(error instanceof MlflowClientError)) {
      throw new Error(`Expected an MlflowClientError, got ${error}`);
    }
    return error;
  }

  it('reads what servers write: bare NaN, text for numbers, unknown and absent fields', async () => {
    const { client, requests } = await start((_request, response) => {
      response.setHeader('content-type', 'application/json');
      response.end(`{"next_page_token": "more", "future": {}, "runs": [{
        "info": {"run_uuid": "r1", "experiment_id": 7, "status": "FINISHED", "start_time": "1795248195667",
                 "end_time": 1795248195740, "run_name": "say \\"NaN\\", 12345678901234567890", "new_field": [1]},
        "data": {
          "metrics": [
            {"key": "bare", "value": NaN, "timestamp": "1", "step": "12345678901234567890"},
            {"key": "plus", "value": Infinity}, {"key": "minus", "value":-Infinity},
            {"key": "text", "value": "NaN"}, {"key": "number text", "value": "0.25"},
            {"key": "null", "value": null}, {"key": "absent"},
            {"key": "sql infinity", "value": 1.7976931348623157e+308},
            {"key": "long", "value": 0.12345678901234567},
            {"key": "big", "value": 12345678901234567890},
            {"key": "__proto__", "value": 1}],
          "params": [{"key": "solver", "value": "a \\\\"}, {"key": "empty"}],
          "tags": [{"key": "mlflow.user", "value": "jane"}]},
        "inputs": {"dataset_inputs": [{"tags": [{"key": "mlflow.data.context", "value": "training"}],
                   "dataset": {"name": "iris", "digest": "abc", "schema": "{}"}}]},
        "outputs": {}},
        {"info": {"run_id": "r2", "experiment_id": "7", "status": 4, "start_time": 0}}]}`);
    });

    const page = await client.searchRuns({
      experimentIds: ['7'],
      filter: 'metrics.bare > 0',
      orderBy: ['metrics.`bare` DESC'],
      maxResults: 2,
      pageToken: 'token',
    });

    expect(requests[0].path).toBe('/api/2.0/mlflow/runs/search');
    expect(JSON.parse(requests[0].body)).toEqual({
      experiment_ids: ['7'],
      run_view_type: 'ACTIVE_ONLY',
      filter: 'metrics.bare > 0',
      order_by: ['metrics.`bare` DESC'],
      max_results: 2,
      page_token: 'token',
    });
    expect(page.nextPageToken).toBe('more');
    const [first, second] = page.items;
    expect(first).toMatchObject({
      runId: 'r1',
      runName: 'say "NaN", 12345678901234567890',
      experimentId: '7',
      status: 'FINISHED',
      startTime: 1795248195667,
      endTime: 1795248195740,
      params: { solver: 'a \\', empty: '' },
      tags: { 'mlflow.user': 'jane' },
      datasets: [{ name: 'iris', digest: 'abc', context: 'training' }],
    });
    expect(Object.entries(first.metrics)).toEqual([
      ['bare', 'NaN'],
      ['plus', 'Infinity'],
      ['minus', '-Infinity'],
      ['text', 'NaN'],
      ['number text', 0.25],
      ['null', 'NaN'],
      ['absent', 'NaN'],
      ['sql infinity', 'Infinity'],
      ['long', 0.12345678901234567],
      ['big', 12345678901234567890],
      ['__proto__', 1],
    ]);
    expect(second).toMatchObject({
      runId: 'r2',
      status: 'FAILED',
      startTime: undefined,
      metrics: {},
      datasets: [],
    });
  });

  it.each([
    [429, 'RATE_LIMITED'],
    [503, 'SERVER_ERROR'],
  ] as const)(
    'asks again after %i, at most twice, and never repeats a write',
    async (status, code) => {
      let failures = 2;
      const { client, requests } = await start((_request, response) => {
        if (failures-- > 0) {
          sendJson(response, {}, status, { 'retry-after': '0' });
        } else {
          sendJson(response, { experiments: [] });
        }
      });

      expect((await client.searchExperiments()).items).toEqual([]);
      expect(requests).toHaveLength(3);

      failures = Infinity;
      const error = await failureOf(client.searchExperiments());
      expect(error).toMatchObject({ code, status, retryable: true });
      expect(requests).toHaveLength(6);

      await failureOf(client.createExperiment({ name: 'churn' }));
      expect(requests).toHaveLength(7);
    },
  );

  it('does not wait for a Retry-After beyond its time limit', async () => {
    const { client, requests } = await start((_request, response) =>
      sendJson(response, {}, 429, {
        'retry-after': new Date(Date.now() + 3_600_000).toUTCString(),
      }),
    );
    const error = await failureOf(client.searchExperiments());
    expect(error.code).toBe('RATE_LIMITED');
    expect(requests).toHaveLength(1);
  });

  it.each([
    [
      404,
      { error_code: 'RESOURCE_DOES_NOT_EXIST', message: 'no such run' },
      'NOT_FOUND',
      'no such run',
    ],
    [404, '<h1>Not Found</h1>', 'NOT_FOUND', 'has no MLflow REST API'],
    [
      400,
      { error_code: 'INVALID_PARAMETER_VALUE', message: 'bad filter' },
      'BAD_REQUEST',
      'bad filter',
    ],
    [401, 'Unauthorized', 'UNAUTHENTICATED', 'does not accept the configured'],
    [
      403,
      { error_code: 'PERMISSION_DENIED', message: 'no' },
      'NOT_ALLOWED',
      'does not allow this',
    ],
    [
      403,
      'Invalid Host header - possible DNS rebinding attack detected',
      'NOT_ALLOWED',
      'MLFLOW_SERVER_ALLOWED_HOSTS',
    ],
    [
      500,
      { error_code: 'INTERNAL_ERROR', message: 'stack trace' },
      'SERVER_ERROR',
      'failed to answer (HTTP 500)',
    ],
    [
      400,
      { error_code: 'INTERNAL_ERROR', message: 'stack trace' },
      'SERVER_ERROR',
      'failed to answer (HTTP 400)',
    ],
    [
      500,
      { error_code: 'INTERNAL_ERROR', message: 'No closing quotation' },
      'BAD_REQUEST',
      'No closing quotation',
    ],
    [502, '<html>', 'SERVER_ERROR', 'failed to answer (HTTP 502)'],
    [418, '', 'BAD_REQUEST', 'refused the request (HTTP 418)'],
  ])('tells what %i %j means: %s', async (status, body, code, message) => {
    const { client } = await start((_request, response) => {
      response.writeHead(status);
      response.end(typeof body === 'string' ? body : JSON.stringify(body));
    });
    const error = await failureOf(client.searchExperiments());
    expect(error).toMatchObject({ code, status, instance: 'eu' });
    expect(error.message).toContain(message);
    expect(error.message).not.toMatch(/<|stack trace/);
  });

  it('tells what does not exist from a wrong address', async () => {
    let body = JSON.stringify({ error_code: 'RESOURCE_DOES_NOT_EXIST' });
    const { client } = await start((_request, response) => {
      response.writeHead(404);
      response.end(body);
    });
    expect(await client.getExperimentByName('x')).toBeUndefined();
    expect(await client.getRun('x')).toBeUndefined();
    expect(await client.getRegisteredModel('x')).toBeUndefined();
    body = 'Not Found';
    expect((await failureOf(client.getRun('x'))).message).toBe(
      "MLflow instance 'eu' has no MLflow REST API at the configured address (HTTP 404)",
    );
  });

  it.each([
    ['{"runs": [', 'did not answer with JSON'],
    ['<html>Sign in</html>', 'did not answer with JSON'],
    ['[]', 'in an unknown form'],
    ['{"runs": {}}', 'in an unknown form (at runs)'],
  ])('refuses the answer %s', async (text, message) => {
    const { client } = await start((_request, response) => response.end(text));
    const error = await failureOf(client.searchRuns({ experimentIds: ['1'] }));
    expect(error).toMatchObject({
      code: 'MALFORMED_RESPONSE',
      retryable: false,
    });
    expect(error.message).toContain(message);
  });

  it('leaves out what is malformed, part by part, and says where', async () => {
    const good = { info: { run_id: 'good', experiment_id: '1' } };
    let runs: unknown[] = [];
    const { client } = await start((_request, response) =>
      sendJson(response, { runs, next_page_token: 7 }),
    );
    const search = (...others: unknown[]) => {
      runs = [good, ...others];
      return client.searchRuns({ experimentIds: ['1'] });
    };
    const cases: Array<[unknown, string]> = [
      [{ info: { run_id: 'r' } }, '1.info.experiment_id'],
      [{ info: { experiment_id: '1' } }, '1.info.run_id'],
      [{ info: { ...good.info, experiment_id: null } }, '1.info.experiment_id'],
      [{ info: { ...good.info, status: 'DREAMING' } }, '1.info.status'],
      [{ info: { ...good.info, status: 6 } }, '1.info.status'],
      [{ info: { ...good.info, start_time: {} } }, '1.info.start_time'],
      [{ ...good, data: 'none' }, '1.data'],
      [null, '1'],
      ['run', '1'],
    ];
    for (const [bad, place] of cases) {
      const { items, nextPageToken, unreadable } = await search(bad);
      expect(items.map(({ runId }) => runId)).toEqual(['good']);
      expect(unreadable).toEqual([place]);
      expect(nextPageToken).toBeUndefined();
    }

    const parts = await search({
      info: { run_id: 'parts', experiment_id: '1' },
      data: {
        metrics: [
          { key: 'a', value: { mean: 1 } },
          { key: 'b', value: 0.5 },
          { value: 1 },
        ],
        params: { solver: 'lbfgs' },
        tags: [{ key: 'x', value: 7 }, { key: 'y', value: 'z' }, null],
      },
      inputs: { dataset_inputs: [{ dataset: 'iris' }] },
    });
    expect(parts.unreadable).toBeUndefined();
    expect(parts.items[0].unreadable).toBeUndefined();
    expect(parts.items[1]).toMatchObject({
      metrics: { b: 0.5 },
      params: {},
      tags: { y: 'z' },
      datasets: [],
      unreadable: [
        'data.metrics.0.value',
        'data.metrics.2.key',
        'data.params',
        'data.tags.0.value',
        'data.tags.2',
        'inputs.dataset_inputs.0.dataset',
      ],
    });
  });

  it('reads no tags of an experiment or model in part, since they say whose it is', async () => {
    const { client } = await start((request, response) =>
      sendJson(
        response,
        request.path.includes('registered')
          ? { registered_model: { name: 'a', tags: [{ key: 1 }] } }
          : { experiment: { experiment_id: '1', name: 'a', tags: ['mark'] } },
      ),
    );
    expect(await failureOf(client.getExperiment('1'))).toMatchObject({
      code: 'MALFORMED_RESPONSE',
      message: expect.stringContaining('(at experiment.tags.0)'),
    });
    expect(await failureOf(client.getRegisteredModel('a'))).toMatchObject({
      code: 'MALFORMED_RESPONSE',
      message: expect.stringContaining('(at registered_model.tags.0.key)'),
    });
  });

  it.each<[string, string]>([
    ['champion', 'champion'],
    ['a\u0301', 'a\u0301'],
    ['\u202Egnp', '\u202Egnp'],
    ['🔥', '🔥'],
    ...[
      '',
      ' \t\n\u00a0\u3000',
      '\u200b',
      '\u2060\ufeff',
      '\u00ad',
      '\ufe0f\u{e0100}',
      '\u{e0041}\u{e007f}',
      '\u0301\u20dd',
      '\u202e\u2066\u2069',
      '\u115f\u1160\u3164\uffa0',
      '\u2800',
    ].map((name): [string, string] => [name, 'id']),
  ])('calls a run with the name %j %j', async (name, expected) => {
    const { client } = await start((_request, response) =>
      sendJson(response, {
        run: {
          info: { run_id: 'id', experiment_id: '1', run_name: name },
          data: { tags: [{ key: 'mlflow.runName', value: name }] },
        },
      }),
    );
    expect((await client.getRun('id'))?.runName).toBe(expected);
  });

  it.each([
    [0, undefined],
    [-5, undefined],
    ['', undefined],
    ['soon', undefined],
    [null, undefined],
    ['1795248195667', 1_795_248_195_667],
    ['9223372036854775807', 8_640_000_000_000_000],
  ])('reads the time %j as %j', async (start_time, expected) => {
    const { client } = await start((_request, response) =>
      sendJson(response, {
        run: { info: { run_id: 'id', experiment_id: '1', start_time } },
      }),
    );
    expect((await client.getRun('id'))?.startTime).toBe(expected);
  });

  it('takes children out itself where MLflow cannot', async () => {
    const total = 1_234;
    const { client, requests } = await start((request, response) => {
      const body = JSON.parse(request.body);
      if (body.filter?.includes('IS NULL')) {
        sendJson(response, { error_code: 'INVALID_PARAMETER_VALUE' }, 400);
        return;
      }
      const from = Number(body.page_token ?? 0);
      const to = Math.min(from + body.max_results, total);
      sendJson(response, {
        runs: Array.from({ length: to - from }, (_, index) => ({
          info: { run_id: `r${from + index}`, experiment_id: '1' },
          data: {
            tags:
              (from + index) % 100 === 0
                ? []
                : [{ key: 'mlflow.parentRunId', value: 'r0' }],
          },
        })),
        next_page_token: to < total ? String(to) : undefined,
      });
    });
    const found: string[] = [];
    let pageToken: string | undefined;
    do {
      const page = await client.searchRuns({
        experimentIds: ['1'],
        topLevel: true,
        maxResults: 50,
        pageToken,
      });
      found.push(...page.items.map(({ runId }) => runId));
      pageToken = page.nextPageToken;
    } while (pageToken && requests.length < 100);
    expect(found).toEqual(
      Array.from({ length: 13 }, (_, index) => `r${index * 100}`),
    );
  });

  it.each([404, 405, 501])(
    'counts nothing where MLflow is too old (%i)',
    async status => {
      const { client, requests } = await start((_request, response) => {
        response.writeHead(status);
        response.end('<html>');
      });
      expect(await client.countTraces('1')).toBeUndefined();
      expect(await client.countLoggedModels('1')).toBeUndefined();
      expect(requests.map(({ path }) => path)).toEqual([
        '/api/3.0/mlflow/traces/search',
        '/api/2.0/mlflow/traces',
        '/api/2.0/mlflow/logged-models/search',
      ]);
    },
  );

  it('probes past a queue of slow calls', async () => {
    const { client } = await start(
      (request, response) => {
        if (request.path.endsWith('experiments/search')) {
          sendJson(response, {});
        }
      },
      { maxConcurrent: 1 },
    );
    const slow = new AbortController();
    const waiting = ['1', '2'].map(id =>
      client.getExperiment(id, { signal: slow.signal }).catch(() => {}),
    );
    expect(await client.probe()).toBeUndefined();
    slow.abort();
    await Promise.all(waiting);
  });

  it('stops reading an answer that is too large, and lets go of the server', async () => {
    let closed: () => void;
    const isClosed = new Promise<void>(resolve => {
      closed = resolve;
    });
    const { client } = await start((_request, response) => {
      const timer = setInterval(() => response.write(' '.repeat(50_000)), 1);
      response.on('close', () => {
        clearInterval(timer);
        closed();
      });
    });
    const error = await failureOf(client.searchExperiments());
    expect(error.code).toBe('RESPONSE_TOO_LARGE');
    await isClosed;
  });

  it.each<[string, Handler]>([
    ['never answers', () => {}],
    [
      'drips',
      (_request, response) => {
        const timer = setInterval(() => response.write(' '), 10);
        response.on('close', () => clearInterval(timer));
      },
    ],
  ])('ends within its time limit when the server %s', async (_how, handler) => {
    const { client } = await start(handler, { timeoutMs: 150 });
    const error = await failureOf(client.searchExperiments());
    expect(error).toMatchObject({ code: 'TIMEOUT', retryable: true });
  });

  it('says that nothing listens, and comes back after a lost connection', async () => {
    let isLost = true;
    const { client, requests, stop } = await start((_request, response) => {
      if (isLost) {
        isLost = false;
        response.destroy();
      } else {
        sendJson(response, {
          experiments: [{ experiment_id: '1', name: 'a' }],
        });
      }
    });
    expect((await client.searchExperiments()).items).toHaveLength(1);
    expect(requests).toHaveLength(2);
    await stop();
    expect(await failureOf(client.searchExperiments())).toMatchObject({
      code: 'UNREACHABLE',
      retryable: true,
      message: expect.stringContaining(
        "MLflow instance 'eu' cannot be reached",
      ),
    });
  });

  it('follows a redirect on the same host only, so that credentials stay there', async () => {
    const stranger = await startHttpServer((_request, response) =>
      sendJson(response, {
        experiment: { experiment_id: '1', name: 'stolen' },
      }),
    );
    stops.push(stranger.stop);
    let location = `${stranger.url}/login?next=1`;
    const { client, requests } = await start((request, response) => {
      if (request.path === '/moved') {
        sendJson(response, { experiment: { experiment_id: '1', name: 'a' } });
      } else {
        response.writeHead(302, { location });
        response.end();
      }
    });
    const error = await failureOf(client.getExperiment('1'));
    expect(error.code).toBe('MALFORMED_RESPONSE');
    expect(error.message).toContain(`redirects to ${stranger.url}, which`);
    expect(stranger.requests).toHaveLength(0);

    location = '/moved';
    expect((await client.getExperiment('1'))?.name).toBe('a');
    expect(requests.at(-1)?.headers.authorization).toBe(`Bearer ${SECRET}`);

    location = '/api/2.0/mlflow/again';
    expect((await failureOf(client.getExperiment('1'))).message).toContain(
      'redirects without end',
    );
  });

  it('makes one request for identical reads at a time, and ends it when nobody waits', async () => {
    const held: http.ServerResponse[] = [];
    const closed: string[] = [];
    const { client, requests } = await start((request, response) => {
      held.push(response);
      response.on('close', () => closed.push(request.body));
    });
    const until = async (isDone: () => boolean) => {
      for (let round = 0; round < 500 && !isDone(); round++) {
        await new Promise(resolve => setTimeout(resolve, 5));
      }
      expect(isDone()).toBe(true);
    };

    const impatient = new AbortController();
    const same = Array.from({ length: 20 }, (_, index) =>
      client.searchRuns(
        { experimentIds: ['1'] },
        { signal: index === 0 ? impatient.signal : undefined },
      ),
    );
    same[0].catch(() => {});
    const other = client.searchRuns({ experimentIds: ['2'] });
    await until(() => held.length === 2);
    impatient.abort(new Error('gone'));
    await expect(same[0]).rejects.toThrow('gone');
    held.forEach(response => sendJson(response, { runs: [] }));
    await Promise.all([...same.slice(1), other]);
    expect(requests).toHaveLength(2);

    const lonely = new AbortController();
    const abandoned = client.searchRuns(
      { experimentIds: ['3'] },
      { signal: lonely.signal },
    );
    abandoned.catch(() => {});
    await until(() => held.length === 3);
    lonely.abort(new Error('gone'));
    await expect(abandoned).rejects.toThrow('gone');
    await until(() => closed.some(body => body.includes('"3"')));

    await expect(
      client.searchRuns({ experimentIds: ['4'] }, { signal: lonely.signal }),
    ).rejects.toThrow('gone');
    expect(requests).toHaveLength(3);
  });

  it('keeps to the number of concurrent calls', async () => {
    const held: http.ServerResponse[] = [];
    let most = 0;
    const { client } = await start(
      (_request, response) => {
        held.push(response);
        most = Math.max(most, held.length);
        if (held.length === 3) {
          for (const each of held.splice(0)) {
            sendJson(each, {
              run: { info: { run_id: 'r', experiment_id: '1' } },
            });
          }
        }
      },
      { maxConcurrent: 3 },
    );
    await Promise.all(
      Array.from({ length: 21 }, (_, index) => client.getRun(`run-${index}`)),
    );
    expect(most).toBe(3);
  });

  it('reads all pages, as many as wanted, and ends where a server repeats itself', async () => {
    const { client, requests } = await start((request, response) => {
      const page = Number(JSON.parse(request.body).page_token ?? 0);
      sendJson(response, {
        runs: [0, 1].map(index => ({
          info: { run_id: `${page}-${index}`, experiment_id: '1' },
        })),
        next_page_token: page === 3 ? '1' : String(page + 1),
      });
    });
    const ids = async (maxItems?: number) => {
      const found: string[] = [];
      for await (const run of client.iterateRuns(
        { experimentIds: ['1'] },
        { maxItems },
      )) {
        found.push(run.runId);
      }
      return found;
    };
    expect(await ids()).toEqual([
      '0-0',
      '0-1',
      '1-0',
      '1-1',
      '2-0',
      '2-1',
      '3-0',
      '3-1',
    ]);
    expect(requests).toHaveLength(4);
    expect(await ids(3)).toEqual(['0-0', '0-1', '1-0']);
    expect(requests).toHaveLength(6);
  });

  it('shows its credentials to the server alone: neither errors nor logs hold them', async () => {
    const pair = Buffer.from('portal:pass-word').toString('base64');
    const { client, logger, requests } = await start(
      (request, response) =>
        sendJson(
          response,
          {
            error_code: 'INVALID_PARAMETER_VALUE',
            message: `You sent\n${request.headers.authorization} and ${request.headers['x-api-key']}\u202e`,
          },
          400,
        ),
      {
        headers: { authorization: `Basic ${pair}`, 'x-api-key': 'key-4711' },
      },
    );
    const error = await failureOf(
      client.searchRuns({ experimentIds: ['1'], filter: 'hush' }),
    );
    expect(requests[0].headers.authorization).toBe(`Basic ${pair}`);
    expect(error.message).toBe('You sent *** and ***');
    const written = JSON.stringify([
      ...logger.debug.mock.calls,
      ...logger.info.mock.calls,
      ...logger.warn.mock.calls,
      ...logger.error.mock.calls,
      { ...error },
      client,
    ]);
    expect(written).toContain('runs/search answered 400');
    for (const secret of [pair, 'key-4711', 'hush']) {
      expect(written).not.toContain(secret);
    }
  });
});

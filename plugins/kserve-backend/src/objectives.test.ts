// SPDX-License-Identifier: Apache-2.0
import { sendJson } from '@greenroom/local-platform/testing';
import type { JsonObject } from '@backstage/types';
import { eventually, startFakeApiServer } from './__testUtils__/FakeApiServer';
import {
  ERRORS,
  LATENCY,
  startFakePrometheus,
} from './__testUtils__/startFakePrometheus';
import {
  createModel,
  startPortal,
  toClusterConfig,
} from './__testUtils__/startPortal';

jest.setTimeout(120_000);

const ROUTE =
  'entities/component/default/churn/inference-services/local/team/churn/objectives';
const SINCE = 1_789_000_000;
const ACTIVE_AT = '2026-11-29T13:02:11.5Z';

describe('objectives of what is served', () => {
  let cluster: Awaited<ReturnType<typeof startFakeApiServer>>;
  let prometheus: Awaited<ReturnType<typeof startFakePrometheus>>;
  let portal: Awaited<ReturnType<typeof startPortal>>;

  const start = async (toConfig: (url: string) => JsonObject) => {
    portal = await startPortal({
      clusters: [toClusterConfig('local', cluster.url)],
      kserve: toConfig(prometheus.url),
      entities: [createModel('churn')],
    });
    await eventually(async () => {
      const { items } = await portal.list('churn');
      expect(items).toHaveLength(1);
    });
  };
  const startUsual = () =>
    start(url => ({
      prometheus: [
        { name: 'other', url: 'http://127.0.0.1:9', cluster: 'other' },
        { name: 'main', url: `${url}/`, cluster: 'local', token: 'hush-hush' },
      ],
    }));
  const read = async () => {
    const answer = await portal.get(ROUTE);
    expect(answer.status).toBe(200);
    return answer.body;
  };

  beforeEach(async () => {
    cluster = await startFakeApiServer();
    cluster.put('InferenceService', {
      metadata: {
        name: 'churn',
        namespace: 'team',
        labels: { 'backstage.io/kubernetes-id': 'churn' },
      },
      spec: { predictor: { model: { modelFormat: { name: 'mlflow' } } } },
    });
    prometheus = await startFakePrometheus();
  });

  afterEach(async () => {
    await portal?.stop();
    await cluster.stop();
    await prometheus.stop();
  });

  it('reads objectives, budgets and burn rates as the rules have them, and which pair alerts since when', async () => {
    const { control } = prometheus;
    control.errors = { all: 40_000.4, some: 90.2, since: SINCE, '1h': 60.2 };
    control.latency = { all: 40_000, some: 39_000, since: SINCE };
    control.ratios = {
      [`${ERRORS}5m`]: 0.08,
      [`${ERRORS}1h`]: 0.1,
      [`${ERRORS}30m`]: 0.001,
      [`${ERRORS}6h`]: 0.04,
      [`${ERRORS}1d`]: 0.02,
      [`${ERRORS}2h`]: 0.03,
      [`${ERRORS}3d`]: 0.001,
      [`${LATENCY}1h`]: 0.01,
      [`${LATENCY}5m`]: 'NaN',
    };
    const labels = { alertname: 'ModelErrorBudgetBurnFast', namespace: 'team' };
    control.alerts = [
      { labels: { ...labels, model_name: 'other' }, state: 'pending' },
      {
        labels: { ...labels, model_name: 'churn' },
        state: 'firing',
        activeAt: ACTIVE_AT,
      },
    ];
    await startUsual();
    const { configured, errors, items } = await read();
    expect([configured, errors]).toEqual([true, []]);
    const [latency, ofErrors] = items;
    expect(latency).toMatchObject({
      kind: 'latency',
      target: 0.95,
      thresholdMs: 500,
      days: 30,
      counted: { requests: 40_000, bad: 1_000, since: SINCE * 1_000 },
      budgetLeft: expect.closeTo(0.5),
    });
    expect(latency.pairs[0]).toEqual({
      alert: 'ModelLatencyBudgetBurnFast',
      severity: 'critical',
      long: { window: '1h', rate: expect.closeTo(0.2) },
      short: { window: '5m' },
      threshold: 14.4,
      state: 'calm',
    });
    expect(ofErrors).toMatchObject({
      kind: 'errors',
      target: 0.995,
      counted: { requests: 40_000, bad: 90 },
      budgetLeft: expect.closeTo(0.55, 3),
    });
    expect(
      ofErrors.pairs.map(
        ({
          long,
          short,
          state,
          threshold,
        }: Record<'long' | 'short', { window: string }> & {
          state: string;
          threshold: number;
        }) => [long.window, short.window, threshold, state],
      ),
    ).toEqual([
      ['1h', '5m', 14.4, 'firing'],
      ['6h', '30m', 6, 'long-only'],
      // The rule's alert is not there yet.
      ['1d', '2h', 3, 'over'],
      ['3d', '6h', 1, 'calm'],
    ]);
    expect(ofErrors.pairs[0]).toMatchObject({
      long: { rate: expect.closeTo(20) },
      short: { rate: expect.closeTo(16) },
      requests: 60,
      since: Date.parse(ACTIVE_AT),
    });
    for (const { headers, path } of prometheus.requests) {
      expect([path.split('/')[1], headers.authorization]).toEqual([
        'api',
        'Bearer hush-hush',
      ]);
    }
    const queries = prometheus.requests.map(({ query }) => query.get('query'));
    expect(queries.filter(query => query)).toHaveLength(4);
    for (const query of queries) {
      expect(query ?? 'namespace="team", model_name="churn"').toContain(
        'namespace="team", model_name="churn"',
      );
    }
  });

  it('says nothing of a budget with little traffic, and nothing at all without a request', async () => {
    prometheus.control.errors = { all: 1_000, '1h': 2 };
    // Without buckets nobody knows how many were slow.
    prometheus.control.latency = { all: 1_000 };
    await startUsual();
    const { errors, items } = await read();
    expect(errors).toEqual([]);
    const [latency, ofErrors] = items;
    expect(ofErrors.counted).toEqual({ requests: 1_000, bad: 0 });
    expect(ofErrors).not.toHaveProperty('budgetLeft');
    expect(latency).not.toHaveProperty('counted');
    expect(latency.pairs[0].long).toEqual({ window: '1h' });
    prometheus.control.hasRules = false;
    expect(await read()).toEqual({ configured: true, items: [], errors: [] });
  });

  it.each<[string, typeof prometheus.control.answer, string]>([
    [
      'an error with its words',
      response =>
        sendJson(
          response,
          { status: 'error', error: 'too many\nsamples' },
          503,
        ),
      "Prometheus 'main' answers 503: too many",
    ],
    [
      'a page of a proxy',
      response => response.end('<html>Sign in at http://10.0.0.1</html>'),
      "Prometheus 'main' answers something else",
    ],
    [
      'another shape',
      response =>
        sendJson(response, { status: 'success', data: { groups: [{}] } }),
      "Prometheus 'main' answers something else",
    ],
    [
      'another place',
      response => {
        response.writeHead(302, { location: 'http://127.0.0.1:9/' }).end();
      },
      "Prometheus 'main' does not answer",
    ],
    [
      'too much',
      response => response.end('x'.repeat(5_000_000)),
      "Prometheus 'main' answers with more than 4194304 bytes",
    ],
    ['silence', () => {}, "Prometheus 'main' does not answer within 5 s"],
    [
      'half of it',
      (response, path) =>
        path.endsWith('/rules')
          ? sendJson(response, {
              data: {
                groups: [
                  {
                    rules: [
                      {
                        type: 'alerting',
                        name: 'ModelErrorBudgetBurnSlow',
                        query: `${ERRORS}3d > 0.005 and ${ERRORS}6h > 0.005`,
                      },
                    ],
                  },
                ],
              },
            })
          : response.destroy(),
      "Prometheus 'main' does not answer",
    ],
  ])('tells of %s as data', async (_what, answer, words) => {
    prometheus.control.answer = answer;
    await startUsual();
    expect(await read()).toEqual({
      configured: true,
      items: [],
      errors: [words],
    });
  });

  it('has nothing to say of a cluster without a Prometheus, and refuses other services', async () => {
    await start(url => ({
      prometheus: [{ name: 'other', url, cluster: 'other' }],
    }));
    expect(await read()).toEqual({ configured: false, items: [], errors: [] });
    const other = await portal.get(ROUTE.replace('team/churn', 'team/hidden'));
    expect(other.status).toBe(404);
    expect(prometheus.requests).toEqual([]);
  });

  it('names a setting that is wrong', async () => {
    await expect(
      start(() => ({ prometheus: [{ name: 'main', url: 'ftp://x' }] })),
    ).rejects.toThrow("'kserve.prometheus.0.url'");
  });
});

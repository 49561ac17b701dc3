// SPDX-License-Identifier: Apache-2.0
import { createAlertReport } from '../report/createAlertReport';
import type { AlertFailure } from '../types';
import { alertCase, at, seriesOf, START } from './__testUtils__/alertCase';

const POD = 'scorer-6c9d7f5b84-k2x9v';
const OF_POD = { namespace: 'risk', pod: POD };

/** The report of an alert on a pod that runs, of lines from five minutes before it on. */
async function explain(options: {
  lines: string[];
  previous?: boolean;
  name?: string;
  expression?: string;
  command?: string[];
  objects?: object[];
  metrics?: AlertFailure['metrics'];
  status?: object;
}) {
  const stamped = [
    `${at(-30)} INFO ready`,
    ...options.lines.map((line, index) => `${at(-5 + index / 60)} ${line}`),
  ];
  const failure = alertCase({
    labels: { alertname: options.name ?? 'ScorerErrors', ...OF_POD },
    expr: options.expression ?? 'rate(errors_total[5m]) > 0.1',
    objects: [
      {
        kind: 'Pod',
        metadata: { name: POD, namespace: 'risk', creationTimestamp: at(-600) },
        spec: {
          containers: [
            {
              name: 'server',
              image: 'scorer:2',
              command: options.command ?? ['python', 'serve.py'],
            },
          ],
        },
        status: {
          conditions: [{ type: 'Ready', status: 'True' }],
          containerStatuses: [
            { name: 'server', restartCount: 0, ...options.status },
          ],
        },
      },
      ...(options.objects ?? []),
    ],
    logs: { [`${POD}_server`]: stamped },
    metrics: options.metrics,
  });
  const [log] = failure.logs;
  const report = await createAlertReport(
    { ...failure, logs: [{ ...log, previous: options.previous ?? false }] },
    {},
  );
  const { outcome } = report.rootCause;
  const { evidence = [], statement = '' } = report.rootCause;
  return {
    rule: outcome === 'identified' ? report.failure.rule : 'inconclusive',
    statement,
    quotes: evidence.slice(0, 3).map(({ quote }) => quote),
  };
}

const many = (line: string) => Array.from({ length: 6 }, () => line);

describe('findCauses', () => {
  it('takes an exception of what goes on running for a symptom, and names it first', async () => {
    const { rule, statement } = await explain({
      lines: many(
        'ERROR ValueError: the batch has 3 rows more than the feature table',
      ),
    });
    expect(rule).toBe('inconclusive');
    expect(statement).toContain('(1) server fails since the alert began');
    expect(statement).toContain('3 rows more than the feature table');

    // A logger of that name says no error.
    const calm = await explain({
      lines: many('6933 uvicorn.error INFO:     Started server process [6933]'),
    });
    expect(calm.statement).not.toContain('Started server process');
  });

  it('takes what came with a rollout for the cause of slowness where the log says so, too', async () => {
    const revision = (number: number, minutes: number) => ({
      kind: 'ReplicaSet',
      metadata: {
        name: number === 2 ? 'scorer-6c9d7f5b84' : 'scorer-1',
        namespace: 'risk',
        creationTimestamp: at(minutes),
        annotations: { 'deployment.kubernetes.io/revision': `${number}` },
        ownerReferences: [{ kind: 'Deployment', name: 'scorer' }],
      },
      spec: {
        template: {
          spec: { containers: [{ name: 'server', image: `scorer:${number}` }] },
        },
      },
    });
    const slow = (lines: string[]) =>
      explain({
        lines,
        name: 'ModelLatencyHigh',
        objects: [revision(1, -9000), revision(2, -6)],
      });
    const { quotes, rule, statement } = await slow(
      many('WARNING Slow prediction of version 2: 815 ms for 89 rows'),
    );
    expect(rule).toBe('after-rollout');
    expect(statement).toContain('image scorer:1 → scorer:2');
    expect(statement).toContain('Slow prediction of version 2');
    expect(quotes[0]).toContain('Slow prediction of version 2');
    expect((await slow(many('INFO answered'))).rule).toBe('inconclusive');
  });

  it('knows what workers and poolers do to connections, only where they are', async () => {
    const statement = many(
      'ERROR asyncpg.exceptions.DuplicatePreparedStatementError: prepared statement "__asyncpg_stmt_2__" already exists',
    );
    expect((await explain({ lines: statement })).rule).toBe(
      'line-prepared-statement',
    );
    const mixed = many(
      'ERROR psycopg2.OperationalError: SSL error: decryption failed or bad record mac',
    );
    const forked = ['gunicorn', 'app:app', '--workers', '4', '--preload'];
    expect((await explain({ lines: mixed, command: forked })).rule).toBe(
      'line-connection-shared-by-forks',
    );
    expect((await explain({ lines: mixed })).rule).toBe('inconclusive');
    expect(
      (
        await explain({
          lines: many(
            "ERROR redis.exceptions.ReadOnlyError: You can't write against a read only replica.",
          ),
        })
      ).rule,
    ).toBe('line-read-only-replica');
  });

  it('reads how long a server keeps connections from its arguments, however they are written', async () => {
    const lines = many(
      'ERROR upstream prematurely closed connection while reading response header from upstream',
    );
    const uvicorn = ['uvicorn', 'app:app'];
    expect((await explain({ lines, command: uvicorn })).rule).toBe(
      'keep-alive-race',
    );
    expect(
      (
        await explain({
          lines,
          command: [...uvicorn, '--timeout-keep-alive', '75'],
        })
      ).rule,
    ).toBe('inconclusive');
  });

  it('sees that calls inside of the cluster go to a proxy, unless it is told to leave them', async () => {
    const lines = many(
      'ERROR 503 Server Error: Service Unavailable for url: http://features.risk.svc:8080/rows',
    ).flatMap(line => [
      'DEBUG Starting new HTTP connection (1): proxy.example.com:3128',
      line,
    ]);
    const proxyOf = (exceptions: string) => ({
      kind: 'ConfigMap',
      metadata: {
        name: 'egress',
        namespace: 'risk',
        creationTimestamp: at(-60),
      },
      data: {
        HTTP_PROXY: 'http://proxy.example.com:3128',
        NO_PROXY: exceptions,
      },
    });
    const { rule, statement } = await explain({
      lines,
      objects: [proxyOf('localhost,127.0.0.1')],
    });
    expect(rule).toBe('proxy-without-exceptions');
    expect(statement).toContain('sets HTTP_PROXY, 60 min before the alert');
    expect(
      (await explain({ lines, objects: [proxyOf('localhost,.svc')] })).rule,
    ).toBe('inconclusive');
  });

  it('tells a library that does not fit from an error of the program itself', async () => {
    const crashed = {
      restartCount: 5,
      lastState: { terminated: { exitCode: 1, finishedAt: at(-1) } },
    };
    const traceOf = (file: string) => [
      'INFO httpx==0.28.1',
      'Traceback (most recent call last):',
      `  File "${file}", line 122, in __init__`,
      "TypeError: Client.__init__() got an unexpected keyword argument 'proxies'",
    ];
    const installed = await explain({
      lines: traceOf('/usr/lib/python3.12/site-packages/openai/_client.py'),
      previous: true,
      status: crashed,
    });
    expect(installed.rule).toBe('library-misfit');
    expect(installed.statement).toContain('openai');
    expect(installed.statement).toContain('httpx==0.28.1');
    expect(
      (
        await explain({
          lines: traceOf('/app/main.py'),
          previous: true,
          status: crashed,
        })
      ).rule,
    ).toBe('last-words');
  });

  it('knows metrics that do not measure what their rule takes them for', async () => {
    const expression = 'rate(process_cpu_seconds_total[5m]) > 1.6';
    const metrics = [
      seriesOf(expression, OF_POD, minute => (minute < 0 ? 0.1 : 6)),
      seriesOf('process_cpu_seconds_total', OF_POD, minute =>
        minute % 4 === 0 ? 5 : 300,
      ),
      seriesOf('container_cpu_usage_seconds_total', OF_POD, () => 0.4),
    ];
    const busy = { lines: ['INFO ready'], name: 'ProcessCpu', expression };
    const workers = ['gunicorn', 'app:app', '-w', '4'];
    expect((await explain({ ...busy, metrics, command: workers })).rule).toBe(
      'counter-of-each-worker',
    );
    expect(
      (
        await explain({
          ...busy,
          metrics: metrics.slice(0, 1),
          command: workers,
        })
      ).rule,
    ).not.toBe('counter-of-each-worker');

    const seconds = Date.parse(START) / 1000;
    const day = 24 * 3600;
    const chain = '(probe_ssl_earliest_cert_expiry - time()) / 86400 < 14';
    const expiryAfter = (days: number) =>
      explain({
        lines: ['INFO ready'],
        name: 'CertificateExpires',
        expression: chain,
        metrics: [
          seriesOf(chain, OF_POD, () => 13.9),
          seriesOf(
            'nginx_ingress_controller_ssl_expire_time_seconds',
            OF_POD,
            () => seconds + days * day,
          ),
        ],
      });
    expect((await expiryAfter(600)).rule).toBe('earliest-of-chain');
    expect((await expiryAfter(13)).rule).not.toBe('earliest-of-chain');

    const quantileOf = (buckets: string) => {
      const quantile = `histogram_quantile(0.9, sum by (le) (${buckets})) > 1`;
      return explain({
        lines: ['INFO ready'],
        name: 'LatencyHigh',
        expression: quantile,
        metrics: [seriesOf(quantile, OF_POD, () => 1.4)],
      });
    };
    expect((await quantileOf('latency_seconds_bucket')).rule).toBe(
      'quantile-without-rate',
    );
    expect(
      (await quantileOf('rate(latency_seconds_bucket[5m])')).rule,
    ).not.toBe('quantile-without-rate');
  });

  it('shows settings that were written before the alert, notes of changes, and answers that fail', async () => {
    const { statement } = await explain({
      lines: many('"POST /v1/score HTTP/1.1" 422 17'),
      objects: [
        {
          kind: 'ConfigMap',
          metadata: {
            name: 'scorer-config',
            namespace: 'risk',
            creationTimestamp: at(-9000),
            annotations: {
              'example.com/change': `${at(-20)} ML-8 max batch 10000 -> 800`,
            },
          },
          data: { MAX_BATCH: '800' },
        },
        {
          kind: 'ConfigMap',
          metadata: {
            name: 'limits',
            namespace: 'risk',
            creationTimestamp: at(-40),
          },
          data: { MAX_ROWS: '12' },
        },
      ],
    });
    expect(statement).toMatch(
      /ConfigMap risk\/scorer-config was changed 20 min before the alert: "[^"]*max batch 10000 -> 800"/,
    );
    expect(statement).toMatch(
      /ConfigMap risk\/limits was written 40 min before the alert: "MAX_ROWS=12"/,
    );
    expect(statement).toContain('answers 6 of 6 requests with 422');
  });
});

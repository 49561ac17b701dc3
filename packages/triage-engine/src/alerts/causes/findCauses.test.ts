// SPDX-License-Identifier: Apache-2.0
import { bufferInput } from '../../logs/input/bufferInput';
import { alertmanagerBodySchema } from '../read/alertmanager';
import { createAlertReport } from '../report/createAlertReport';
import type { AlertFailure } from '../types';

const START = '2026-05-04T10:00:00Z';
const POD = 'scorer-6c9d7f5b84-k2x9v';
const at = (minutes: number) =>
  new Date(Date.parse(START) + minutes * 60_000).toISOString();

const seriesOf = (
  expr: string,
  valueAt: (minute: number) => number,
): AlertFailure['metrics'][number] => ({
  expr,
  series: [
    {
      metric: { namespace: 'risk', pod: POD },
      values: Array.from({ length: 180 }, (_, index) => [
        Date.parse(START) / 1000 + (index - 150) * 60,
        String(valueAt(index - 150)),
      ]),
    },
  ],
});

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
  const { alerts } = alertmanagerBodySchema.parse({
    version: '4',
    status: 'firing',
    alerts: [
      {
        status: 'firing',
        labels: {
          alertname: options.name ?? 'ScorerErrors',
          namespace: 'risk',
          pod: POD,
        },
        startsAt: START,
        generatorURL: `https://prometheus.example.com/graph?g0.expr=${encodeURIComponent(options.expression ?? 'rate(errors_total[5m]) > 0.1')}`,
      },
    ],
  });
  const stamped = [
    `${at(-30)} INFO ready`,
    ...options.lines.map((line, index) => `${at(-5 + index / 60)} ${line}`),
  ];
  const report = await createAlertReport(
    {
      incident: {},
      alert: alerts[0],
      objects: [
        {
          kind: 'Pod',
          metadata: {
            name: POD,
            namespace: 'risk',
            creationTimestamp: at(-600),
          },
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
      logs: [
        {
          pod: POD,
          container: 'server',
          previous: options.previous ?? false,
          input: bufferInput(stamped.join('\n'), 'any'),
        },
      ],
      metrics: options.metrics ?? [],
    },
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
      seriesOf(expression, minute => (minute < 0 ? 0.1 : 6)),
      seriesOf('process_cpu_seconds_total', minute =>
        minute % 4 === 0 ? 5 : 300,
      ),
      seriesOf('container_cpu_usage_seconds_total', () => 0.4),
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
          seriesOf(chain, () => 13.9),
          seriesOf(
            'nginx_ingress_controller_ssl_expire_time_seconds',
            () => seconds + days * day,
          ),
        ],
      });
    expect((await expiryAfter(600)).rule).toBe('earliest-of-chain');
    expect((await expiryAfter(13)).rule).not.toBe('earliest-of-chain');
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

// SPDX-License-Identifier: Apache-2.0
import { createAlertReport } from '../report/createAlertReport';
import { alertCase, at, seriesOf } from './__testUtils__/alertCase';

const POD = 'score-api-6c9d7f5b84-k2x9v';
const FROM_GUNICORN = [
  '[INFO] Autorestarting worker after current request.',
  '[INFO] Booting worker with pid: 4711',
];

const down = (
  durationAt: (minute: number) => number,
  env: object[],
  lines: string[],
) =>
  alertCase({
    labels: { alertname: 'TargetDown', namespace: 'risk', pod: POD },
    summary: 'Prometheus cannot scrape score-api',
    expr: 'up{job="score-api"} == 0',
    objects: [
      {
        kind: 'Pod',
        metadata: {
          name: POD,
          namespace: 'risk',
          creationTimestamp: at(-9000),
        },
        spec: { containers: [{ name: 'api', image: 'api:1', env }] },
        status: {
          conditions: [{ type: 'Ready', status: 'True' }],
          containerStatuses: [{ name: 'api', ready: true, restartCount: 0 }],
        },
      },
    ],
    logs: {
      [`${POD}_api`]: [
        ...lines.map(line => `${at(-60)} ${line}`),
        `${at(-50)} INFO "POST /score HTTP/1.1" 200 12ms`,
      ],
    },
    metrics: [
      seriesOf('up{job="score-api"}', { pod: POD }, minute =>
        durationAt(minute) >= 10 ? 0 : 1,
      ),
      seriesOf('scrape_duration_seconds', { pod: POD }, durationAt),
    ],
  });

const wobble = (minute: number) => (Math.abs(minute) % 3) * 0.1;
const grows = (minute: number) =>
  Math.min(10, 9.9 + minute * 0.02 + wobble(minute));
const varies = (minute: number) => [9, 7.2, 10, 8, 9.4][Math.abs(minute) % 5];

describe('growingScrapeCauses', () => {
  it('names the files of dead workers, where the scrape grows up to its timeout', async () => {
    const { failure, rootCause } = await createAlertReport(
      down(
        grows,
        [
          { name: 'PROMETHEUS_MULTIPROC_DIR', value: '/tmp/metrics' },
          { name: 'GUNICORN_CMD_ARGS', value: '--workers 4' },
        ],
        FROM_GUNICORN,
      ),
    );
    expect(rootCause.outcome).toBe('identified');
    expect(failure.rule).toBe('metric-files-of-dead-workers');
    expect(failure.reason).toMatch(
      /from 8\.1\d* to 10 s[\s\S]*PROMETHEUS_MULTIPROC_DIR=\/tmp\/metrics/,
    );
  });

  it('calls a growth of another kind neither that nor a false alarm', async () => {
    const { rootCause } = await createAlertReport(
      down(grows, [], ['INFO started']),
    );
    expect(rootCause).toMatchObject({
      outcome: 'inconclusive',
      statement: expect.stringContaining('/metrics takes longer and longer'),
    });
  });

  it('leaves scrapes that are slow now and then a false alarm', async () => {
    const { failure } = await createAlertReport(
      down(
        varies,
        [{ name: 'PROMETHEUS_MULTIPROC_DIR', value: '/tmp/metrics' }],
        FROM_GUNICORN,
      ),
    );
    expect(failure.rule).toBe('missed-scrapes');
  });
});

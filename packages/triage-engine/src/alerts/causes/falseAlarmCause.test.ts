// SPDX-License-Identifier: Apache-2.0
import { createAlertReport } from '../report/createAlertReport';
import { alertCase, at, seriesOf } from './__testUtils__/alertCase';

const POD = 'scorer-6c9d7f5b84-k2x9v';

const full = (shareAt: (minute: number) => number) =>
  alertCase({
    labels: { alertname: 'ContainerMemoryHigh', namespace: 'risk', pod: POD },
    summary: 'Memory usage of scorer above 85 %',
    expr: 'container_memory_rss / container_spec_memory_limit_bytes > 0.85',
    objects: [
      {
        kind: 'Pod',
        metadata: {
          name: POD,
          namespace: 'risk',
          creationTimestamp: at(-9000),
        },
        spec: { containers: [{ name: 'server', image: 'scorer:2' }] },
        status: {
          conditions: [{ type: 'Ready', status: 'True' }],
          containerStatuses: [{ name: 'server', ready: true, restartCount: 0 }],
        },
      },
    ],
    metrics: [
      seriesOf(
        'container_memory_rss / container_spec_memory_limit_bytes',
        { pod: POD },
        shareAt,
      ),
      seriesOf(
        'histogram_quantile(0.95, rate(request_duration_seconds_bucket[5m]))',
        { pod: POD },
        () => 0.2,
      ),
    ],
  });

const noise = (minute: number) => (Math.abs(minute) % 4) * 0.0005;

describe('falseAlarmCauses', () => {
  it('calls what is as it always was without impact, but not what creeps to its limit', async () => {
    const level = await createAlertReport(full(minute => 0.87 + noise(minute)));
    expect(level.failure.rule).toBe('no-impact');

    const creeping = await createAlertReport(
      full(minute => 0.87 + 0.0002 * minute + noise(minute)),
    );
    expect(creeping.rootCause).toMatchObject({
      outcome: 'inconclusive',
      statement: expect.stringMatching(
        /rises steadily[\s\S]*0\.85\d* to 0\.87/,
      ),
    });
  });
});

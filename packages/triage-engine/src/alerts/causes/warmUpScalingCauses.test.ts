// SPDX-License-Identifier: Apache-2.0
import { createAlertReport } from '../report/createAlertReport';
import { alertCase, at, eventOf, seriesOf } from './__testUtils__/alertCase';

const HPA = {
  kind: 'HorizontalPodAutoscaler',
  name: 'ranker',
  namespace: 'ads',
};
const podOf = (name: string, minutes: number, probe: object) => ({
  kind: 'Pod',
  metadata: { name, namespace: 'ads', creationTimestamp: at(minutes) },
  spec: {
    containers: [
      {
        name: 'server',
        image: 'ranker:3',
        resources: { requests: { cpu: '500m' } },
        readinessProbe: probe,
      },
    ],
  },
  status: { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] },
});

const scaled = ({
  requestsAt = () => 40,
  cpuAt = minute => (minute < -12 ? 2.5 : 0.2),
  metric = 'cpu',
}: {
  requestsAt?: (minute: number) => number;
  cpuAt?: (minute: number) => number;
  metric?: string;
}) =>
  alertCase({
    labels: { namespace: 'ads', horizontalpodautoscaler: 'ranker' },
    summary: 'ranker runs at its maximum of replicas',
    expr: 'kube_horizontalpodautoscaler_status_current_replicas > 11',
    objects: [
      {
        kind: HPA.kind,
        metadata: { name: 'ranker', namespace: 'ads' },
        spec: {
          maxReplicas: 12,
          scaleTargetRef: { kind: 'Deployment', name: 'ranker' },
          metrics: [{ type: 'Resource', resource: { name: metric } }],
        },
        status: { currentReplicas: 12 },
      },
      podOf('ranker-6c9d7f5b84-aaaaa', -9000, { tcpSocket: { port: 80 } }),
      podOf('ranker-6c9d7f5b84-bbbbb', -17, { tcpSocket: { port: 80 } }),
      ...[3, 6, 12].map((size, index) => ({
        ...eventOf(
          -20 + 3 * index,
          'SuccessfulRescale',
          HPA,
          `New size: ${size}; reason: ${metric} resource utilization (percentage of request) above target`,
        ),
        type: 'Normal',
      })),
    ],
    metrics: [
      seriesOf(
        'kube_horizontalpodautoscaler_status_current_replicas',
        {},
        minute => (minute < -14 ? 3 : 12),
      ),
      seriesOf('sum(rate(http_requests_total[2m]))', {}, requestsAt),
      seriesOf(
        'rate(container_cpu_usage_seconds_total[1m])',
        { pod: 'ranker-6c9d7f5b84-bbbbb' },
        cpuAt,
        -16,
      ),
    ],
  });

describe('warmUpScalingCauses', () => {
  it('is the cause where new pods burn CPU and nobody asks for more', async () => {
    const { failure, rootCause } = await createAlertReport(scaled({}));
    expect(rootCause.outcome).toBe('identified');
    expect(failure.rule).toBe('scaled-by-warm-up');
    expect(failure.reason).toMatch(
      /up to 12 replicas[\s\S]*burns 2\.5 cores for 4 min[\s\S]*CPU request of 0\.5[\s\S]*only opens the port/,
    );
  });

  it.each([
    [
      'the load rose',
      { requestsAt: (minute: number) => (minute < -22 ? 40 : 200) },
    ],
    ['pods stay busy', { cpuAt: () => 2.5 }],
    ['it scales on something else', { metric: 'memory' }],
  ])('is not where %s', async (_, more) => {
    const { failure } = await createAlertReport(scaled(more));
    expect(failure.rule).not.toBe('scaled-by-warm-up');
  });
});

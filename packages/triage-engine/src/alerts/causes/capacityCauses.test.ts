// SPDX-License-Identifier: Apache-2.0
import { createAlertReport } from '../report/createAlertReport';
import { alertCase, at, eventOf, seriesOf } from './__testUtils__/alertCase';

const POD = 'scorer-6c9d7f5b84-k2x9v';
const OF_POD = { namespace: 'risk', pod: POD };

const podOf = (container: object, status: object = {}, spec: object = {}) => ({
  kind: 'Pod',
  metadata: { name: POD, namespace: 'risk', creationTimestamp: at(-600) },
  spec: {
    nodeName: 'worker-1',
    containers: [{ name: 'server', ...container }],
    ...spec,
  },
  status: {
    conditions: [{ type: 'Ready', status: 'True' }],
    containerStatuses: [{ name: 'server', restartCount: 0, ...status }],
  },
});

const KILLED = {
  restartCount: 3,
  lastState: {
    terminated: { exitCode: 137, reason: 'OOMKilled', finishedAt: at(-2) },
  },
};

async function ruleOf(options: Parameters<typeof alertCase>[0]) {
  const { failure, rootCause } = await createAlertReport(
    alertCase({ ...options, labels: { ...OF_POD, ...options.labels } }),
    {},
  );
  return rootCause.outcome === 'identified'
    ? { rule: failure.rule, statement: rootCause.statement }
    : { rule: 'inconclusive', statement: rootCause.statement ?? '' };
}

describe('causes of capacity', () => {
  it('sees a heap that may grow above the limit of the container, and none below it', async () => {
    const killed = (heap: string) =>
      ruleOf({
        labels: { alertname: 'ContainerOomKilled' },
        objects: [
          podOf({ resources: { limits: { memory: '4Gi' } } }, KILLED),
          {
            kind: 'Node',
            metadata: { name: 'worker-1' },
            status: { capacity: { memory: '64Gi' } },
          },
        ],
        logs: {
          [`${POD}_server`]: [
            `${at(-30)} INFO JVM Max. Heap Size (Estimated): ${heap}`,
          ],
        },
      });
    const { rule, statement } = await killed('41.85G');
    expect(rule).toBe('heap-over-limit');
    expect(statement).toContain('64 GiB on the host');
    expect((await killed('2.50G')).rule).not.toBe('heap-over-limit');
  });

  it('names a limit that a rollout lowered, whatever else is seen', async () => {
    const revision = (number: number, memory: string, minutes: number) => ({
      kind: 'ReplicaSet',
      metadata: {
        name: `scorer-${number}`,
        namespace: 'risk',
        creationTimestamp: at(minutes),
        annotations: { 'deployment.kubernetes.io/revision': `${number}` },
        ownerReferences: [{ kind: 'Deployment', name: 'scorer' }],
      },
      spec: {
        template: {
          spec: {
            containers: [
              {
                name: 'server',
                image: 'scorer:1',
                resources: { limits: { memory } },
              },
            ],
          },
        },
      },
    });
    const killed = (before: string) =>
      ruleOf({
        labels: { alertname: 'ContainerOomKilled' },
        objects: [
          podOf({ resources: { limits: { memory: '160Mi' } } }, KILLED),
          revision(1, before, -9000),
          revision(2, '160Mi', -4),
        ],
        logs: {
          [`${POD}_server`]: [
            `${at(-30)} INFO ready`,
            ...[-3, -2, -1].map(
              minute => `${at(minute)} ERROR queue: no such table: rows`,
            ),
          ],
        },
      });
    const { rule, statement } = await killed('2Gi');
    expect(rule).toBe('oom-limit');
    expect(statement).toContain('limits.memory 2Gi → 160Mi');
  });

  it('calls a volume full only where somebody can write to it', async () => {
    const volume = (accessMode: string) =>
      ruleOf({
        labels: { alertname: 'KubePersistentVolumeFillingUp' },
        summary: 'The volume is filling up.',
        objects: [
          podOf({}),
          {
            kind: 'PersistentVolumeClaim',
            metadata: { name: 'models-r2', namespace: 'risk' },
            spec: { accessModes: [accessMode] },
          },
        ],
        metrics: [
          seriesOf('kubelet_volume_stats_used_bytes', OF_POD, () => 9.9e9),
        ],
      });
    expect((await volume('ReadOnlyMany')).rule).toBe('read-only-volume');
    expect((await volume('ReadWriteOnce')).rule).not.toBe('read-only-volume');
  });

  it('names memory that holds an autoscaler up, unless there is more to do', async () => {
    const held = (usage: number) =>
      ruleOf({
        labels: { alertname: 'KubeHpaMaxedOut' },
        objects: [
          podOf({}),
          {
            kind: 'HorizontalPodAutoscaler',
            metadata: { name: 'scorer', namespace: 'risk' },
            spec: {
              metrics: [
                {
                  type: 'Resource',
                  resource: {
                    name: 'memory',
                    target: { type: 'Utilization', averageUtilization: 50 },
                  },
                },
              ],
            },
            status: {
              currentMetrics: [
                {
                  type: 'Resource',
                  resource: {
                    name: 'memory',
                    current: { averageUtilization: usage },
                  },
                },
              ],
            },
          },
        ],
        metrics: [seriesOf('rate(http_requests_total[5m])', OF_POD, () => 2)],
      });
    expect((await held(54)).rule).toBe('autoscaler-held-by-memory');
    expect((await held(20)).rule).not.toBe('autoscaler-held-by-memory');
  });

  it('takes a node that an autoscaler removed for a false alarm only while no pod waits', async () => {
    const removed = eventOf(
      -10,
      'ScaleDownEmpty',
      { kind: 'Node', name: 'worker-4' },
      'Scale-down: removing empty node worker-4',
    );
    const waits = eventOf(
      -5,
      'FailedScheduling',
      { kind: 'Pod', name: POD, namespace: 'risk' },
      '0/3 nodes are available: 3 Insufficient cpu.',
    );
    const overcommitted = (objects: object[]) =>
      ruleOf({
        labels: { alertname: 'KubeCPUOvercommit' },
        summary: 'Cluster has overcommitted CPU resource requests.',
        objects,
      });
    expect((await overcommitted([removed])).rule).toBe(
      'fewer-nodes-of-an-autoscaler',
    );
    expect((await overcommitted([removed, waits])).rule).not.toBe(
      'fewer-nodes-of-an-autoscaler',
    );
  });

  it('takes neither a volume that was attached nor an eviction for maintenance for a failure', async () => {
    const involved = { kind: 'Pod', name: POD, namespace: 'risk' };
    const normal = (reason: string, message: string) => ({
      ...eventOf(-5, reason, involved, message),
      type: 'Normal',
    });
    const { statement } = await ruleOf({
      labels: { alertname: 'ScorerErrors' },
      objects: [
        podOf({}),
        normal(
          'SuccessfulAttachVolume',
          'AttachVolume.Attach succeeded for volume "pvc-1"',
        ),
        normal('Evicted', 'Evicted for node maintenance'),
      ],
    });
    expect(statement).not.toMatch(/cannot be mounted|pressure/);
  });
});

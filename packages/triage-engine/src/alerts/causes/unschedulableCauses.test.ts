// SPDX-License-Identifier: Apache-2.0
import { createAlertReport } from '../report/createAlertReport';
import { alertCase, at, eventOf } from './__testUtils__/alertCase';

const POD = 'chat-6c9d7f5b84-k2x9v';
const GPU = 'nvidia.com/gpu';
const LABEL = 'feature.node.kubernetes.io/pci-10de.present';
const TAINT = { key: GPU, value: 'true', effect: 'NoSchedule' };

const pending = (
  message: string,
  objects: object[],
  memory = '16Gi',
  nodeSelector: object = { pool: 'gpu' },
) =>
  alertCase({
    labels: { namespace: 'llm', deployment: 'chat' },
    summary: 'chat has no available replicas',
    objects: [
      {
        kind: 'Pod',
        metadata: { name: POD, namespace: 'llm', creationTimestamp: at(-20) },
        spec: {
          nodeSelector,
          tolerations: [{ key: GPU, operator: 'Exists' }],
          containers: [
            {
              name: 'server',
              image: 'chat:2',
              resources: { requests: { memory }, limits: { [GPU]: '1' } },
            },
          ],
        },
        status: { phase: 'Pending' },
      },
      ...objects,
      eventOf(
        -1,
        'FailedScheduling',
        { kind: 'Pod', name: POD, namespace: 'llm' },
        message,
      ),
    ],
  });

const nodeOf = (
  allocatable: object,
  labels: object = {},
  taints: object[] = [TAINT],
) => ({
  kind: 'Node',
  metadata: {
    name: 'gpu-1',
    creationTimestamp: at(-60),
    labels: { pool: 'gpu', ...labels },
  },
  spec: { taints },
  status: { allocatable: { memory: '64Gi', ...allocatable } },
});

const daemonSetOf = (name: string, spec: object, desired: number) => ({
  kind: 'DaemonSet',
  metadata: { name, namespace: 'kube-system' },
  spec: {
    template: { spec: { containers: [{ name, image: name }], ...spec } },
  },
  status: { desiredNumberScheduled: desired },
});

const plugin = daemonSetOf(
  'nvidia-device-plugin',
  {
    tolerations: [{ key: GPU, operator: 'Exists' }],
    affinity: {
      nodeAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: {
          nodeSelectorTerms: [
            {
              matchExpressions: [
                { key: LABEL, operator: 'In', values: ['true'] },
              ],
            },
          ],
        },
      },
    },
  },
  0,
);
const labellerOf = (value: string) =>
  daemonSetOf(
    'nfd-worker',
    { tolerations: [{ key: GPU, operator: 'Equal', value }] },
    3,
  );
const NO_GPU = `0/3 nodes are available: 1 Insufficient ${GPU}, 2 node(s) didn't match Pod's node affinity/selector.`;
const FULL = {
  ...eventOf(
    -1,
    'NotTriggerScaleUp',
    { kind: 'Pod', name: POD, namespace: 'llm' },
    "pod didn't trigger scale-up: 1 max node group size reached",
  ),
  type: 'Normal',
};

const CPU_NODE = {
  kind: 'Node',
  metadata: { name: 'worker-1', labels: { pool: 'general' } },
  status: { allocatable: { memory: '64Gi' } },
};

describe('devicePluginCauses', () => {
  it('follows the label that is missing to the taint that is not tolerated', async () => {
    const { failure, rootCause } = await createAlertReport(
      pending(NO_GPU, [nodeOf({}), plugin, labellerOf('present'), FULL]),
    );
    expect(rootCause.outcome).toBe('identified');
    expect(failure.rule).toBe('device-plugin-missing');
    expect(failure.reason).toMatch(
      /nvidia-device-plugin\) has no pod[\s\S]*pci-10de\.present[\s\S]*nfd-worker[\s\S]*taint nvidia\.com\/gpu=true:NoSchedule \(only the value present\)/,
    );
  });

  it('does not expect it on nodes that have no GPU', async () => {
    const { failure, rootCause } = await createAlertReport(
      pending(
        `0/2 nodes are available: 2 Insufficient ${GPU}.`,
        [nodeOf({ [GPU]: '1' }, { [LABEL]: 'true' }), CPU_NODE, plugin, FULL],
        '16Gi',
        {},
      ),
    );
    expect(rootCause.outcome).toBe('identified');
    expect(failure.rule).toBe('unschedulable');
    expect(failure.reason).toMatch(/the node group cannot grow/);
  });

  it('leaves nodes alone whose GPUs are registered', async () => {
    const { failure } = await createAlertReport(
      pending(NO_GPU, [
        nodeOf({ [GPU]: '1' }, { [LABEL]: 'true' }),
        plugin,
        labellerOf('true'),
        FULL,
      ]),
    );
    expect(failure.rule).toBe('unschedulable');
  });
});

describe('unschedulableCauses', () => {
  it.each([
    [
      'the autoscaler is at its maximum',
      NO_GPU,
      [nodeOf({ [GPU]: '1' }), FULL],
      '16Gi',
      /the node group cannot grow/,
    ],
    [
      'the pod asks for more than a node has',
      "0/3 nodes are available: 1 Insufficient memory, 2 node(s) didn't match Pod's node affinity/selector.",
      [nodeOf({ [GPU]: '1' })],
      '96Gi',
      /requests more memory than any/,
    ],
    [
      'a taint is on all of them',
      '0/3 nodes are available: 3 node(s) had untolerated taint {team: b}.',
      [],
      '16Gi',
      /constraints of the pod/,
    ],
  ])('is proven where %s', async (_, message, objects, memory, why) => {
    const { failure, rootCause } = await createAlertReport(
      pending(message, objects, memory),
    );
    expect(rootCause.outcome).toBe('identified');
    expect(failure.reason).toMatch(why);
  });

  it.each([
    ['nothing tells of the nodes', NO_GPU, []],
    ['more nodes of their kind would not help', NO_GPU, [nodeOf({}), FULL]],
    [
      'a taint follows from something else',
      '0/3 nodes are available: 3 node(s) had untolerated taint {node.kubernetes.io/disk-pressure: }.',
      [],
    ],
  ])('is not proven where %s', async (_, message, objects) => {
    const { rootCause } = await createAlertReport(pending(message, objects));
    expect(rootCause).toMatchObject({
      outcome: 'inconclusive',
      statement: expect.stringContaining('no node fits'),
    });
  });
});

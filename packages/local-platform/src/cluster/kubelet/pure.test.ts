// SPDX-License-Identifier: Apache-2.0
import { Backoff, formatSeconds } from './Backoff';
import { expandVariables } from './expandVariables';
import { findObstacle } from './findObstacle';
import { ContainerStatus, Node, Pod } from './kubeTypes';
import { parseQuantity } from './parseQuantity';
import { podPhase } from './podStatus';
import { rewritePaths } from './rewritePaths';
import { rewritePortArguments, rewritePortVariables } from './rewritePorts';

it('waits as the kubelet does: not at first, then 10 s to 5 min', () => {
  const backoff = new Backoff({ firstMs: 10_000, maxMs: 300_000 });
  let now = 1_000_000;
  const waits = Array.from({ length: 8 }, () => {
    const wait = backoff.afterFailure(now);
    now += wait + 1_000;
    return wait / 1000;
  });
  expect(waits).toEqual([0, 10, 20, 40, 80, 160, 300, 300]);
  // Ten minutes without trouble.
  expect(backoff.afterFailure(now + 601_000)).toBe(0);
  expect([10_000, 160_000, 300_000].map(formatSeconds)).toEqual([
    '10s',
    '2m40s',
    '5m0s',
  ]);
});

it.each([
  ['$(NAME)', 'jane'],
  ['a $(NAME)-$(NAME) b', 'a jane-jane b'],
  ['$$(NAME)', '$(NAME)'],
  ['$(OTHER) $NAME $(NAME', '$(OTHER) $NAME $(NAME'],
  ['$(constructor)', '$(constructor)'],
])('expands %s to %s', (text, expanded) => {
  expect(expandVariables(text, { NAME: 'jane' })).toBe(expanded);
});

it.each([
  ['/mnt/models', '/here/m'],
  ['--dir=/mnt/models/a', '--dir=/here/m/a'],
  ['/mnt/models2', '/mnt/models2'],
  ['/mnt', '/mnt'],
  ['/data/deep/x:/data', '/here/deep/x:/here/data'],
  ['file:///mnt/models/1', 'file:///here/m/1'],
  ['s3://mnt/models', 's3://mnt/models'],
  ['gs://bucket/mnt/models', 'gs://bucket/mnt/models'],
  ['a/mnt/models', 'a/mnt/models'],
  ['{"dir": "/mnt/models"}', '{"dir": "/here/m"}'],
  ['/opt/venv/bin:/usr/bin', '/image/opt/venv/bin:/usr/bin'],
])('rewrites the paths of %s to %s', (text, rewritten) => {
  const mappings = [
    { from: '/data', to: '/here/data' },
    { from: '/mnt/models', to: '/here/m' },
    { from: '/data/deep', to: '/here/deep' },
  ];
  const inImage = (path: string) =>
    path.startsWith('/opt') ? `/image${path}` : undefined;
  expect(rewritePaths(text, mappings, inImage)).toBe(rewritten);
});

it.each([
  [
    ['--port', '8080'],
    ['--port', '12000'],
  ],
  [['--http_port=8080'], ['--http_port=12000']],
  [
    ['-p', '8081'],
    ['-p', '12001'],
  ],
  [['--port=9999'], ['--port=9999']],
  [
    ['--workers', '8080'],
    ['--workers', '8080'],
  ],
  [
    ['--host', '0.0.0.0'],
    ['--host', '127.0.0.1'],
  ],
  [['--bind=0.0.0.0:8080'], ['--bind=127.0.0.1:12000']],
  [[':8080'], ['127.0.0.1:12000']],
  [
    ['-c', 'exec serve --port 8080  --host=::'],
    ['-c', 'exec serve --port 12000  --host=127.0.0.1'],
  ],
  [['*'], ['*']],
])('rewrites the ports of %j to %j', (args, rewritten) => {
  const ports = new Map([
    [8080, 12000],
    [8081, 12001],
  ]);
  expect(rewritePortArguments(args, ports)).toEqual(rewritten);
});

it('rewrites ports and addresses in variables', () => {
  const ports = new Map([[8080, 12000]]);
  expect(
    rewritePortVariables(
      {
        PORT: '8080',
        HTTP_PORT: '8080',
        REPORT: '8080',
        SERVE_HOST: '0.0.0.0',
        SERVE_ALLOWED_HOSTS: '*',
        LISTEN: '0.0.0.0:8080',
      },
      ports,
    ),
  ).toEqual({
    PORT: '12000',
    HTTP_PORT: '12000',
    REPORT: '8080',
    SERVE_HOST: '127.0.0.1',
    SERVE_ALLOWED_HOSTS: '*',
    LISTEN: '127.0.0.1:12000',
  });
});

it.each([
  ['1', 1],
  ['500m', 0.5],
  ['1Gi', 2 ** 30],
  ['2k', 2000],
  ['1e3', 1000],
  ['1.5G', 1.5e9],
  ['many', NaN],
])('reads the quantity %s', (text, value) => {
  expect(parseQuantity(text)).toBe(value);
});

describe('the scheduler', () => {
  const node: Node = {
    metadata: { name: 'laptop', labels: { disk: 'slow', cores: '8' } },
    status: { allocatable: { cpu: '2', memory: '8Gi', pods: '3' } },
  };
  const pod = (spec: Partial<Pod['spec']>, requests = {}): Pod => ({
    spec: { containers: [{ name: 'a', resources: { requests } }], ...spec },
  });
  const NEVER = 'Preemption is not helpful for scheduling.';
  const LATER = 'No preemption victims found for incoming pod.';
  const inAffinity = (key: string, operator: string, values?: string[]) => ({
    affinity: {
      nodeAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: {
          nodeSelectorTerms: [
            { matchExpressions: [{ key, operator, values }] },
          ],
        },
      },
    },
  });

  it.each<[string, Pod, Pod[], string, string]>([
    ['memory', pod({}, { memory: '9Gi' }), [], 'Insufficient memory', NEVER],
    [
      'memory of others',
      pod({}, { memory: '5Gi', cpu: '1' }),
      [pod({}, { memory: '4Gi' })],
      'Insufficient memory',
      LATER,
    ],
    [
      'two resources',
      pod({}, { cpu: '3', 'nvidia.com/gpu': '1' }),
      [],
      'Insufficient cpu, 1 Insufficient nvidia.com/gpu',
      NEVER,
    ],
    ['places', pod({}), [pod({}), pod({}), pod({})], 'Too many pods', LATER],
    [
      'selector',
      pod({ nodeSelector: { disk: 'fast' } }),
      [],
      "node(s) didn't match Pod's node affinity/selector",
      NEVER,
    ],
    [
      'affinity',
      pod(inAffinity('cores', 'Gt', ['8'])),
      [],
      "node(s) didn't match Pod's node affinity/selector",
      NEVER,
    ],
  ])('refuses for %s', (_, wanted, others, reason, help) => {
    expect(findObstacle(wanted, node, others)).toBe(
      `0/1 nodes are available: 1 ${reason}. no new claims to deallocate, preemption: 0/1 nodes are available: 1 ${help}`,
    );
  });

  it('takes what fits, and what tolerates', () => {
    const wanted = pod(inAffinity('cores', 'In', ['8']), { memory: '8Gi' });
    expect(findObstacle(wanted, node, [])).toBeUndefined();
    const tainted: Node = {
      ...node,
      spec: { taints: [{ key: 'gpu', value: 'a', effect: 'NoSchedule' }] },
    };
    expect(findObstacle(pod({}), tainted, [])).toContain(
      'node(s) had untolerated taint {gpu: a}',
    );
    const tolerating = pod({
      tolerations: [{ key: 'gpu', operator: 'Exists' }],
    });
    expect(findObstacle(tolerating, tainted, [])).toBeUndefined();
    expect(
      findObstacle(pod({}), { ...node, spec: { unschedulable: true } }, []),
    ).toContain('node(s) were unschedulable');
  });
});

describe('the phase', () => {
  const status = (change: Partial<ContainerStatus>): ContainerStatus => ({
    name: 'a',
    image: '',
    imageID: '',
    ready: false,
    restartCount: 0,
    ...change,
  });
  const running = status({ state: { running: {} } });
  const ended = (exitCode: number) =>
    status({ state: { terminated: { exitCode } } });
  const crashing = status({
    state: { waiting: { reason: 'CrashLoopBackOff' } },
    lastState: { terminated: { exitCode: 1 } },
  });
  const waiting = status({ state: { waiting: { reason: 'ErrImagePull' } } });

  it.each<[string, ContainerStatus[], ContainerStatus[], string]>([
    ['Always', [running], [], 'Running'],
    ['Always', [waiting], [], 'Pending'],
    ['Always', [crashing], [], 'Running'],
    ['Always', [ended(0)], [], 'Running'],
    ['Always', [running, waiting], [], 'Pending'],
    ['Always', [waiting], [ended(1)], 'Pending'],
    ['Never', [waiting], [ended(1)], 'Failed'],
    ['Never', [ended(0), ended(2)], [], 'Failed'],
    ['OnFailure', [ended(0), ended(0)], [ended(0)], 'Succeeded'],
    ['OnFailure', [ended(1)], [], 'Running'],
  ])('with %s', (restartPolicy, containers, initContainers, phase) => {
    const pod: Pod = { spec: { restartPolicy, containers: [] } };
    expect(podPhase(pod, containers, initContainers)).toBe(phase);
  });
});

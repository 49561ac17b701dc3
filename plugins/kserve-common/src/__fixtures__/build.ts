// SPDX-License-Identifier: Apache-2.0
import type {
  KserveState,
  KserveTrafficShare,
  KubernetesObject,
} from '../types';

/** A situation and what a person who knows would say of it. */
export interface Situation {
  name: string;
  /** Where it was described; absent where it is written from KServe's documentation or source. */
  source?: string;
  objects: KubernetesObject[];
  logs?: Record<string, string>;
  /** The right words; those after the first are accepted too. */
  state: readonly KserveState[];
  /** One of these is named, in any case. */
  words: readonly string[];
  /** One of these is quoted; empty where nothing needs a proof. */
  proof: readonly string[];
  /** Percentages, where a route tells. */
  traffic?: KserveTrafficShare[];
}

export const NAMESPACE = 'team-a';
export const NAME = 'churn';
const AT = '2026-09-01T10:00:00Z';

type Extra = Record<string, unknown>;

/** `Ready=False/Reason: message`, `Ready=True`; a `!` before it makes it of severity Info. */
export function condition(text: string, time = AT) {
  const [, info, type, status, reason, message] =
    /^(!?)([\w.]+)=(\w+)(?:\/([^:]*))?(?:: ([\s\S]*))?$/.exec(text) ?? [];
  return {
    lastTransitionTime: time,
    ...(message && { message }),
    ...(reason && { reason }),
    ...(info && { severity: 'Info' }),
    status,
    type,
  };
}

export function object(
  kind: string,
  name: string,
  rest: Extra = {},
  metadata: Extra = {},
): KubernetesObject {
  const versions: Record<string, string> = {
    InferenceService: 'serving.kserve.io/v1beta1',
    LLMInferenceService: 'serving.kserve.io/v1alpha2',
    InferenceGraph: 'serving.kserve.io/v1alpha1',
    Deployment: 'apps/v1',
    ReplicaSet: 'apps/v1',
    Revision: 'serving.knative.dev/v1',
    Service: 'serving.knative.dev/v1',
    Route: 'serving.knative.dev/v1',
    HTTPRoute: 'gateway.networking.k8s.io/v1',
    Gateway: 'gateway.networking.k8s.io/v1',
    ScaledObject: 'keda.sh/v1alpha1',
    HorizontalPodAutoscaler: 'autoscaling/v2',
  };
  return {
    apiVersion: versions[kind] ?? 'v1',
    kind,
    metadata: {
      name,
      namespace: NAMESPACE,
      generation: 1,
      creationTimestamp: AT,
      ...metadata,
    },
    ...rest,
  };
}

export function service(
  conditions: readonly string[],
  {
    spec = {},
    status = {},
    metadata = {},
    kind = 'InferenceService',
    apiVersion = '',
  }: {
    spec?: Extra;
    status?: Extra;
    metadata?: Extra;
    kind?: string;
    apiVersion?: string;
  } = {},
): KubernetesObject {
  return {
    ...object(
      kind,
      NAME,
      {
        spec: {
          predictor: {
            model: {
              modelFormat: { name: 'sklearn' },
              storageUri: 's3://models/churn',
            },
          },
          ...spec,
        },
        status: {
          ...(conditions.length && {
            conditions: conditions.map(text => condition(text)),
          }),
          ...status,
        },
      },
      metadata,
    ),
    ...(apiVersion && { apiVersion }),
  };
}

/** Knative's part of the status: revisions by number and who gets what. */
export function revisions(
  created: number,
  ready: number,
  traffic: Record<number, number> = {},
) {
  const revision = (number: number) =>
    `${NAME}-predictor-${String(number).padStart(5, '0')}`;
  return {
    components: {
      predictor: {
        latestCreatedRevision: revision(created),
        ...(ready && {
          latestReadyRevision: revision(ready),
          latestRolledoutRevision: revision(ready),
        }),
        ...(Object.keys(traffic).length && {
          traffic: Object.entries(traffic).map(([number, percent]) => ({
            latestRevision: Number(number) === ready,
            percent,
            revisionName: revision(Number(number)),
          })),
        }),
      },
    },
  };
}

export const READY = ['IngressReady=True', 'PredictorReady=True', 'Ready=True'];
/** What a Knative service says whose first revision does not become ready. */
export const MISSING = [
  '!PredictorConfigurationReady=False/RevisionFailed: Revision "churn-predictor-00001" failed with message: .',
  'PredictorReady=False/RevisionMissing: Configuration "churn-predictor" does not have any ready Revision.',
  'Ready=False/RevisionMissing: Configuration "churn-predictor" does not have any ready Revision.',
];
/** What a service in Standard mode says whose replicas are not there. */
export const UNAVAILABLE = [
  'IngressReady=False/Predictor ingress not created',
  'PredictorReady=False/MinimumReplicasUnavailable: Deployment does not have minimum availability.',
  'Ready=False/MinimumReplicasUnavailable: Deployment does not have minimum availability.',
];
export const STANDARD = { deploymentMode: 'Standard' };

export const POD = `${NAME}-predictor-7c9d8f6b5-x2x4z`;

/** A container's status: `waiting:Reason: message`, `running`, `ready`, `ended:1/Error: message`. */
export function container(
  name: string,
  state: string,
  {
    restarts = 0,
    last = '',
    init = false,
  }: { restarts?: number; last?: string; init?: boolean } = {},
) {
  const read = (text: string) => {
    const [, word, code, reason, message] =
      /^(\w+)(?::(\d*)\/?(\w*)(?:: ([\s\S]*))?)?$/.exec(text) ?? [];
    const told = { ...(message && { message }), ...(reason && { reason }) };
    if (word === 'waiting') {
      return { waiting: told };
    }
    return word === 'ended'
      ? { terminated: { exitCode: Number(code), ...told, finishedAt: AT } }
      : { running: { startedAt: AT } };
  };
  return {
    name,
    init,
    status: {
      image: `registry.example.com/${name}:v1`,
      lastState: last ? read(last) : {},
      name,
      ready: state === 'ready' || state.startsWith('ended:0'),
      restartCount: restarts,
      state: read(state),
    },
  };
}

export function pod(
  containers: ReadonlyArray<ReturnType<typeof container>>,
  {
    name = POD,
    labels = {},
    status = {},
    spec = {},
    scheduled = true,
    metadata = {},
  }: {
    name?: string;
    labels?: Record<string, string>;
    status?: Extra;
    spec?: Extra;
    scheduled?: boolean;
    metadata?: Extra;
  } = {},
): KubernetesObject {
  const main = containers.filter(({ init }) => !init);
  const ready = main.length > 0 && main.every(one => one.status.ready);
  return object(
    'Pod',
    name,
    {
      spec: {
        containers: main.map(one => ({ name: one.name })),
        ...(scheduled && { nodeName: 'node-1' }),
        ...spec,
      },
      status: {
        phase: main.some(
          one =>
            'running' in one.status.state ||
            Object.keys(one.status.lastState).length,
        )
          ? 'Running'
          : 'Pending',
        conditions: [
          condition(
            `Ready=${ready ? 'True' : 'False/ContainersNotReady: containers with unready status'}`,
          ),
          ...(scheduled ? [condition('PodScheduled=True')] : []),
        ],
        containerStatuses: main.map(one => one.status),
        initContainerStatuses: containers
          .filter(({ init }) => init)
          .map(one => one.status),
        ...status,
      },
    },
    {
      labels: {
        component: 'predictor',
        'serving.kserve.io/inferenceservice': NAME,
        ...labels,
      },
      ...metadata,
    },
  );
}

/** A pod whose container crashes with a message, and its log. */
export function crashing(
  message: string,
  { exitCode = 1, reason = 'Error', name = 'kserve-container' } = {},
) {
  return pod([
    container(
      name,
      `waiting:/CrashLoopBackOff: back-off 5m0s restarting failed container=${name}`,
      {
        restarts: 6,
        last: `ended:${exitCode}/${reason}${message && `: ${message}`}`,
      },
    ),
  ]);
}

/** A pod whose storage-initializer crashes. */
export function fetching(
  message = '',
  { exitCode = 1, reason = 'Error' } = {},
) {
  return pod([
    container(
      'storage-initializer',
      'waiting:/CrashLoopBackOff: back-off 5m0s restarting failed container=storage-initializer',
      {
        init: true,
        restarts: 6,
        last: `ended:${exitCode}/${reason}${message && `: ${message}`}`,
      },
    ),
    container('kserve-container', 'waiting:/PodInitializing'),
  ]);
}

export function deployment(
  [desired, updated, ready]: readonly [number, number, number],
  conditions: readonly string[] = [],
  {
    name = `${NAME}-predictor`,
    total = desired,
    labels = {},
  }: { name?: string; total?: number; labels?: Record<string, string> } = {},
): KubernetesObject {
  return object(
    'Deployment',
    name,
    {
      spec: { replicas: desired },
      status: {
        observedGeneration: 1,
        replicas: total,
        updatedReplicas: updated,
        readyReplicas: ready,
        availableReplicas: ready,
        conditions: conditions.map(text => condition(text)),
      },
    },
    {
      labels: {
        component: 'predictor',
        'serving.kserve.io/inferenceservice': NAME,
        ...labels,
      },
    },
  );
}

/** `Pod/name Reason: message`; Warning unless it begins with a `+`. */
export function event(
  text: string,
  { count = 3, time = '2026-09-01T10:05:00Z' } = {},
): KubernetesObject {
  const [, normal, kind, name, reason, message] =
    /^(\+?)(\w+)\/(\S+) (\w+): ([\s\S]*)$/.exec(text) ?? [];
  return object('Event', `${name}.${reason}`, {
    involvedObject: { kind, name, namespace: NAMESPACE },
    type: normal ? 'Normal' : 'Warning',
    reason,
    message,
    count,
    firstTimestamp: AT,
    lastTimestamp: time,
  });
}

export function route(
  backends: Record<string, number>,
  parents: ReadonlyArray<readonly string[]> = [
    ['Accepted=True/Accepted', 'ResolvedRefs=True/ResolvedRefs'],
  ],
): KubernetesObject {
  return object(
    'HTTPRoute',
    NAME,
    {
      spec: {
        parentRefs: [
          {
            kind: 'Gateway',
            name: 'kserve-ingress-gateway',
            namespace: 'kserve',
          },
        ],
        rules: [
          {
            backendRefs: Object.entries(backends).map(([name, weight]) => ({
              kind: 'Service',
              name,
              port: 80,
              weight,
            })),
          },
        ],
      },
      status: {
        parents: parents.map(conditions => ({
          conditions: conditions.map(text => condition(text)),
        })),
      },
    },
    { labels: { 'serving.kserve.io/inferenceservice': NAME } },
  );
}

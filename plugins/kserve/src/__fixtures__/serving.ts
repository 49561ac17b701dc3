// SPDX-License-Identifier: Apache-2.0
import type { Entity } from '@backstage/catalog-model';
import type {
  KserveInferenceService,
  KserveInferenceServicesResponse,
  KserveModelMetadata,
  KserveModelSummary,
  KserveModelsResponse,
  KserveObjectivesResponse,
  KservePod,
} from '@greenroom/plugin-kserve-common';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const DAY = 24 * 60 * MINUTE;

/** The moment the fixtures are seen at. */
export const NOW = Date.UTC(2026, 10, 21, 14, 10);

export function createEntity(options?: {
  annotations?: Record<string, string>;
}): Entity {
  return {
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'Component',
    metadata: {
      name: 'churn',
      namespace: 'default',
      annotations: options?.annotations ?? {
        'serving.kserve.io/inferenceservice': 'team-a/churn',
      },
    },
    spec: { type: 'ml-model', owner: 'group:default/fraud-team' },
  };
}

export function createPod(overrides?: Partial<KservePod>): KservePod {
  return {
    name: 'churn-predictor-7c9f6d-x2v4q',
    component: 'predictor',
    phase: 'Running',
    ready: true,
    node: 'laptop',
    createdAt: NOW - 2 * DAY,
    containers: [
      {
        name: 'kserve-container',
        init: false,
        ready: true,
        state: 'running',
        restarts: 0,
        image: 'registry.example.com/churn@sha256:9f3e',
        startedAt: NOW - 2 * DAY,
      },
    ],
    ...overrides,
  };
}

/** v7, ready. */
export function createService(
  overrides?: Partial<KserveInferenceService>,
): KserveInferenceService {
  return {
    cluster: 'local',
    namespace: 'team-a',
    name: 'churn',
    kind: 'InferenceService',
    explanation: {
      state: 'ready',
      sentence: 'v7 answers all requests.',
      reasons: ['All conditions are met.'],
      evidence: [
        {
          source: 'InferenceService team-a/churn · condition Ready',
          quote: 'Ready=True since 2026-11-19T14:10:00Z',
        },
      ],
      next: '',
      traffic: [{ revision: 'churn-predictor', percent: 100 }],
    },
    deploymentMode: 'Standard',
    runtime: 'kserve-mlserver',
    url: 'http://churn-team-a.models.localhost',
    protocol: 'v2',
    model: {
      name: 'churn',
      version: '7',
      runId: '6f1d2b7c9a3e4f508d1c2b3a4e5f6071',
      sourceRepo: 'https://github.com/acme/churn',
      sourceCommit: 'a1b2c3d4e5f60718293a4b5c6d7e8f9012345678',
      ciRunUrl: 'https://github.com/acme/churn/actions/runs/214',
    },
    traffic: {
      asked: [{ revision: 'churn-predictor', percent: 100 }],
      routed: [{ revision: 'churn-predictor', percent: 100 }],
      observed: [{ revision: 'churn-predictor', percent: 100 }],
    },
    conditions: [
      {
        type: 'Ready',
        status: 'True',
        lastTransitionTime: NOW - 2 * DAY,
      },
      {
        type: 'PredictorReady',
        status: 'True',
        lastTransitionTime: NOW - 2 * DAY,
      },
    ],
    modelStatus: {
      transitionStatus: 'UpToDate',
      activeModelState: 'Loaded',
      targetModelState: 'Loaded',
    },
    canaries: [],
    components: [
      {
        name: 'predictor',
        image:
          'registry.example.com/acme/churn@sha256:9f3e1c2d4b5a69788796a5b4c3d2e1f00f1e2d3c4b5a69788796a5b4c3d2e1f0',
        replicas: { desired: 2, ready: 2 },
        resources: {
          requests: { cpu: '50m', memory: '256Mi' },
          limits: { cpu: '1', memory: '1Gi' },
        },
      },
    ],
    pods: [createPod()],
    events: [],
    rollout: [
      ['scheduled', 0, 1],
      ['image-pulled', 1, 9],
      ['model-loaded', 9, 31],
      ['routed', 31, 32],
      ['ready', 32, 33],
    ].map(([name, start, end]) => ({
      name: name as KserveInferenceService['rollout'][number]['name'],
      state: 'done',
      startedAt: NOW - 2 * DAY + Number(start) * SECOND,
      finishedAt: NOW - 2 * DAY + Number(end) * SECOND,
      typicalMs: (Number(end) - Number(start)) * 1_200,
    })),
    createdAt: NOW - 30 * DAY,
    since: NOW - 2 * DAY,
    ...overrides,
  };
}

/** The new version's container cannot load the model. */
export function createDegraded(
  overrides?: Partial<KserveInferenceService>,
): KserveInferenceService {
  return createService({
    explanation: {
      state: 'degraded',
      sentence:
        'The container cannot load model.joblib: scikit-learn 1.5.1 is in the runtime, 1.9.1 made the model.',
      reasons: [
        'The model server ends with exit code 1 while it loads the model.',
        'Its last log line names a module that the runtime lacks.',
        'Kubernetes waits longer before each restart (CrashLoopBackOff).',
      ],
      evidence: [
        {
          source: 'Pod team-a/churn-predictor-8d1 · kserve-container log',
          quote:
            "ModuleNotFoundError: No module named 'sklearn._loss._loss.cython_extension'",
        },
        {
          source: 'Pod team-a/churn-predictor-8d1 · status',
          quote:
            'back-off 2m40s restarting failed container=kserve-container pod=churn-predictor-8d1',
        },
      ],
      next: 'Pin scikit-learn 1.9.1 in the runtime image, or train with 1.5.1, and push.',
      traffic: [{ revision: 'churn-predictor', percent: 100 }],
    },
    conditions: [
      {
        type: 'Ready',
        status: 'False',
        reason: 'MinimumReplicasUnavailable',
        message: 'Deployment does not have minimum availability.',
        lastTransitionTime: NOW - 6 * MINUTE,
      },
      {
        type: 'IngressReady',
        status: 'Unknown',
        lastTransitionTime: NOW - 6 * MINUTE,
      },
      { type: 'Stopped', status: 'False', lastTransitionTime: NOW - DAY },
    ],
    components: createService().components.map(component => ({
      ...component,
      replicas: { desired: 1, ready: 0 },
    })),
    modelStatus: {
      transitionStatus: 'BlockedByFailedLoad',
      targetModelState: 'FailedToLoad',
      failure: {
        location: 'churn-predictor-8d1',
        reason: 'ModelLoadFailed',
        message: 'Traceback (most recent call last): …',
        exitCode: 1,
        time: NOW - MINUTE,
      },
    },
    pods: [
      createPod({
        name: 'churn-predictor-8d1',
        ready: false,
        containers: [
          {
            name: 'storage-initializer',
            init: true,
            ready: true,
            state: 'terminated',
            reason: 'Completed',
            restarts: 0,
          },
          {
            name: 'kserve-container',
            init: false,
            ready: false,
            state: 'waiting',
            reason: 'CrashLoopBackOff',
            message:
              'back-off 2m40s restarting failed container=kserve-container pod=churn-predictor-8d1',
            restarts: 5,
            lastTermination: {
              reason: 'Error',
              exitCode: 1,
              finishedAt: NOW - MINUTE,
            },
          },
        ],
      }),
    ],
    events: [
      {
        object: 'Pod/churn-predictor-8d1',
        type: 'Warning',
        reason: 'BackOff',
        message: 'Back-off restarting failed container kserve-container',
        count: 14,
        firstSeen: NOW - 6 * MINUTE,
        lastSeen: NOW - 20 * SECOND,
      },
      {
        object: 'Pod/churn-predictor-8d1',
        type: 'Normal',
        reason: 'Pulled',
        message: 'Container image already present on machine',
        count: 6,
        firstSeen: NOW - 6 * MINUTE,
        lastSeen: NOW - MINUTE,
      },
    ],
    rollout: [
      {
        name: 'scheduled',
        state: 'done',
        startedAt: NOW - 6 * MINUTE,
        finishedAt: NOW - 6 * MINUTE + SECOND,
        typicalMs: 900,
      },
      {
        name: 'image-pulled',
        state: 'done',
        startedAt: NOW - 6 * MINUTE + SECOND,
        finishedAt: NOW - 6 * MINUTE + 9 * SECOND,
        typicalMs: 11_000,
      },
      {
        name: 'model-loaded',
        state: 'failed',
        startedAt: NOW - 6 * MINUTE + 9 * SECOND,
        typicalMs: 22_000,
      },
      { name: 'routed', state: 'waiting', typicalMs: 1_000 },
      { name: 'ready', state: 'waiting' },
    ],
    since: NOW - 6 * MINUTE,
    ...overrides,
  });
}

/** v8 takes a tenth of the traffic, as asked; what was counted is less. */
export function createCanary(
  overrides?: Partial<KserveInferenceService>,
): KserveInferenceService {
  return createService({
    explanation: {
      state: 'progressing',
      sentence: 'Canary blue (v8) takes 10 % beside v7.',
      reasons: ['A canary is under way.'],
      evidence: [
        {
          source: 'HTTPRoute team-a/churn · spec.rules[0].backendRefs',
          quote: 'churn-predictor 90, churn-predictor-canary-blue 10',
        },
      ],
      next: 'Compare the answers, then promote or remove the canary in the manifest.',
      traffic: [
        { revision: 'churn-predictor', percent: 90 },
        { revision: 'churn-predictor-canary-blue', percent: 10 },
      ],
    },
    canaries: [{ name: 'blue', ready: true, trafficPercent: 10 }],
    traffic: {
      asked: [
        { revision: 'churn-predictor', percent: 90 },
        { revision: 'churn-predictor-canary-blue', percent: 10 },
      ],
      routed: [
        { revision: 'churn-predictor', percent: 90 },
        { revision: 'churn-predictor-canary-blue', percent: 10 },
      ],
      observed: [
        { revision: 'churn-predictor', percent: 99.7 },
        { revision: 'churn-predictor-canary-blue', percent: 0.3 },
      ],
      mismatch:
        'The route sends 10 % to the canary, but only 0.3 % of the requests reached it.',
    },
    components: [
      ...createService().components,
      {
        name: 'canary blue',
        image: 'registry.example.com/acme/churn:1.8.0',
        storageUri: 's3://models/churn/8',
        replicas: { desired: 1, ready: 1 },
      },
    ],
    ...overrides,
  });
}

export function createResponse(
  items: KserveInferenceService[] = [createService()],
  overrides?: Partial<KserveInferenceServicesResponse>,
): KserveInferenceServicesResponse {
  return {
    items,
    references: [{ namespace: 'team-a', name: 'churn' }],
    clusters: [
      {
        name: 'local',
        state: 'connected',
        kserve: true,
        argocd: true,
        kserveVersions: ['v1beta1'],
      },
    ],
    errors: [],
    signalChannel: 'kserve:component:default/churn',
    permissions: { logs: true, predict: true },
    ...overrides,
  };
}

export function createModels(
  items: KserveModelSummary[],
  overrides?: Partial<KserveModelsResponse>,
): KserveModelsResponse {
  return { items, errors: [], signalChannel: 'kserve:models', ...overrides };
}

export function createSummary(
  title: string,
  service: KserveInferenceService = createService(),
): KserveModelSummary {
  const { cluster, explanation, model, name, namespace } = service;
  return {
    entityRef: `component:default/${title}`,
    title,
    items: [{ cluster, explanation, model, name, namespace }],
    errors: [],
  };
}

const INPUTS = [
  { name: 'age', datatype: 'INT64', shape: [-1, 1] },
  { name: 'monthly_charges', datatype: 'FP64', shape: [-1, 1] },
  { name: 'is_senior', datatype: 'BOOL', shape: [-1, 1] },
  { name: 'plan', datatype: 'BYTES', shape: [-1, 1] },
];
const ROW = [41, 79.9, false, "gold's"];

/** Four columns of an MLflow signature, and their example. */
export function createMetadata(
  overrides?: Partial<KserveModelMetadata>,
): KserveModelMetadata {
  return {
    name: 'churn',
    protocols: ['v1', 'v2'],
    inputs: INPUTS,
    outputs: [{ name: 'predict', datatype: 'INT64', shape: [-1] }],
    examples: {
      v1: {
        instances: [
          Object.fromEntries(
            INPUTS.map(({ name }, index) => [name, ROW[index]]),
          ),
        ],
      },
      v2: {
        parameters: { content_type: 'pd' },
        inputs: INPUTS.map((input, index) => ({
          ...input,
          shape: [2, 1],
          data: [ROW[index], ROW[index]],
        })),
      },
    },
    ...overrides,
  };
}

/** Latency is kept; of the errors, one pair of windows alerts. */
export function createObjectives(): KserveObjectivesResponse {
  const since = NOW - 19 * DAY;
  const pair = (long: string, short: string, threshold: number) => ({
    alert: 'ModelErrorBudgetBurnFast',
    severity: 'critical',
    long: { window: long, rate: 0.4 },
    short: { window: short, rate: 0.31 },
    threshold,
    requests: 1_204,
    state: 'calm' as const,
  });
  return {
    configured: true,
    errors: [],
    items: [
      {
        kind: 'latency',
        target: 0.99,
        days: 30,
        thresholdMs: 500,
        counted: { requests: 41_200, bad: 78, since },
        budgetLeft: 0.811,
        pairs: [
          pair('1h', '5m', 14.4),
          pair('6h', '30m', 6),
          pair('1d', '2h', 3),
          pair('3d', '6h', 1),
        ],
      },
      {
        kind: 'errors',
        target: 0.995,
        days: 30,
        counted: { requests: 41_200, bad: 290, since },
        budgetLeft: -0.408,
        pairs: [
          {
            ...pair('1h', '5m', 14.4),
            long: { window: '1h', rate: 20.04 },
            short: { window: '5m', rate: 16 },
            state: 'firing',
            since: NOW - 68 * MINUTE,
          },
          {
            ...pair('6h', '30m', 6),
            long: { window: '6h', rate: 7.2 },
            short: { window: '30m', rate: 6.04 },
            state: 'pending',
            since: NOW - MINUTE,
          },
          {
            ...pair('1d', '2h', 3),
            long: { window: '1d', rate: 3.4 },
            state: 'long-only',
          },
          { ...pair('3d', '6h', 1), long: { window: '3d' }, requests: 1 },
        ],
      },
    ],
  };
}

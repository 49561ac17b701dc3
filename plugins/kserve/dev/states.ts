// SPDX-License-Identifier: Apache-2.0
import type {
  KserveClusterErrorCode,
  KserveExplanation,
  KserveInferenceService,
  KserveInferenceServicesResponse,
} from '@greenroom/plugin-kserve-common';
import {
  NOW,
  createCanary,
  createDegraded,
  createPod,
  createResponse,
  createService,
} from '../src/__fixtures__/serving';

const AGE = Date.now() - NOW;
const MINUTE = 60_000;

/** Moves every time of a fixture to today. */
export function toPresent<T>(value: T): T {
  return JSON.parse(JSON.stringify(value), (key, item) =>
    /(?:At|Time|[sS]ince|Seen|time)$/.test(key) && typeof item === 'number'
      ? item + AGE
      : item,
  );
}

function explain(explanation: Partial<KserveExplanation>): KserveExplanation {
  return {
    ...createService().explanation,
    reasons: [],
    evidence: [],
    traffic: null,
    ...explanation,
  };
}

function createProgressing(): KserveInferenceService {
  const start = NOW - 40_000;
  return createService({
    explanation: explain({
      state: 'progressing',
      sentence: 'v8 is coming: its image is being pulled since 32 s.',
      reasons: ['The image is being pulled.'],
      evidence: [
        {
          source: 'Pod team-a/churn-predictor-8d1 · event Pulling',
          quote: 'Pulling image "registry.example.com/acme/churn:1.8.0"',
        },
      ],
      next: 'Nothing: it usually takes 11 s to 1 min.',
    }),
    traffic: {
      asked: [{ revision: 'churn-predictor', percent: 100 }],
      routed: null,
      observed: null,
    },
    rollout: [
      {
        name: 'scheduled',
        state: 'done',
        startedAt: start,
        finishedAt: start + 8_000,
        typicalMs: 1_000,
      },
      {
        name: 'image-pulled',
        state: 'active',
        startedAt: start + 8_000,
        typicalMs: 11_000,
      },
      { name: 'storage-fetched', state: 'skipped' },
      { name: 'model-loaded', state: 'waiting', typicalMs: 22_000 },
      { name: 'routed', state: 'waiting', typicalMs: 1_000 },
      { name: 'ready', state: 'waiting', typicalMs: 900 },
    ],
    pods: [
      createPod({
        phase: 'Pending',
        ready: false,
        containers: [
          {
            name: 'kserve-container',
            init: false,
            ready: false,
            state: 'waiting',
            reason: 'ContainerCreating',
            restarts: 0,
          },
        ],
      }),
    ],
    since: start,
  });
}

function createStopped() {
  return createService({
    explanation: explain({
      state: 'stopped',
      sentence: 'It is stopped on purpose: nothing answers.',
      reasons: ['serving.kserve.io/stop is true.'],
      evidence: [
        {
          source: 'InferenceService team-a/churn · annotations',
          quote: 'serving.kserve.io/stop: "true"',
        },
      ],
      next: 'Remove the annotation in the manifest to start it.',
      traffic: [],
    }),
    traffic: { asked: null, routed: [], observed: null },
    pods: [],
    rollout: [],
    components: [{ name: 'predictor', replicas: { desired: 0, ready: 0 } }],
  });
}

function createLlm() {
  return createService({
    kind: 'LLMInferenceService',
    name: 'support-llm',
    protocol: 'openai',
    runtime: undefined,
    model: undefined,
    explanation: explain({
      state: 'unknown',
      sentence: 'Its status is empty: the controller has not looked at it yet.',
      next: 'Check that the LLMInferenceService controller runs.',
    }),
    traffic: { asked: null, routed: null, observed: null },
    conditions: [],
    components: [],
    pods: [],
    rollout: [],
    url: undefined,
    since: undefined,
  });
}

function createLong() {
  return createDegraded({
    name: `churn-${'very-long-name-'.repeat(8)}x`,
    explanation: explain({
      state: 'degraded',
      sentence: `${'The container cannot start because of a reason that is long. '.repeat(5)}${'x'.repeat(300)}`,
      reasons: Array.from({ length: 6 }, (_, index) => `Reason ${index}`),
      evidence: [
        { source: 'Pod log', quote: 'Traceback\n'.repeat(40) },
        { source: 'Pod log', quote: 'y'.repeat(2_000) },
      ],
      next: 'Look at the log.',
    }),
  });
}

const ERRORS: KserveClusterErrorCode[] = [
  'not-installed',
  'not-allowed',
  'unauthenticated',
  'unreachable',
  'timeout',
  'not-configured',
  'not-found',
  'other-component',
  'unmarked',
  'failed',
];

/** What the tab can be told, by name. */
export const STATES: Record<string, () => KserveInferenceServicesResponse> = {
  ready: () => createResponse(),
  degraded: () => createResponse([createDegraded()]),
  canary: () => createResponse([createCanary()]),
  progressing: () => createResponse([createProgressing()]),
  stopped: () => createResponse([createStopped()]),
  unknown: () => createResponse([createLlm()]),
  long: () => createResponse([createLong()]),
  several: () =>
    createResponse([
      createService({ cluster: 'eu' }),
      createDegraded({ cluster: 'us' }),
    ]),
  errors: () =>
    createResponse([createService()], {
      errors: ERRORS.map(code => ({
        cluster: `edge-${code}`,
        code,
        message: 'Get "https://10.0.0.1:6443/api": the server said no.',
        retryable: true,
        staleSince: code === 'unreachable' ? NOW - 8 * MINUTE : undefined,
      })),
    }),
  denied: () =>
    createResponse([createService()], {
      permissions: { logs: false, predict: false },
    }),
  build: () =>
    createResponse([], {
      clusters: [],
      build: {
        cluster: 'local',
        step: 3,
        of: 5,
        detail: 'Compiling the KServe controller',
        minutesLeft: 4,
      },
    }),
  nobuild: () =>
    createResponse([], {
      clusters: [],
      build: {
        cluster: 'local',
        step: 0,
        of: 5,
        detail: '',
        problem: 'It needs 8 GB of memory; this machine has 4.',
      },
    }),
  none: () => createResponse([]),
  bare: () => createResponse([], { references: [] }),
  unconfigured: () => createResponse([], { clusters: [] }),
};

import type { Entity } from '@backstage/catalog-model';
import type {
  MlflowEntityOverview,
  MlflowExperimentSummary,
  MlflowInstanceError,
  MlflowListResponse,
  MlflowModelVersion,
  MlflowModelVersionsResponse,
  MlflowRegisteredModelSummary,
  MlflowRun,
  MlflowRunsResponse,
} from '@greenroom/plugin-mlflow-common';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

/** The moment the fixtures are seen at. */
export const NOW = Date.UTC(2026, 10, 21, 14, 10);

/** The annotation of a component that the template made. */
const FROM_TEMPLATE = { 'greenroom.dev/template-version': '2.0.0' };

export function createEntity(options?: {
  name?: string;
  annotations?: Record<string, string>;
}): Entity {
  const name = options?.name ?? 'churn';
  return {
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'Component',
    metadata: {
      name,
      namespace: 'default',
      annotations: options?.annotations ?? {
        'mlflow.org/experiment-name': name,
        'mlflow.org/registered-model': name,
        ...FROM_TEMPLATE,
      },
    },
    spec: { type: 'ml-model', owner: 'group:default/fraud-team' },
  };
}

export function createRun(overrides?: Partial<MlflowRun>): MlflowRun {
  const runId = overrides?.runId ?? '6f1d2b7c9a3e4f508d1c2b3a4e5f6071';
  return {
    instance: 'eu',
    runId,
    runName: 'ci-211',
    experimentId: '1',
    experimentName: 'churn',
    status: 'FINISHED',
    startTime: NOW - 2 * DAY - 3 * MINUTE,
    endTime: NOW - 2 * DAY,
    user: 'jane',
    metrics: { accuracy: 0.91304, f1_macro: 0.9021, log_loss: 0.2214 },
    params: { max_depth: '6', n_estimators: '200', dataset: 'breast_cancer' },
    tags: {},
    datasets: [
      { name: 'breast_cancer', digest: '8c1f03d2', context: 'training' },
    ],
    gate: {
      metric: 'accuracy',
      direction: 'maximize',
      threshold: 0.9,
      value: 0.91304,
      passed: true,
    },
    commit: {
      sha: 'a1b2c3d4e5f60718293a4b5c6d7e8f9001122334',
      branch: 'main',
      url: 'https://github.example.com/demo/churn/commit/a1b2c3d4e5f60718293a4b5c6d7e8f9001122334',
    },
    ciRun: {
      id: '211',
      workflow: 'ci',
      url: 'https://github.example.com/demo/churn/actions/runs/211',
    },
    modelVersions: [{ name: 'churn', version: '7', aliases: ['champion'] }],
    url: `https://mlflow.example.com/#/experiments/1/runs/${runId}`,
    ...overrides,
  };
}

/** The run after the champion's: below the gate. */
export function createFailedRun(overrides?: Partial<MlflowRun>): MlflowRun {
  return createRun({
    runId: '0a9b8c7d6e5f40312233445566778899',
    runName: 'ci-214',
    status: 'FAILED',
    startTime: NOW - 13 * MINUTE,
    endTime: NOW - 12 * MINUTE,
    user: 'ravi',
    metrics: { accuracy: 0.8712, f1_macro: 0.8533, log_loss: 0.3177 },
    gate: {
      metric: 'accuracy',
      direction: 'maximize',
      threshold: 0.9,
      value: 0.8712,
      passed: false,
      championVersion: '7',
      championValue: 0.91304,
    },
    commit: {
      sha: 'e4f5a6b7c8d9e0f1a2b3c4d5e6f70819202a3b4c',
      branch: 'main',
      url: 'https://github.example.com/demo/churn/commit/e4f5a6b7c8d9e0f1a2b3c4d5e6f70819202a3b4c',
    },
    ciRun: {
      id: '214',
      workflow: 'ci',
      url: 'https://github.example.com/demo/churn/actions/runs/214',
    },
    modelVersions: [],
    ...overrides,
  });
}

export function createVersion(
  overrides?: Partial<MlflowModelVersion>,
): MlflowModelVersion {
  const run = createRun();
  return {
    instance: 'eu',
    name: 'churn',
    version: '7',
    status: 'READY',
    aliases: ['champion'],
    creationTime: NOW - 2 * DAY,
    user: 'jane',
    runId: run.runId,
    run,
    tags: {},
    url: 'https://mlflow.example.com/#/models/churn/versions/7',
    ...overrides,
  };
}

export function createExperiment(
  overrides?: Partial<MlflowExperimentSummary>,
): MlflowExperimentSummary {
  return {
    instance: 'eu',
    name: 'churn',
    experimentId: '1',
    state: 'active',
    url: 'https://mlflow.example.com/#/experiments/1',
    ...overrides,
  };
}

/** What an instance says of an experiment that it does not have. */
export function createMissing(name: string): MlflowExperimentSummary {
  return { instance: 'eu', name, state: 'missing' };
}

export function createRegisteredModel(
  overrides?: Partial<MlflowRegisteredModelSummary>,
): MlflowRegisteredModelSummary {
  return {
    instance: 'eu',
    name: 'churn',
    state: 'registered',
    url: 'https://mlflow.example.com/#/models/churn',
    ...overrides,
  };
}

export function createOverview(
  overrides?: Partial<MlflowEntityOverview>,
): MlflowEntityOverview {
  return {
    references: {
      experiments: [{ name: 'churn' }],
      experimentIds: [],
      registeredModels: [{ name: 'churn' }],
    },
    instances: ['eu'],
    experiments: [createExperiment()],
    registeredModels: [createRegisteredModel()],
    champion: createVersion(),
    latestVersion: createVersion(),
    lastRun: createRun(),
    lastGatedRun: createRun(),
    errors: [],
    ...overrides,
  };
}

export function createUnreachable(
  overrides?: Partial<MlflowInstanceError>,
): MlflowInstanceError {
  return {
    instance: 'eu',
    code: 'UNREACHABLE',
    message: 'connect ECONNREFUSED',
    retryable: true,
    since: NOW - 8 * MINUTE,
    ...overrides,
  };
}

export function createList<T>(
  items: T[],
  overrides?: Partial<MlflowListResponse<T>>,
): MlflowListResponse<T> {
  return { items, errors: [], ...overrides };
}

export function createRuns(
  items: MlflowRun[],
  overrides?: Partial<MlflowRunsResponse>,
): MlflowRunsResponse {
  return { items, errors: [], experiments: [createExperiment()], ...overrides };
}

export function createVersions(
  items: MlflowModelVersion[],
  overrides?: Partial<MlflowModelVersionsResponse>,
): MlflowModelVersionsResponse {
  return {
    items,
    errors: [],
    registeredModels: [createRegisteredModel()],
    aliased: [],
    ...overrides,
  };
}

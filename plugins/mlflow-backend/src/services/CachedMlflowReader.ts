import {
  MlflowClientError,
  quoteMlflowFilterValue,
  type MlflowExperimentInfo,
  type MlflowInstance,
  type MlflowModelVersionInfo,
  type MlflowPage,
  type MlflowRegisteredModelInfo,
  type MlflowRunInfo,
  type MlflowSearchRequest,
  type MlflowService,
} from '@greenroom/plugin-mlflow-node';
import { InstanceHealth } from './InstanceHealth';
import { ReadCache, type CachedAnswer } from './ReadCache';

type Answer<T> = Promise<CachedAnswer<T>>;

const EXPERIMENT_FRESH_MS = 5 * 60_000;

/** A name that MLflow cannot search for fails like any other bad request. */
function quote(instance: string, value: string): string {
  try {
    return quoteMlflowFilterValue(value);
  } catch (error) {
    throw new MlflowClientError({
      instance,
      code: 'BAD_REQUEST',
      message: error instanceof Error ? error.message : String(error),
    });
  }
}

/**
 * MLflow's reads behind one cache that all viewers share. Callers have
 * authorised the user before they ask.
 */
export class CachedMlflowReader {
  readonly #mlflow: MlflowService;
  readonly #experiments: ReadCache<MlflowExperimentInfo | undefined>;
  readonly #models: ReadCache<MlflowRegisteredModelInfo | undefined>;
  readonly #runs: ReadCache<MlflowRunInfo | undefined>;
  readonly #runPages: ReadCache<MlflowPage<MlflowRunInfo>>;
  readonly #versions: ReadCache<MlflowModelVersionInfo | undefined>;
  readonly #versionPages: ReadCache<MlflowPage<MlflowModelVersionInfo>>;

  constructor(mlflow: MlflowService) {
    this.#mlflow = mlflow;
    const health = new InstanceHealth();
    this.#experiments = new ReadCache({
      health,
      maxEntries: 10_000,
      // The id behind a name changes only when the experiment is renamed or
      // deleted; one that is missing may be made any moment.
      freshMs: experiment =>
        experiment?.lifecycleStage === 'active' ? EXPERIMENT_FRESH_MS : 5_000,
    });
    this.#models = new ReadCache({ health, maxEntries: 10_000 });
    this.#runs = new ReadCache({ health, maxEntries: 2_000 });
    this.#runPages = new ReadCache({ health, maxEntries: 1_000 });
    this.#versions = new ReadCache({ health, maxEntries: 2_000 });
    this.#versionPages = new ReadCache({ health, maxEntries: 1_000 });
  }

  /** The default instance comes first. */
  get instances(): MlflowInstance[] {
    return this.#mlflow.instances;
  }

  experimentByName(
    instance: string,
    name: string,
  ): Answer<MlflowExperimentInfo | undefined> {
    return this.#experiments.read(instance, { name }, () =>
      this.#mlflow.getClient(instance).getExperimentByName(name),
    );
  }

  experimentById(
    instance: string,
    id: string,
  ): Answer<MlflowExperimentInfo | undefined> {
    return this.#experiments.read(instance, { id }, () =>
      this.#mlflow.getClient(instance).getExperiment(id),
    );
  }

  registeredModel(
    instance: string,
    name: string,
  ): Answer<MlflowRegisteredModelInfo | undefined> {
    return this.#models.read(instance, name, () =>
      this.#mlflow.getClient(instance).getRegisteredModel(name),
    );
  }

  searchRuns(
    instance: string,
    request: MlflowSearchRequest & { experimentIds: string[] },
  ): Answer<MlflowPage<MlflowRunInfo>> {
    return this.#runPages.read(instance, request, () =>
      this.#mlflow.getClient(instance).searchRuns(request),
    );
  }

  run(instance: string, runId: string): Answer<MlflowRunInfo | undefined> {
    return this.#runs.read(instance, runId, () =>
      this.#mlflow.getClient(instance).getRun(runId),
    );
  }

  /** Versions of one registered model, the newest first. */
  versionsOfModel(
    instance: string,
    name: string,
    page: { maxResults: number; pageToken?: string },
  ): Answer<MlflowPage<MlflowModelVersionInfo>> {
    return this.#versionPages.read(instance, { name, ...page }, async () =>
      this.#mlflow.getClient(instance).searchModelVersions({
        filter: `name = ${quote(instance, name)}`,
        orderBy: ['version_number DESC'],
        ...page,
      }),
    );
  }

  /** Versions that were registered from one of the runs. */
  versionsOfRuns(
    instance: string,
    runIds: string[],
  ): Answer<MlflowPage<MlflowModelVersionInfo>> {
    const sorted = [...new Set(runIds)].sort();
    return this.#versionPages.read(instance, { sorted }, async () =>
      this.#mlflow.getClient(instance).searchModelVersions({
        filter: `run_id IN (${sorted
          .map(runId => quote(instance, runId))
          .join(', ')})`,
        maxResults: 1000,
      }),
    );
  }

  modelVersion(
    instance: string,
    name: string,
    version: string,
  ): Answer<MlflowModelVersionInfo | undefined> {
    return this.#versions.read(instance, { name, version }, () =>
      this.#mlflow.getClient(instance).getModelVersion(name, version),
    );
  }
}

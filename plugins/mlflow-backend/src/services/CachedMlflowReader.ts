// SPDX-License-Identifier: Apache-2.0
import type { MlflowInputExample } from '@greenroom/plugin-mlflow-common';
import {
  MlflowClientError,
  type MlflowClient,
  type MlflowCount,
  type MlflowExperimentInfo,
  type MlflowInstance,
  type MlflowModelVersionInfo,
  type MlflowPage,
  type MlflowRegisteredModelInfo,
  type MlflowRunInfo,
  type MlflowRunSearchRequest,
  type MlflowService,
} from '@greenroom/plugin-mlflow-node';
import { InstanceHealth } from './InstanceHealth';
import { PersonalSearches } from './PersonalSearches';
import { ReadCache, type CachedAnswer } from './ReadCache';

type Answer<T> = Promise<CachedAnswer<T>>;

const FRESH_MS = 5_000;
// Its tags say who may read it: a change of them must be seen soon.
const EXPERIMENT_FRESH_MS = 60_000;
const CONTENTS_FRESH_MS = 60_000;
// What is not there yet may come any moment, but a page that waits for it must
// not ask for it all the time.
const NOTHING_FRESH_MS = 30_000;

/** What an experiment holds beside runs; undefined where nobody can say. */
export interface ExperimentContents {
  traces?: MlflowCount;
  loggedModels?: MlflowCount;
}

function freshUnlessMissing(value: object | undefined): number {
  return value === undefined ? NOTHING_FRESH_MS : FRESH_MS;
}

function freshUnlessEmpty(page: MlflowPage<unknown>): number {
  return page.items.length === 0 ? NOTHING_FRESH_MS : FRESH_MS;
}

async function unlessRefused<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof MlflowClientError && !error.retryable) {
      return undefined;
    }
    throw error;
  }
}

/**
 * MLflow's reads behind one cache that all viewers share. Callers have
 * authorised the user before they ask.
 */
export class CachedMlflowReader {
  readonly #mlflow: MlflowService;
  readonly #personal = new PersonalSearches();
  readonly #experiments: ReadCache<MlflowExperimentInfo | undefined>;
  readonly #contents: ReadCache<ExperimentContents>;
  readonly #models: ReadCache<MlflowRegisteredModelInfo | undefined>;
  readonly #runs: ReadCache<MlflowRunInfo | undefined>;
  readonly #runPages: ReadCache<MlflowPage<MlflowRunInfo>>;
  readonly #versions: ReadCache<MlflowModelVersionInfo | undefined>;
  readonly #versionPages: ReadCache<MlflowPage<MlflowModelVersionInfo>>;
  readonly #versionsOfRuns: ReadCache<MlflowPage<MlflowModelVersionInfo>>;
  readonly #inputExamples: ReadCache<MlflowInputExample | undefined>;
  readonly #runJson: ReadCache<unknown>;

  constructor(mlflow: MlflowService) {
    this.#mlflow = mlflow;
    const health = new InstanceHealth({
      probe: instance => this.#client(instance).probe(),
    });
    this.#experiments = new ReadCache({
      health,
      maxEntries: 10_000,
      // The id behind a name changes only when the experiment is renamed or
      // deleted; one that is missing may be made any moment.
      freshMs: experiment =>
        experiment?.lifecycleStage === 'active'
          ? EXPERIMENT_FRESH_MS
          : NOTHING_FRESH_MS,
    });
    this.#contents = new ReadCache({
      health,
      maxEntries: 1_000,
      freshMs: () => CONTENTS_FRESH_MS,
    });
    this.#models = new ReadCache<MlflowRegisteredModelInfo | undefined>({
      health,
      maxEntries: 10_000,
      freshMs: freshUnlessMissing,
    });
    this.#runs = new ReadCache<MlflowRunInfo | undefined>({
      health,
      maxEntries: 2_000,
      freshMs: freshUnlessMissing,
    });
    this.#runPages = new ReadCache<MlflowPage<MlflowRunInfo>>({
      health,
      maxEntries: 1_000,
      freshMs: freshUnlessEmpty,
    });
    this.#versions = new ReadCache<MlflowModelVersionInfo | undefined>({
      health,
      maxEntries: 2_000,
      freshMs: freshUnlessMissing,
    });
    this.#versionPages = new ReadCache<MlflowPage<MlflowModelVersionInfo>>({
      health,
      maxEntries: 1_000,
      freshMs: freshUnlessEmpty,
    });
    this.#versionsOfRuns = new ReadCache({ health, maxEntries: 1_000 });
    this.#inputExamples = new ReadCache({
      health,
      maxEntries: 500,
      // What a version was logged with never changes.
      freshMs: () => EXPERIMENT_FRESH_MS,
    });
    this.#runJson = new ReadCache({
      health,
      maxEntries: 500,
      freshMs: () => EXPERIMENT_FRESH_MS,
    });
  }

  /** A JSON artifact of a run that has ended. */
  runJson(instance: string, runId: string, path: string): Answer<unknown> {
    return this.#runJson.read({
      instance,
      key: { runId, path },
      isPersonal: true,
      load: () => this.#client(instance).getRunJson({ runId, path }),
    });
  }

  /** The default instance comes first. */
  get instances(): MlflowInstance[] {
    return this.#mlflow.instances;
  }

  experimentByName(
    instance: string,
    name: string,
  ): Answer<MlflowExperimentInfo | undefined> {
    return this.#experiments.read({
      instance,
      key: { name },
      load: () => this.#client(instance).getExperimentByName(name),
    });
  }

  experimentById(
    instance: string,
    id: string,
  ): Answer<MlflowExperimentInfo | undefined> {
    return this.#experiments.read({
      instance,
      key: { id },
      load: () => this.#client(instance).getExperiment(id),
    });
  }

  /** An instance that refuses to say it is as one that is too old to. */
  contentsOfExperiment(
    instance: string,
    id: string,
  ): Answer<ExperimentContents> {
    const client = this.#client(instance);
    return this.#contents.read({
      instance,
      key: id,
      load: async () => {
        const [traces, loggedModels] = await Promise.all([
          unlessRefused(client.countTraces(id)),
          unlessRefused(client.countLoggedModels(id)),
        ]);
        return { traces, loggedModels };
      },
    });
  }

  registeredModel(
    instance: string,
    name: string,
  ): Answer<MlflowRegisteredModelInfo | undefined> {
    return this.#models.read({
      instance,
      key: name,
      load: () => this.#client(instance).getRegisteredModel(name),
    });
  }

  /** `isPersonal`: a person made up the filter, the order or the place. */
  searchRuns(
    instance: string,
    request: MlflowRunSearchRequest,
    { isPersonal = false } = {},
  ): Answer<MlflowPage<MlflowRunInfo>> {
    const load = () => this.#client(instance).searchRuns(request);
    return this.#runPages.read({
      instance,
      key: request,
      isPersonal,
      load: isPersonal ? () => this.#personal.run(instance, load) : load,
    });
  }

  run(instance: string, runId: string): Answer<MlflowRunInfo | undefined> {
    return this.#runs.read({
      instance,
      key: runId,
      load: () => this.#client(instance).getRun(runId),
    });
  }

  /** Versions of one registered model or prompt, the newest first. */
  versionsOfModel(
    instance: string,
    name: string,
    page: { isPrompt?: boolean; maxResults: number; pageToken?: string },
  ): Answer<MlflowPage<MlflowModelVersionInfo>> {
    return this.#versionPages.read({
      instance,
      key: { name, ...page },
      load: () => this.#client(instance).searchVersionsOfModel(name, page),
    });
  }

  /** Versions that were registered from one of the runs. */
  versionsOfRuns(
    instance: string,
    runIds: string[],
  ): Answer<MlflowPage<MlflowModelVersionInfo>> {
    // Ids that cannot be quoted come from no MLflow server.
    const sorted = [...new Set(runIds)]
      .filter(id => /^[\w-]{1,64}$/.test(id))
      .sort();
    return this.#versionsOfRuns.read({
      instance,
      key: sorted,
      load: async () =>
        sorted.length === 0
          ? { items: [] }
          : this.#client(instance).searchModelVersions({
              filter: `run_id IN (${sorted.map(id => `'${id}'`).join(', ')})`,
              maxResults: 1000,
            }),
    });
  }

  modelVersion(
    instance: string,
    name: string,
    version: string,
  ): Answer<MlflowModelVersionInfo | undefined> {
    return this.#versions.read({
      instance,
      key: { name, version },
      load: () => this.#client(instance).getModelVersion(name, version),
    });
  }

  /** One row that the version was logged with. A store that cannot be read says nothing about the instance. */
  inputExample(
    instance: string,
    name: string,
    version: string,
  ): Answer<MlflowInputExample | undefined> {
    return this.#inputExamples.read({
      instance,
      key: { name, version },
      isPersonal: true,
      load: () => this.#client(instance).getInputExample(name, version),
    });
  }

  #client(instance: string): MlflowClient {
    return this.#mlflow.getClient(instance);
  }
}

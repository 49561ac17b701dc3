// SPDX-License-Identifier: Apache-2.0
import type { LoggerService } from '@backstage/backend-plugin-api';
import type { MlflowInputExample } from '@greenroom/plugin-mlflow-common';
import { collectPage } from './collectPage';
import { countLoggedModels, countTraces } from './contents';
import { getInputExample } from './getInputExample';
import { getRunJson } from './getRunJson';
import { iteratePages } from './iteratePages';
import { MlflowHttp } from './MlflowHttp';
import type {
  MlflowInstance,
  MlflowInstanceConfig,
} from './readMlflowInstances';
import { ifExists, toSearchBody, toSearchQuery } from './requests';
import { responses } from './schemas';
import { searchTopLevelRuns } from './searchTopLevelRuns';
import { toMlflowNameFilter } from './toMlflowNameFilter';
import type {
  MlflowCallOptions,
  MlflowCount,
  MlflowExperimentInfo,
  MlflowIterateOptions,
  MlflowIterator,
  MlflowModelVersionInfo,
  MlflowPage,
  MlflowRegisteredModelInfo,
  MlflowRunInfo,
  MlflowRunSearchRequest,
  MlflowSearchRequest,
} from './types';

// MLflow leaves prompts out of a search that does not ask for them.
const IS_PROMPT = " AND tags.`mlflow.prompt.is_prompt` = 'true'";

/**
 * Client of one MLflow tracking server and model registry, MLflow 2 and 3.
 * Every method throws `MlflowClientError`; see
 * https://mlflow.org/docs/latest/api_reference/rest-api.html for the protocol.
 *
 * @public
 */
export class MlflowClient {
  /** The instance that this client calls, without secrets. */
  readonly instance: MlflowInstance;
  readonly #http: MlflowHttp;

  constructor(
    instance: MlflowInstanceConfig,
    options?: { logger?: LoggerService },
  ) {
    const { name, webUrl, trackingUri, workspace } = instance;
    this.instance = { name, webUrl, trackingUri, workspace };
    this.#http = new MlflowHttp(instance, options?.logger);
  }

  /** One page of experiments; deleted ones are left out. */
  async searchExperiments(
    request: MlflowSearchRequest = {},
    options?: MlflowCallOptions,
  ): Promise<MlflowPage<MlflowExperimentInfo>> {
    return this.#http.post(
      'experiments/search',
      toSearchBody({ maxResults: 1000, ...request }),
      responses.experiments,
      options,
    );
  }

  /** The experiment of that name, also a deleted one; undefined when there is none. */
  async getExperimentByName(
    name: string,
    options?: MlflowCallOptions,
  ): Promise<MlflowExperimentInfo | undefined> {
    const answer = await ifExists(
      this.#http.get(
        'experiments/get-by-name',
        { experiment_name: name },
        responses.experiment,
        options,
      ),
    );
    return answer?.experiment;
  }

  /** The experiment of that id, undefined when there is none. */
  async getExperiment(
    experimentId: string,
    options?: MlflowCallOptions,
  ): Promise<MlflowExperimentInfo | undefined> {
    const answer = await ifExists(
      this.#http.get(
        'experiments/get',
        { experiment_id: experimentId },
        responses.experiment,
        options,
      ),
    );
    return answer?.experiment;
  }

  /**
   * Creates an experiment and answers its id. Fails with the `errorCode`
   * `RESOURCE_ALREADY_EXISTS` when the name is taken, also by a deleted one.
   */
  async createExperiment(
    experiment: {
      name: string;
      artifactLocation?: string;
      tags?: Record<string, string>;
    },
    options?: MlflowCallOptions,
  ): Promise<string> {
    const { name, artifactLocation, tags } = experiment;
    const body = {
      name,
      artifact_location: artifactLocation,
      tags: Object.entries(tags ?? {}).map(([key, value]) => ({ key, value })),
    };
    const answer = await this.#http.send(
      { method: 'POST', path: 'experiments/create', kind: 'write', body },
      responses.createdExperiment,
      options,
    );
    return answer.experiment_id;
  }

  /** One page of the active runs of the experiments. */
  async searchRuns(
    request: MlflowRunSearchRequest,
    options?: MlflowCallOptions,
  ): Promise<MlflowPage<MlflowRunInfo>> {
    const { experimentIds, topLevel, ...search } = request;
    if (experimentIds.length === 0) {
      return { items: [] };
    }
    if (topLevel) {
      return searchTopLevelRuns(plain => this.searchRuns(plain, options), {
        experimentIds,
        ...search,
      });
    }
    const body = {
      experiment_ids: experimentIds,
      run_view_type: 'ACTIVE_ONLY',
      ...toSearchBody({ maxResults: 100, ...search }),
    };
    return this.#http.post('runs/search', body, responses.runs, options);
  }

  /** All runs that match, page after page. */
  iterateRuns(
    request: MlflowRunSearchRequest,
    options?: MlflowIterateOptions,
  ): MlflowIterator<MlflowRunInfo> {
    return iteratePages(
      pageToken => this.searchRuns({ ...request, pageToken }, options),
      options?.maxItems,
    );
  }

  /** The run of that id, undefined when there is none. */
  async getRun(
    runId: string,
    options?: MlflowCallOptions,
  ): Promise<MlflowRunInfo | undefined> {
    const answer = await ifExists(
      this.#http.get('runs/get', { run_id: runId }, responses.run, options),
    );
    return answer?.run;
  }

  /** A JSON artifact of a run, unchecked; undefined where the run has none there. */
  async getRunJson(
    artifact: { runId: string; path: string },
    options?: MlflowCallOptions,
  ): Promise<unknown> {
    return getRunJson(this.#http, artifact, options);
  }

  /** One page of registered models. */
  async searchRegisteredModels(
    request: MlflowSearchRequest = {},
    options?: MlflowCallOptions,
  ): Promise<MlflowPage<MlflowRegisteredModelInfo>> {
    return this.#http.get(
      'registered-models/search',
      toSearchQuery(request),
      responses.registeredModels,
      options,
    );
  }

  /** The registered model with its aliases, undefined when there is none. */
  async getRegisteredModel(
    name: string,
    options?: MlflowCallOptions,
  ): Promise<MlflowRegisteredModelInfo | undefined> {
    const answer = await ifExists(
      this.#http.get(
        'registered-models/get',
        { name },
        responses.registeredModel,
        options,
      ),
    );
    return answer?.registered_model;
  }

  /** One page of model versions; MLflow leaves their aliases out. */
  async searchModelVersions(
    request: MlflowSearchRequest = {},
    options?: MlflowCallOptions,
  ): Promise<MlflowPage<MlflowModelVersionInfo>> {
    return this.#http.get(
      'model-versions/search',
      toSearchQuery(request),
      responses.modelVersions,
      options,
    );
  }

  /**
   * One page of the versions of a registered model or prompt, the newest first;
   * a page of a prompt is found only where `isPrompt` says that it is one.
   */
  async searchVersionsOfModel(
    name: string,
    request: { isPrompt?: boolean; maxResults: number; pageToken?: string },
    options?: MlflowCallOptions,
  ): Promise<MlflowPage<MlflowModelVersionInfo>> {
    const { isPrompt, maxResults, pageToken } = request;
    const filter = `${toMlflowNameFilter(name)}${isPrompt ? IS_PROMPT : ''}`;
    const orderBy = ['version_number DESC'];
    return collectPage(
      token =>
        this.searchModelVersions(
          { filter, orderBy, maxResults, pageToken: token },
          options,
        ),
      {
        pageToken,
        atLeast: maxResults,
        isWanted: version => version.name === name,
      },
    );
  }

  /** The model version, undefined when there is none. */
  async getModelVersion(
    name: string,
    version: string,
    options?: MlflowCallOptions,
  ): Promise<MlflowModelVersionInfo | undefined> {
    const answer = await ifExists(
      this.#http.get(
        'model-versions/get',
        { name, version },
        responses.modelVersion,
        options,
      ),
    );
    return answer?.model_version;
  }

  /** One row of the input that the version was logged with, undefined where it has none. */
  async getInputExample(
    name: string,
    version: string,
    options?: MlflowCallOptions,
  ): Promise<MlflowInputExample | undefined> {
    return getInputExample(this.#http, { name, version }, options);
  }

  /** How many traces an experiment has; undefined where MLflow is too old. */
  async countTraces(
    experimentId: string,
    options?: MlflowCallOptions,
  ): Promise<MlflowCount | undefined> {
    return countTraces(this.#http, experimentId, options);
  }

  /** How many LoggedModels it has; undefined where MLflow is too old. */
  async countLoggedModels(
    experimentId: string,
    options?: MlflowCallOptions,
  ): Promise<MlflowCount | undefined> {
    return countLoggedModels(this.#http, experimentId, options);
  }

  /** Fails unless the server answers a cheap read within 3 s. */
  async probe(options?: MlflowCallOptions): Promise<void> {
    const body = { max_results: 1 };
    const path = 'experiments/search';
    await this.#http.send(
      { method: 'POST', path, kind: 'probe', body },
      responses.experiments,
      options,
    );
  }
}

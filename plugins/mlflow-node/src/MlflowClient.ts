import type { LoggerService } from '@backstage/backend-plugin-api';
import type { z } from 'zod';
import { iteratePages } from './iteratePages';
import { MlflowTransport, type MlflowRequest } from './MlflowTransport';
import type {
  MlflowInstance,
  MlflowInstanceConfig,
} from './readMlflowInstances';
import { ifExists, parseAnswer, toSearchBody, toSearchQuery } from './requests';
import { responses } from './schemas';
import type {
  MlflowCallOptions,
  MlflowExperimentInfo,
  MlflowIterateOptions,
  MlflowIterator,
  MlflowModelVersionInfo,
  MlflowPage,
  MlflowRegisteredModelInfo,
  MlflowRunInfo,
  MlflowSearchRequest,
} from './types';

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
  readonly #transport: MlflowTransport;

  constructor(
    instance: MlflowInstanceConfig,
    options?: { logger?: LoggerService },
  ) {
    const { name, webUrl, trackingUri, workspace } = instance;
    this.instance = { name, webUrl, trackingUri, workspace };
    this.#transport = new MlflowTransport(instance, options?.logger);
  }

  /** One page of experiments; deleted ones are left out. */
  async searchExperiments(
    request: MlflowSearchRequest = {},
    options?: MlflowCallOptions,
  ): Promise<MlflowPage<MlflowExperimentInfo>> {
    return this.#post(
      'experiments/search',
      toSearchBody({ maxResults: 1000, ...request }),
      responses.experiments,
      options,
    );
  }

  /** All experiments that match, page after page. */
  iterateExperiments(
    request: MlflowSearchRequest = {},
    options?: MlflowIterateOptions,
  ): MlflowIterator<MlflowExperimentInfo> {
    return iteratePages(
      pageToken => this.searchExperiments({ ...request, pageToken }, options),
      options?.maxItems,
    );
  }

  /**
   * The experiment of that name, undefined when there is none. MLflow answers
   * deleted ones too: see `lifecycleStage`.
   */
  async getExperimentByName(
    name: string,
    options?: MlflowCallOptions,
  ): Promise<MlflowExperimentInfo | undefined> {
    const answer = await ifExists(
      this.#get(
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
      this.#get(
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
    const answer = await this.#send(
      { method: 'POST', path: 'experiments/create', kind: 'write', body },
      responses.createdExperiment,
      options,
    );
    return answer.experiment_id;
  }

  /** One page of the active runs of the experiments. */
  async searchRuns(
    request: MlflowSearchRequest & { experimentIds: string[] },
    options?: MlflowCallOptions,
  ): Promise<MlflowPage<MlflowRunInfo>> {
    const { experimentIds, ...search } = request;
    if (experimentIds.length === 0) {
      return { items: [] };
    }
    const body = {
      experiment_ids: experimentIds,
      run_view_type: 'ACTIVE_ONLY',
      ...toSearchBody({ maxResults: 100, ...search }),
    };
    return this.#post('runs/search', body, responses.runs, options);
  }

  /** All runs that match, page after page. */
  iterateRuns(
    request: MlflowSearchRequest & { experimentIds: string[] },
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
      this.#get('runs/get', { run_id: runId }, responses.run, options),
    );
    return answer?.run;
  }

  /** One page of registered models. */
  async searchRegisteredModels(
    request: MlflowSearchRequest = {},
    options?: MlflowCallOptions,
  ): Promise<MlflowPage<MlflowRegisteredModelInfo>> {
    return this.#get(
      'registered-models/search',
      toSearchQuery(request),
      responses.registeredModels,
      options,
    );
  }

  /** All registered models that match, page after page. */
  iterateRegisteredModels(
    request: MlflowSearchRequest = {},
    options?: MlflowIterateOptions,
  ): MlflowIterator<MlflowRegisteredModelInfo> {
    return iteratePages(
      pageToken =>
        this.searchRegisteredModels({ ...request, pageToken }, options),
      options?.maxItems,
    );
  }

  /** The registered model with its aliases, undefined when there is none. */
  async getRegisteredModel(
    name: string,
    options?: MlflowCallOptions,
  ): Promise<MlflowRegisteredModelInfo | undefined> {
    const answer = await ifExists(
      this.#get(
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
    return this.#get(
      'model-versions/search',
      toSearchQuery(request),
      responses.modelVersions,
      options,
    );
  }

  /** All model versions that match, page after page. */
  iterateModelVersions(
    request: MlflowSearchRequest = {},
    options?: MlflowIterateOptions,
  ): MlflowIterator<MlflowModelVersionInfo> {
    return iteratePages(
      pageToken => this.searchModelVersions({ ...request, pageToken }, options),
      options?.maxItems,
    );
  }

  /** The model version, undefined when there is none. */
  async getModelVersion(
    name: string,
    version: string,
    options?: MlflowCallOptions,
  ): Promise<MlflowModelVersionInfo | undefined> {
    const answer = await ifExists(
      this.#get(
        'model-versions/get',
        { name, version },
        responses.modelVersion,
        options,
      ),
    );
    return answer?.model_version;
  }

  /** The model version that holds the alias, undefined when none does. */
  async getModelVersionByAlias(
    name: string,
    alias: string,
    options?: MlflowCallOptions,
  ): Promise<MlflowModelVersionInfo | undefined> {
    const answer = await ifExists(
      this.#get(
        'registered-models/alias',
        { name, alias },
        responses.modelVersion,
        options,
      ),
    );
    return answer?.model_version;
  }

  #get<T>(
    path: string,
    query: MlflowRequest['query'],
    schema: z.ZodType<T>,
    options?: MlflowCallOptions,
  ): Promise<T> {
    const request = { method: 'GET', path, kind: 'read', query } as const;
    return this.#send(request, schema, options);
  }

  #post<T>(
    path: string,
    body: MlflowRequest['body'],
    schema: z.ZodType<T>,
    options?: MlflowCallOptions,
  ): Promise<T> {
    const request = { method: 'POST', path, kind: 'read', body } as const;
    return this.#send(request, schema, options);
  }

  async #send<T>(
    request: MlflowRequest,
    schema: z.ZodType<T>,
    options?: MlflowCallOptions,
  ): Promise<T> {
    return parseAnswer(this.instance.name, request.path, {
      schema,
      answer: await this.#transport.send(request, options?.signal),
    });
  }
}

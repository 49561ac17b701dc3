// SPDX-License-Identifier: Apache-2.0
import { createApiRef } from '@backstage/frontend-plugin-api';
import type {
  KserveInferenceServicesResponse,
  KserveLogsQuery,
  KserveModelMetadata,
  KserveModelsResponse,
  KserveObjectivesResponse,
  KservePredictRequest,
  KservePredictResponse,
} from '@greenroom/plugin-kserve-common';
import type { MlflowInputExample } from '@greenroom/plugin-mlflow-common';

/**
 * Options of every request: `signal` cancels it.
 *
 * @public
 */
export interface KserveRequestOptions {
  signal?: AbortSignal;
}

/**
 * An inference service as the page of an entity names it.
 *
 * @public
 */
export interface KserveServiceRef {
  entityRef: string;
  cluster: string;
  namespace: string;
  name: string;
}

/**
 * What the portal's KServe backend answers. The backend finds an entity's
 * inference services with the user's own credentials, and reports a cluster that
 * fails in `errors`; a method rejects only if the portal itself refuses or fails,
 * with a `ResponseError` of `@backstage/errors`.
 *
 * @public
 */
export interface KserveApi {
  /** All that is known of an entity's inference services. */
  listInferenceServices(
    entityRef: string,
    options?: KserveRequestOptions,
  ): Promise<KserveInferenceServicesResponse>;

  /** What is served of the models that the signed-in user owns. */
  listModels(options?: KserveRequestOptions): Promise<KserveModelsResponse>;

  /** What a request to the model is made of. */
  getMetadata(
    service: KserveServiceRef,
    options?: KserveRequestOptions,
  ): Promise<KserveModelMetadata>;

  /** How the objectives are kept that Prometheus has rules for. */
  getObjectives(
    service: KserveServiceRef,
    options?: KserveRequestOptions,
  ): Promise<KserveObjectivesResponse>;

  /**
   * One row that this version of the model was logged with, by the portal's `mlflow` backend and with
   * the user's rights there; undefined where there is none to be had.
   */
  getInputExample(
    entityRef: string,
    model: { name: string; version: string },
    options?: KserveRequestOptions,
  ): Promise<MlflowInputExample | undefined>;

  /** Sends one request to the model. */
  predict(
    service: KserveServiceRef,
    request: KservePredictRequest,
    options?: KserveRequestOptions,
  ): Promise<KservePredictResponse>;

  /**
   * A container's log as text, piece by piece, each line after its time (RFC
   * 3339); its text is not trusted.
   */
  readLogs(
    service: KserveServiceRef,
    query: KserveLogsQuery,
    options?: KserveRequestOptions,
  ): AsyncIterable<string>;
}

/**
 * The {@link KserveApi} of the app.
 *
 * @public
 */
export const kserveApiRef = createApiRef<KserveApi>().with({
  id: 'plugin.kserve.api',
  pluginId: 'kserve',
});

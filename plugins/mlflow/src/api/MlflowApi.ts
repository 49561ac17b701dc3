// SPDX-License-Identifier: Apache-2.0
import { createApiRef } from '@backstage/frontend-plugin-api';
import type {
  MlflowDriftResponse,
  MlflowEntityOverview,
  MlflowListResponse,
  MlflowModelSummary,
  MlflowModelVersionsResponse,
  MlflowRunsQuery,
  MlflowRunsResponse,
} from '@greenroom/plugin-mlflow-common';

/**
 * Options of every request: `signal` cancels it; `isRetry` asks past the caches,
 * for a person who does not believe the answer.
 *
 * @public
 */
export interface MlflowRequestOptions {
  signal?: AbortSignal;
  isRetry?: boolean;
}

/**
 * What the portal's MLflow backend answers. The backend reads the entity's
 * annotations with the user's own credentials, and reports an MLflow instance
 * that fails in `errors`; a method rejects only if the portal itself refuses or
 * fails, with a `ResponseError` of `@backstage/errors`.
 *
 * @public
 */
export interface MlflowApi {
  /** The champion, newest version and last run of an entity. */
  getEntityOverview(
    entityRef: string,
    options?: MlflowRequestOptions,
  ): Promise<MlflowEntityOverview>;

  /** One page of an entity's runs; filtered, sorted and paged by MLflow. */
  listRuns(
    entityRef: string,
    query?: MlflowRunsQuery,
    options?: MlflowRequestOptions,
  ): Promise<MlflowRunsResponse>;

  /**
   * One page of the versions of an entity's registered models, newest first,
   * beside it those that hold an alias or a stage.
   */
  listModelVersions(
    entityRef: string,
    query?: { pageToken?: string },
    options?: MlflowRequestOptions,
  ): Promise<MlflowModelVersionsResponse>;

  /** What the analyses of drift said of an entity's model. */
  getDrift(
    entityRef: string,
    options?: MlflowRequestOptions,
  ): Promise<MlflowDriftResponse>;

  /**
   * One page of the models that the signed-in user owns, by name; `search`
   * leaves those whose name or title holds the text.
   */
  listModels(
    query?: { search?: string; pageToken?: string },
    options?: MlflowRequestOptions,
  ): Promise<MlflowListResponse<MlflowModelSummary>>;
}

/**
 * The {@link MlflowApi} of the app.
 *
 * @public
 */
export const mlflowApiRef = createApiRef<MlflowApi>().with({
  id: 'plugin.mlflow.api',
  pluginId: 'mlflow',
});

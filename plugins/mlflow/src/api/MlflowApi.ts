import { createApiRef } from '@backstage/frontend-plugin-api';
import type {
  MlflowEntityOverview,
  MlflowListResponse,
  MlflowModelSummary,
  MlflowModelVersion,
  MlflowRun,
  MlflowRunsQuery,
} from '@greenroom/plugin-mlflow-common';

/**
 * Options of every request: `signal` cancels it.
 *
 * @public
 */
export interface MlflowRequestOptions {
  signal?: AbortSignal;
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
  ): Promise<MlflowListResponse<MlflowRun>>;

  /** One page of the versions of an entity's registered models, newest first. */
  listModelVersions(
    entityRef: string,
    query?: { pageToken?: string },
    options?: MlflowRequestOptions,
  ): Promise<MlflowListResponse<MlflowModelVersion>>;

  /** One page of the models that the signed-in user owns, by name. */
  listModels(
    query?: { pageToken?: string },
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

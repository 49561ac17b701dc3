// SPDX-License-Identifier: Apache-2.0
import { parseEntityRef } from '@backstage/catalog-model';
import { ResponseError } from '@backstage/errors';
import type { FetchApi } from '@backstage/frontend-plugin-api';
import type {
  MlflowDriftResponse,
  MlflowEntityOverview,
  MlflowListResponse,
  MlflowModelSummary,
  MlflowModelVersionsResponse,
  MlflowRunsQuery,
  MlflowRunsResponse,
} from '@greenroom/plugin-mlflow-common';
import type { MlflowApi, MlflowRequestOptions } from './MlflowApi';

function entityPath(entityRef: string, resource: string) {
  const { kind, namespace, name } = parseEntityRef(entityRef);
  const segments = [kind, namespace, name].map(segment =>
    encodeURIComponent(segment.toLocaleLowerCase('en-US')),
  );
  return `/entities/${segments.join('/')}/${resource}`;
}

/** Asks the portal's `mlflow` backend over HTTP. */
export class DefaultMlflowApi implements MlflowApi {
  readonly #fetchApi: FetchApi;

  constructor(options: { fetchApi: FetchApi }) {
    this.#fetchApi = options.fetchApi;
  }

  getEntityOverview(entityRef: string, options?: MlflowRequestOptions) {
    return this.#get<MlflowEntityOverview>(
      entityPath(entityRef, 'overview'),
      {},
      options,
    );
  }

  listRuns(
    entityRef: string,
    query: MlflowRunsQuery = {},
    options?: MlflowRequestOptions,
  ) {
    return this.#get<MlflowRunsResponse>(
      entityPath(entityRef, 'runs'),
      { ...query },
      options,
    );
  }

  listModelVersions(
    entityRef: string,
    query: { pageToken?: string } = {},
    options?: MlflowRequestOptions,
  ) {
    return this.#get<MlflowModelVersionsResponse>(
      entityPath(entityRef, 'model-versions'),
      query,
      options,
    );
  }

  getDrift(entityRef: string, options?: MlflowRequestOptions) {
    return this.#get<MlflowDriftResponse>(
      entityPath(entityRef, 'drift'),
      {},
      options,
    );
  }

  listModels(
    query: { search?: string; pageToken?: string } = {},
    options?: MlflowRequestOptions,
  ) {
    return this.#get<MlflowListResponse<MlflowModelSummary>>(
      '/models',
      query,
      options,
    );
  }

  async #get<T>(
    path: string,
    query: Record<string, string | number | boolean | undefined>,
    options?: MlflowRequestOptions,
  ): Promise<T> {
    const search = new URLSearchParams();
    for (const [key, value] of Object.entries(query)) {
      if (value !== undefined && value !== '' && value !== false) {
        search.set(key, String(value));
      }
    }
    const suffix = search.size > 0 ? `?${search}` : '';
    const response = await this.#fetchApi.fetch(
      `plugin://mlflow${path}${suffix}`,
      {
        signal: options?.signal,
        // The browser then sends `Cache-Control: no-cache`, which the backend heeds.
        cache: options?.isRetry ? 'reload' : undefined,
      },
    );
    if (!response.ok) {
      throw await ResponseError.fromResponse(response);
    }
    return await response.json();
  }
}

// SPDX-License-Identifier: Apache-2.0
import { parseEntityRef } from '@backstage/catalog-model';
import { ResponseError } from '@backstage/errors';
import type { FetchApi } from '@backstage/frontend-plugin-api';
import type {
  KserveInferenceServicesResponse,
  KserveLogsQuery,
  KserveModelMetadata,
  KserveModelsResponse,
  KserveObjectivesResponse,
  KservePredictRequest,
  KservePredictResponse,
} from '@greenroom/plugin-kserve-common';
import type {
  MlflowInputExample,
  MlflowInputExampleResponse,
} from '@greenroom/plugin-mlflow-common';
import type {
  KserveApi,
  KserveRequestOptions,
  KserveServiceRef,
} from './KserveApi';

function toPath(segments: readonly string[]) {
  return segments.map(segment => `/${encodeURIComponent(segment)}`).join('');
}

function entityPath(entityRef: string) {
  const { kind, namespace, name } = parseEntityRef(entityRef);
  const segments = [kind, namespace, name].map(segment =>
    segment.toLocaleLowerCase('en-US'),
  );
  return `/entities${toPath(segments)}`;
}

function servicePath(service: KserveServiceRef, resource: string) {
  const { cluster, entityRef, name, namespace } = service;
  return `${entityPath(entityRef)}${toPath(['inference-services', cluster, namespace, name, resource])}`;
}

/** Asks the portal's `kserve` backend over HTTP. */
export class DefaultKserveApi implements KserveApi {
  readonly #fetchApi: FetchApi;

  constructor(options: { fetchApi: FetchApi }) {
    this.#fetchApi = options.fetchApi;
  }

  listInferenceServices(entityRef: string, options?: KserveRequestOptions) {
    return this.#getJson<KserveInferenceServicesResponse>(
      `${entityPath(entityRef)}/inference-services`,
      options,
    );
  }

  listModels(options?: KserveRequestOptions) {
    return this.#getJson<KserveModelsResponse>('/models', options);
  }

  getMetadata(service: KserveServiceRef, options?: KserveRequestOptions) {
    return this.#getJson<KserveModelMetadata>(
      servicePath(service, 'metadata'),
      options,
    );
  }

  getObjectives(service: KserveServiceRef, options?: KserveRequestOptions) {
    return this.#getJson<KserveObjectivesResponse>(
      servicePath(service, 'objectives'),
      options,
    );
  }

  async getInputExample(
    entityRef: string,
    model: { name: string; version: string },
    options?: KserveRequestOptions,
  ): Promise<MlflowInputExample | undefined> {
    const search = new URLSearchParams({
      model: model.name,
      version: model.version,
    });
    const response = await this.#fetchApi.fetch(
      `plugin://mlflow${entityPath(entityRef)}/input-example?${search}`,
      options,
    );
    if (!response.ok) {
      return undefined;
    }
    const { item }: MlflowInputExampleResponse = await response.json();
    return item;
  }

  predict(
    service: KserveServiceRef,
    request: KservePredictRequest,
    options?: KserveRequestOptions,
  ) {
    return this.#getJson<KservePredictResponse>(
      servicePath(service, 'predict'),
      {
        ...options,
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify(request),
      },
    );
  }

  async *readLogs(
    service: KserveServiceRef,
    query: KserveLogsQuery,
    options?: KserveRequestOptions,
  ) {
    const search = new URLSearchParams();
    for (const [key, value] of Object.entries(query)) {
      if (value !== undefined && value !== false) {
        search.set(key, String(value));
      }
    }
    const response = await this.#fetch(
      `${servicePath(service, 'logs')}?${search}`,
      options,
    );
    const reader = response.body?.getReader();
    const decoder = new TextDecoder();
    try {
      while (reader) {
        const { done, value } = await reader.read();
        if (done) {
          break;
        }
        yield decoder.decode(value, { stream: true });
      }
      yield decoder.decode();
    } finally {
      await reader?.cancel();
    }
  }

  async #getJson<T>(path: string, init?: RequestInit): Promise<T> {
    return await (await this.#fetch(path, init)).json();
  }

  async #fetch(path: string, init?: RequestInit) {
    const response = await this.#fetchApi.fetch(`plugin://kserve${path}`, init);
    if (!response.ok) {
      throw await ResponseError.fromResponse(response);
    }
    return response;
  }
}

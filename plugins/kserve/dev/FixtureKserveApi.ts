// SPDX-License-Identifier: Apache-2.0
import type {
  KserveInferenceServicesResponse,
  KserveModelsResponse,
  KserveObjectivesResponse,
  KservePredictRequest,
  KservePredictResponse,
} from '@greenroom/plugin-kserve-common';
import type { KserveApi, KserveRequestOptions, KserveServiceRef } from '../src';
import {
  createCanary,
  createDegraded,
  createMetadata,
  createModels,
  createObjectives,
  createSummary,
} from '../src/__fixtures__/serving';
import { STATES, toPresent } from './states';

const never = () => new Promise<never>(() => {});
const pause = (ms: number) => new Promise(done => setTimeout(done, ms));

/** Answers with the state that the address names: `?state=degraded`. */
export class FixtureKserveApi implements KserveApi {
  readonly #state =
    new URLSearchParams(window.location.search).get('state') ?? 'ready';

  async listInferenceServices(): Promise<KserveInferenceServicesResponse> {
    if (this.#state === 'loading') {
      return await never();
    }
    if (this.#state === 'down') {
      throw new Error('fetch failed');
    }
    if (this.#state === 'pasted') {
      return JSON.parse(localStorage.getItem('kserve') ?? '{}');
    }
    return toPresent((STATES[this.#state] ?? STATES.ready)());
  }

  async listModels(): Promise<KserveModelsResponse> {
    const { build, errors } = await this.listInferenceServices();
    return toPresent(
      createModels(
        [
          createSummary('churn'),
          createSummary('fraud', createDegraded()),
          createSummary('price', createCanary()),
          { ...createSummary('returns'), items: [] },
        ],
        { build, errors },
      ),
    );
  }

  async getMetadata() {
    return createMetadata();
  }

  async getObjectives(): Promise<KserveObjectivesResponse> {
    if (this.#state === 'loading') {
      return await never();
    }
    return toPresent(createObjectives());
  }

  async getInputExample() {
    return undefined;
  }

  async predict(
    _service: KserveServiceRef,
    request: KservePredictRequest,
  ): Promise<KservePredictResponse> {
    await pause(300);
    return {
      status: 200,
      body: {
        model_name: 'churn',
        model_version: request.canary ? '8' : '7',
        outputs: [
          {
            name: 'predict',
            shape: [1],
            datatype: 'INT64',
            data: [request.canary ? 0 : 1],
          },
        ],
      },
      latencyMs: 38,
      modelVersion: request.canary ? '8' : '7',
    };
  }

  async *readLogs(
    _service: KserveServiceRef,
    _query: unknown,
    options?: KserveRequestOptions,
  ) {
    for (let line = 0; !options?.signal?.aborted; line += 1) {
      yield `${new Date().toISOString()} \u001b[32mINFO\u001b[0m POST /v2/models/churn/infer 200 in ${line % 40} ms\n`;
      await pause(line < 200 ? 0 : 1_000);
    }
  }
}

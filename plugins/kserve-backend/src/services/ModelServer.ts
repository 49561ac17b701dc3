// SPDX-License-Identifier: Apache-2.0
import { InputError, ServiceUnavailableError } from '@backstage/errors';
import type {
  KserveInferenceService,
  KserveModelMetadata,
  KservePredictRequest,
  KservePredictResponse,
  KubernetesObject,
} from '@greenroom/plugin-kserve-common';
import {
  type ApiServer,
  ApiServerError,
  readBytes,
} from '@greenroom/plugin-kserve-node';
import { z } from 'zod';
import type { KserveLimits } from './readKserveConfig';
import { toExamples } from './toExamples';

const serviceSchema = z.object({
  spec: z.object({
    ports: z
      .array(z.object({ name: z.string().optional(), port: z.number() }))
      .min(1),
  }),
});

const tensorsSchema = z
  .array(
    z.object({
      name: z.string(),
      datatype: z.string(),
      shape: z.array(z.number()),
    }),
  )
  .catch([]);

const metadataSchema = z.object({
  inputs: tensorsSchema.default([]),
  outputs: tensorsSchema.default([]),
});

const modelsSchema = z.object({
  models: z
    .array(z.union([z.string(), z.object({ name: z.string() })]))
    .transform(models =>
      models.map(model => (typeof model === 'string' ? model : model.name)),
    ),
});

const statusSchema = z.object({
  kind: z.literal('Status'),
  apiVersion: z.literal('v1'),
  message: z.string().optional(),
});

interface Answer {
  status: number;
  body: unknown;
  isCut: boolean;
}

function parseBody(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/**
 * Asks the model server of one inference service, through the API server's proxy
 * for Services with the portal's own credential. Which Service and which path is
 * computed from the inference service; nothing of a request becomes an address.
 */
export class ModelServer {
  readonly #server: ApiServer;
  readonly #service: KserveInferenceService;
  readonly #object: KubernetesObject;
  readonly #limits: KserveLimits;

  constructor(options: {
    server: ApiServer;
    service: KserveInferenceService;
    object: KubernetesObject;
    limits: KserveLimits;
  }) {
    this.#server = options.server;
    this.#service = options.service;
    this.#object = options.object;
    this.#limits = options.limits;
  }

  async predict(
    request: KservePredictRequest,
    signal?: AbortSignal,
  ): Promise<KservePredictResponse> {
    const body = JSON.stringify(request.body ?? null);
    const { requestBytes } = this.#limits;
    if (Buffer.byteLength(body) > requestBytes) {
      throw new InputError(`'body' has more than ${requestBytes} bytes`);
    }
    const target = await this.#resolveTarget(request.canary);
    const name = await this.#findModel(target);
    const model = encodeURIComponent(name);
    const startedAt = performance.now();
    const answer = await this.#ask(
      target,
      request.protocol === 'v1'
        ? `v1/models/${model}:predict`
        : `v2/models/${model}/infer`,
      { body, signal },
    );
    const latencyMs = Math.round((performance.now() - startedAt) * 10) / 10;
    const said = z
      .object({ model_version: z.string().min(1) })
      .safeParse(answer.body);
    const modelVersion =
      said.data?.model_version ??
      (request.canary ? undefined : this.#service.model?.version);
    return {
      status: answer.status,
      body: answer.body,
      latencyMs,
      ...(modelVersion && { modelVersion }),
      ...(answer.isCut && { truncated: true }),
    };
  }

  /** What the model says of itself by the Open Inference Protocol. */
  async getMetadata(signal?: AbortSignal): Promise<KserveModelMetadata> {
    const target = await this.#resolveTarget();
    const name = await this.#findModel(target, signal);
    const model = encodeURIComponent(name);
    const [v1, v2] = await Promise.all([
      this.#ask(target, `v1/models/${model}`, { signal }),
      this.#ask(target, `v2/models/${model}`, { signal }),
    ]);
    const { data } = metadataSchema.safeParse(v2.status === 200 ? v2.body : {});
    const inputs = data?.inputs ?? [];
    const protocols = [
      ...(v1.status === 200 ? ['v1' as const] : []),
      ...(v2.status === 200 ? ['v2' as const] : []),
    ];
    return {
      name,
      protocols,
      inputs,
      outputs: data?.outputs ?? [],
      examples: toExamples(inputs, protocols),
    };
  }

  /** KServe gives a model the name of its service; own containers need not. */
  async #findModel(target: string, signal?: AbortSignal): Promise<string> {
    const { name } = this.#service;
    for (const path of ['v2/models', 'v1/models']) {
      const { body, status } = await this.#ask(target, path, { signal });
      const { data } = modelsSchema.safeParse(body);
      if (status === 200 && data && data.models.length > 0) {
        return data.models.includes(name) ? name : data.models[0];
      }
    }
    return name;
  }

  /** Path of the API server's proxy for the Service that answers. */
  async #resolveTarget(canary?: string): Promise<string> {
    const { canaries, components, deploymentMode, kind, name, namespace } =
      this.#service;
    if (kind === 'LLMInferenceService') {
      throw new InputError(
        'An LLMInferenceService speaks the protocol of OpenAI; only v1 and v2 can be tried here',
      );
    }
    const spec = this.#object.spec as Record<string, unknown> | undefined;
    const entry = spec?.transformer ? 'transformer' : 'predictor';
    const component = components.find(item => item.name === entry);
    let service = `${name}-${entry}`;
    if (deploymentMode === 'Knative') {
      const revision =
        canary === undefined
          ? component?.latestReadyRevision
          : component?.latestCreatedRevision;
      if (!revision || (canary !== undefined && canary !== revision)) {
        throw new InputError(`There is no ready revision '${canary ?? ''}'`);
      }
      // The Service of a route leads out to the gateway, which the proxy does not follow.
      service = `${revision}-private`;
    } else if (canary !== undefined) {
      if (!canaries.some(item => item.name === canary)) {
        throw new InputError(`There is no canary '${canary.slice(0, 63)}'`);
      }
      service = `${name}-${canary}-predictor`;
    }
    const path = `/api/v1/namespaces/${encodeURIComponent(namespace)}/services`;
    const parsed = serviceSchema.safeParse(
      await this.#server
        .getJson({ path: `${path}/${encodeURIComponent(service)}` })
        .catch((error: unknown) => this.#refuse(error)),
    );
    if (!parsed.success) {
      throw new ServiceUnavailableError(`Service '${service}' has no port`);
    }
    const { ports } = parsed.data.spec;
    const { port } =
      ports.find(item =>
        ['http', 'http1', service].includes(item.name ?? ''),
      ) ?? ports[0];
    return `${path}/${encodeURIComponent(service)}:${port}/proxy`;
  }

  async #ask(
    target: string,
    path: string,
    options: { body?: string; signal?: AbortSignal },
  ): Promise<Answer> {
    const { answerBytes, predictSeconds } = this.#limits;
    const deadline = AbortSignal.timeout(predictSeconds * 1_000);
    const signal = options.signal
      ? AbortSignal.any([options.signal, deadline])
      : deadline;
    try {
      const response = await this.#server.open({
        path: `${target}/${path}`,
        method: options.body === undefined ? 'GET' : 'POST',
        body: options.body,
        headers: { 'content-type': 'application/json' },
        signal,
        timeoutMs: predictSeconds * 1_000,
        anyStatus: true,
      });
      const { bytes, isCut } = await readBytes(response, answerBytes);
      const status = response.statusCode ?? 0;
      const body = isCut ? bytes.toString() : parseBody(bytes.toString());
      const own = statusSchema.safeParse(body);
      if (status >= 400 && own.success) {
        throw ApiServerError.fromStatus(
          status,
          this.#server.cluster,
          own.data.message,
        );
      }
      return { status, body, isCut };
    } catch (error) {
      options.signal?.throwIfAborted();
      return this.#refuse(error);
    }
  }

  /** The API server's own refusal is not the user's: 503, with its words. */
  #refuse(cause: unknown): never {
    const error = ApiServerError.fromCause(cause, this.#server.cluster);
    throw new ServiceUnavailableError(
      error.code === 'not-allowed'
        ? `The portal may not send requests to Services on cluster '${this.#server.cluster}' (get and create of services/proxy, get of services)`
        : error.message,
    );
  }
}

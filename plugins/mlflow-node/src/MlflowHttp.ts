// SPDX-License-Identifier: Apache-2.0
import type { LoggerService } from '@backstage/backend-plugin-api';
import type { z } from 'zod';
import { MlflowTransport, type MlflowRequest } from './MlflowTransport';
import type { MlflowInstanceConfig } from './readMlflowInstances';
import { parseAnswer } from './requests';
import type { MlflowCallOptions } from './types';

/**
 * MLflow's REST API with answers in a known form.
 *
 * @internal
 */
export class MlflowHttp {
  readonly #name: string;
  readonly #transport: MlflowTransport;

  constructor(instance: MlflowInstanceConfig, logger?: LoggerService) {
    this.#name = instance.name;
    this.#transport = new MlflowTransport(instance, logger);
  }

  get<T>(
    path: string,
    query: MlflowRequest['query'],
    schema: z.ZodType<T>,
    options?: MlflowCallOptions,
  ): Promise<T> {
    const request = { method: 'GET', path, kind: 'read', query } as const;
    return this.send(request, schema, options);
  }

  post<T>(
    path: string,
    body: MlflowRequest['body'],
    schema: z.ZodType<T>,
    options?: MlflowCallOptions,
  ): Promise<T> {
    const request = { method: 'POST', path, kind: 'read', body } as const;
    return this.send(request, schema, options);
  }

  async send<T>(
    request: MlflowRequest,
    schema: z.ZodType<T>,
    options?: MlflowCallOptions,
  ): Promise<T> {
    return parseAnswer(this.#name, request.path, {
      schema,
      answer: await this.#transport.send(request, options?.signal),
    });
  }
}

// SPDX-License-Identifier: Apache-2.0
import type { LoggerService } from '@backstage/backend-plugin-api';
import type { JsonObject } from '@backstage/types';
import { setTimeout as sleep } from 'node:timers/promises';
import pLimit from 'p-limit';
import { z } from 'zod';
import { MlflowClientError } from './MlflowClientError';
import { parseMlflowJson } from './parseMlflowJson';
import type { MlflowInstanceConfig } from './readMlflowInstances';
import { rejectOnAbort } from './rejectOnAbort';
import { toMlflowClientError } from './toMlflowClientError';

/** @internal */
export interface MlflowRequest {
  method: 'GET' | 'POST';
  /** Below `/api/2.0/mlflow/`, or that of another version; `none`: below the server's own address. */
  path: string;
  api?: '2.0' | '3.0' | 'none';
  query?: Record<string, string | number | string[] | undefined>;
  body?: JsonObject;
  /**
   * Reads are shared between callers and retried; writes are neither. A probe
   * waits for no other call, is not retried and has 3 s at most.
   */
  kind: 'read' | 'write' | 'probe';
}

interface Flight {
  promise: Promise<unknown>;
  controller: AbortController;
  waiting: number;
}

class RetryableAnswer extends Error {
  readonly error: MlflowClientError;
  readonly retryAfter: number;

  constructor(error: MlflowClientError, retryAfter: number) {
    super(error.message);
    this.error = error;
    this.retryAfter = retryAfter;
  }
}

const PROBE_TIMEOUT_MS = 3_000;
const MAX_RETRIES = 2;
const MAX_REDIRECTS = 3;
const RETRY_STATUS = new Set([429, 503]);
// A kept-alive connection that the server closed while the request was sent.
const LOST_CONNECTION = new Set(['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET']);

const networkError = z.object({ cause: z.object({ code: z.string() }) });

function causeCode(error: unknown): string | undefined {
  const parsed = networkError.safeParse(error);
  return parsed.success ? parsed.data.cause.code : undefined;
}

function readRetryAfter(headers: Headers): number {
  const value = headers.get('retry-after') ?? '';
  const wait = /^\d+$/.test(value)
    ? Number(value) * 1000
    : Date.parse(value) - Date.now();
  return Number.isFinite(wait) ? Math.max(wait, 0) : 0;
}

/**
 * Speaks HTTP with one MLflow instance: time limit, size limit, bounded
 * concurrency, retries of reads and one flight for identical reads.
 *
 * @internal
 */
export class MlflowTransport {
  readonly #instance: MlflowInstanceConfig;
  readonly #logger?: LoggerService;
  readonly #limit: ReturnType<typeof pLimit>;
  readonly #flights = new Map<string, Flight>();

  constructor(instance: MlflowInstanceConfig, logger?: LoggerService) {
    this.#instance = instance;
    this.#logger = logger;
    this.#limit = pLimit(instance.maxConcurrent);
  }

  async send(request: MlflowRequest, signal?: AbortSignal): Promise<unknown> {
    signal?.throwIfAborted();
    if (request.kind === 'write') {
      return this.#run(request, signal);
    }
    const key = JSON.stringify(request);
    const flight = this.#flights.get(key) ?? this.#depart(key, request);
    flight.waiting++;
    try {
      return await (signal
        ? rejectOnAbort(flight.promise, signal)
        : flight.promise);
    } finally {
      flight.waiting--;
      if (flight.waiting === 0 && this.#flights.get(key) === flight) {
        this.#flights.delete(key);
        flight.controller.abort();
      }
    }
  }

  #depart(key: string, request: MlflowRequest): Flight {
    const controller = new AbortController();
    const flight: Flight = {
      controller,
      waiting: 0,
      promise: this.#run(request, controller.signal).finally(() => {
        if (this.#flights.get(key) === flight) {
          this.#flights.delete(key);
        }
      }),
    };
    // Every waiting caller may have gone by the time it fails.
    flight.promise.catch(() => {});
    this.#flights.set(key, flight);
    return flight;
  }

  async #run(request: MlflowRequest, caller?: AbortSignal): Promise<unknown> {
    const isProbe = request.kind === 'probe';
    const limitMs = isProbe
      ? Math.min(PROBE_TIMEOUT_MS, this.#instance.timeoutMs)
      : this.#instance.timeoutMs;
    const deadline = Date.now() + limitMs;
    const timeout = AbortSignal.timeout(limitMs);
    const signal = caller ? AbortSignal.any([timeout, caller]) : timeout;
    for (let retry = 0; ; retry++) {
      try {
        const attempt = () => this.#attempt(request, signal);
        return await rejectOnAbort(
          isProbe ? attempt() : this.#limit(attempt),
          signal,
        );
      } catch (error) {
        const failure = this.#classify(error, { timeout, caller, limitMs });
        const wait = this.#waitBeforeRetry(failure, request, retry);
        if (wait === undefined || Date.now() + wait >= deadline) {
          throw failure.error;
        }
        await sleep(wait, undefined, { signal }).catch(() => {
          throw this.#classify(signal.reason, { timeout, caller, limitMs })
            .error;
        });
      }
    }
  }

  #waitBeforeRetry(
    failure: { error: unknown; retryAfter?: number; lost?: boolean },
    request: MlflowRequest,
    attempt: number,
  ): number | undefined {
    if (request.kind !== 'read' || attempt >= MAX_RETRIES) {
      return undefined;
    }
    if (failure.lost) {
      return attempt === 0 ? 0 : undefined;
    }
    if (failure.retryAfter === undefined) {
      return undefined;
    }
    const backoff = 200 * 2 ** attempt * (0.75 + Math.random() / 2);
    return Math.max(failure.retryAfter, backoff);
  }

  #classify(
    error: unknown,
    signals: { timeout: AbortSignal; caller?: AbortSignal; limitMs: number },
  ): { error: unknown; retryAfter?: number; lost?: boolean } {
    if (error instanceof RetryableAnswer) {
      return { error: error.error, retryAfter: error.retryAfter };
    }
    if (error instanceof MlflowClientError) {
      return { error };
    }
    if (signals.caller?.aborted) {
      return { error: signals.caller.reason };
    }
    if (signals.timeout.aborted) {
      const seconds = signals.limitMs / 1000;
      return {
        error: this.#error('TIMEOUT', `did not answer within ${seconds} s`),
      };
    }
    const code = causeCode(error);
    const message = `cannot be reached${code ? ` (${code})` : ''}`;
    return {
      error: this.#error('UNREACHABLE', message),
      lost: code !== undefined && LOST_CONNECTION.has(code),
    };
  }

  async #attempt(request: MlflowRequest, signal: AbortSignal) {
    signal.throwIfAborted();
    const started = Date.now();
    const response = await this.#fetch(request, signal);
    const text = await this.#readText(response);
    this.#logger?.debug(
      `MLflow instance '${this.#instance.name}': ${request.method} ${
        request.path
      } answered ${response.status} in ${Date.now() - started} ms`,
    );
    if (!response.ok) {
      const error = toMlflowClientError(this.#instance, {
        status: response.status,
        text,
      });
      throw RETRY_STATUS.has(response.status)
        ? new RetryableAnswer(error, readRetryAfter(response.headers))
        : error;
    }
    try {
      return parseMlflowJson(text);
    } catch {
      throw this.#error(
        'MALFORMED_RESPONSE',
        'did not answer with JSON: is its address MLflow’s own, without a sign-in page in front?',
      );
    }
  }

  async #fetch(request: MlflowRequest, signal: AbortSignal): Promise<Response> {
    const { api = '2.0' } = request;
    const prefix = api === 'none' ? '' : `/api/${api}/mlflow`;
    let url = new URL(`${this.#instance.baseUrl}${prefix}/${request.path}`);
    for (const [key, value] of Object.entries(request.query ?? {})) {
      for (const item of value === undefined ? [] : [value].flat()) {
        url.searchParams.append(key, String(item));
      }
    }
    for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
      const response = await fetch(url, {
        method: request.method,
        headers: {
          accept: 'application/json',
          ...(request.body && { 'content-type': 'application/json' }),
          ...this.#instance.headers,
        },
        body: request.body && JSON.stringify(request.body),
        redirect: 'manual',
        signal,
      });
      const location = response.headers.get('location');
      if (response.status < 300 || response.status > 399 || !location) {
        return response;
      }
      await response.body?.cancel();
      const target = URL.canParse(location, url)
        ? new URL(location, url)
        : undefined;
      // Credentials go to the configured host only, and a POST that became a
      // GET would ask something else.
      if (target?.origin !== url.origin) {
        throw this.#error(
          'MALFORMED_RESPONSE',
          `redirects to ${
            target?.origin ?? 'an invalid address'
          }, which is not followed: set baseUrl to MLflow’s own address`,
        );
      }
      if (request.method !== 'GET' && ![307, 308].includes(response.status)) {
        break;
      }
      url = target;
    }
    throw this.#error('MALFORMED_RESPONSE', 'redirects without end');
  }

  async #readText(response: Response): Promise<string> {
    const limit = this.#instance.maxResponseSize;
    const chunks: Uint8Array[] = [];
    let size = 0;
    for await (const chunk of response.body ?? []) {
      size += chunk.byteLength;
      if (size > limit) {
        throw this.#error(
          'RESPONSE_TOO_LARGE',
          `answered with more than ${limit} bytes: ask for less, or raise maxResponseSize`,
        );
      }
      chunks.push(chunk);
    }
    return Buffer.concat(chunks).toString('utf8');
  }

  #error(code: MlflowClientError['code'], sentence: string): MlflowClientError {
    return new MlflowClientError({
      instance: this.#instance.name,
      code,
      message: `MLflow instance '${this.#instance.name}' ${sentence}`,
    });
  }
}

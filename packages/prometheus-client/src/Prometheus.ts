// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';
import { PrometheusError } from './PrometheusError';
import { failureSchema, matrixSchema } from './prometheusSchemas';
import { rulesSchema, vectorSchema } from './prometheusSchemas';
import type { PrometheusServer } from './PrometheusServer';

const TIMEOUT_MS = 5_000;
const MAX_BYTES = 4 * 1024 * 1024;

/**
 * A series of an instant query.
 *
 * @public
 */
export interface PrometheusSample {
  metric: Record<string, string>;
  value: [seconds: number, value: string];
}

/**
 * A series of a range query.
 *
 * @public
 */
export interface PrometheusSeries {
  metric: Record<string, string>;
  values: Array<[seconds: number, value: string]>;
}

/**
 * An alerting rule, and what of it is pending or fires.
 *
 * @public
 */
export interface PrometheusRule {
  name: string;
  query: string;
  labels: Record<string, string>;
  alerts: Array<{
    labels: Record<string, string>;
    state: string;
    activeAt?: string;
  }>;
}

/**
 * Asks one Prometheus over its HTTP API, with a time limit and a size for each answer; no
 * redirect is followed. Every method rejects with a `PrometheusError`, or with the
 * reason of `signal`.
 *
 * @public
 */
export class Prometheus {
  readonly #server: PrometheusServer;

  constructor(server: PrometheusServer) {
    this.#server = server;
  }

  /** The value now of each series. */
  async query(
    expression: string,
    signal?: AbortSignal,
  ): Promise<PrometheusSample[]> {
    const query = { query: expression, timeout: `${TIMEOUT_MS / 1_000}s` };
    return (await this.#ask('query', query, vectorSchema, signal)).data.result;
  }

  /** Each series from `start` to `end`, ms since 1970; `step` in seconds. */
  async queryRange(
    expression: string,
    range: { start: number; end: number; step: number },
    signal?: AbortSignal,
  ): Promise<PrometheusSeries[]> {
    const query = {
      query: expression,
      start: String(range.start / 1_000),
      end: String(range.end / 1_000),
      step: String(range.step),
      timeout: `${TIMEOUT_MS / 1_000}s`,
    };
    const answer = await this.#ask('query_range', query, matrixSchema, signal);
    return answer.data.result;
  }

  /** The alerting rules of these names; before 2.48 Prometheus tells all, so they are chosen here. */
  async listAlertingRules(
    names: readonly string[],
    signal?: AbortSignal,
  ): Promise<PrometheusRule[]> {
    const query = [
      ['type', 'alert'],
      ...names.map(name => ['rule_name[]', name]),
    ];
    const answer = await this.#ask('rules', query, rulesSchema, signal);
    return answer.data.groups
      .flatMap(({ rules }) => rules)
      .filter(({ name, type }) => type === 'alerting' && names.includes(name));
  }

  async #ask<T>(
    path: 'query' | 'query_range' | 'rules',
    query: Record<string, string> | string[][],
    schema: z.ZodType<T>,
    signal?: AbortSignal,
  ): Promise<T> {
    const { name, token, url } = this.#server;
    const at = new URL(`${url.replace(/(?<!\/)\/+$/, '')}/api/v1/${path}`);
    at.search = String(new URLSearchParams(query));
    const deadline = AbortSignal.timeout(TIMEOUT_MS);
    try {
      const answer = await fetch(at, {
        headers: {
          accept: 'application/json',
          ...(token && { authorization: `Bearer ${token}` }),
        },
        redirect: 'error',
        signal: signal ? AbortSignal.any([signal, deadline]) : deadline,
      });
      const text = await readText(answer);
      if (!answer.ok) {
        throw new PrometheusError(
          `answers ${answer.status}${toReason(text)}`,
          answer.status === 429 || answer.status >= 500,
        );
      }
      return schema.parse(JSON.parse(text));
    } catch (error) {
      signal?.throwIfAborted();
      const known = deadline.aborted
        ? new PrometheusError(
            `does not answer within ${TIMEOUT_MS / 1_000} s`,
            true,
          )
        : toKnown(error);
      throw new PrometheusError(
        `Prometheus '${name}' ${known.message}`,
        known.isRetryable,
      );
    }
  }
}

function toKnown(error: unknown): PrometheusError {
  if (error instanceof PrometheusError) {
    return error;
  }
  return error instanceof SyntaxError || error instanceof z.ZodError
    ? new PrometheusError('answers something else', false)
    : new PrometheusError('does not answer', true);
}

function toReason(text: string): string {
  try {
    const { error } = failureSchema.parse(JSON.parse(text));
    return `: ${error.split('\n')[0].slice(0, 200)}`;
  } catch {
    return '';
  }
}

async function readText(answer: Response): Promise<string> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of answer.body ?? []) {
    size += part.length;
    if (size > MAX_BYTES) {
      throw new PrometheusError(
        `answers with more than ${MAX_BYTES} bytes`,
        false,
      );
    }
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}

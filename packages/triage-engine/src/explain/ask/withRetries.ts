// SPDX-License-Identifier: Apache-2.0
import { setTimeout as sleep } from 'node:timers/promises';
import { abortCode } from './abortCode';
import { LlmError } from './LlmError';
import type { LlmAnswer, LlmClient, LlmRequest } from './types';

type RetryOptions = NonNullable<Parameters<typeof withRetries>[1]>;

function abortError(signal: AbortSignal): LlmError {
  const code = abortCode(signal);
  return new LlmError(
    code,
    code === 'timeout'
      ? 'The time limit has passed'
      : 'The request was aborted',
  );
}

class RetryingLlmClient implements LlmClient {
  readonly name: string;
  readonly #client: LlmClient;
  readonly #options: Required<RetryOptions>;

  constructor(client: LlmClient, options: Required<RetryOptions>) {
    this.#client = client;
    this.#options = options;
    this.name = client.name;
  }

  async generate(request: LlmRequest): Promise<LlmAnswer> {
    const { maxAttempts, totalMs } = this.#options;
    const end = Date.now() + totalMs;
    const signal = AbortSignal.any([
      request.signal,
      AbortSignal.timeout(totalMs),
    ]);
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#client.generate({ ...request, signal });
      } catch (error) {
        if (signal.aborted) {
          throw abortError(signal);
        }
        if (
          !(error instanceof LlmError) ||
          !error.retryable ||
          attempt >= maxAttempts
        ) {
          throw error;
        }
        const delay = this.#delay(attempt, error.retryAfterMs);
        if (Date.now() + delay >= end) {
          throw error;
        }
        await sleep(delay, undefined, { signal }).catch(() => {
          throw abortError(signal);
        });
      }
    }
  }

  // "Full jitter" (AWS Architecture Blog, "Exponential Backoff And Jitter"), on
  // top of what the other side asked for.
  #delay(attempt: number, retryAfterMs = 0): number {
    const { baseDelayMs, maxDelayMs, random } = this.#options;
    const backoff = Math.min(maxDelayMs, baseDelayMs * 2 ** (attempt - 1));
    return retryAfterMs > 0
      ? retryAfterMs + random() * baseDelayMs
      : random() * backoff;
  }
}

/**
 * A client that asks again after 429, 5xx and lost connections, with jittered
 * exponential backoff and not before the other side said to. A wait that would
 * pass the total time is not begun.
 *
 * @public
 */
export function withRetries(
  client: LlmClient,
  options: {
    /** With the first; 4 unless told. */
    maxAttempts?: number;
    /** Doubles with every attempt; 1 s unless told. */
    baseDelayMs?: number;
    /** Of one wait that the other side did not ask for; 20 s unless told. */
    maxDelayMs?: number;
    /** For all attempts and waits together; 90 s unless told. */
    totalMs?: number;
    /** Between 0 and 1. */
    random?: () => number;
  } = {},
): LlmClient {
  return new RetryingLlmClient(client, {
    maxAttempts: options.maxAttempts ?? 4,
    baseDelayMs: options.baseDelayMs ?? 1_000,
    maxDelayMs: options.maxDelayMs ?? 20_000,
    totalMs: options.totalMs ?? 90_000,
    random: options.random ?? Math.random,
  });
}

// SPDX-License-Identifier: Apache-2.0
import { GoogleGenAI } from '@google/genai';
import {
  abortCode,
  LlmError,
  type LlmAnswer,
  type LlmClient,
  type LlmRequest,
} from '@greenroom/triage-engine';
import { readAnswer } from './readAnswer';
import type { GeminiConfig } from './readGeminiConfig';
import { toGeminiJsonSchema } from './toGeminiJsonSchema';
import { toLlmError, type SeenResponse } from './toLlmError';

/** What one client needs; budgets and retries stand around it. @public */
export type GeminiLlmClientOptions = Pick<
  GeminiConfig,
  | 'auth'
  | 'baseUrl'
  | 'models'
  | 'attemptTimeoutMs'
  | 'maxResponseSize'
  | 'prices'
>;

/**
 * Gemini through `@google/genai`, over the Gemini API or Vertex AI. One call is
 * one HTTP request: no tools, no retries, no sampling parameters, no redirects.
 *
 * @public
 */
export class GeminiLlmClient implements LlmClient {
  readonly name = 'Gemini';
  readonly #sdk: GoogleGenAI;
  readonly #options: GeminiLlmClientOptions;

  constructor(options: GeminiLlmClientOptions) {
    this.#options = options;
    const { auth, baseUrl } = options;
    this.#sdk = new GoogleGenAI({
      // Always told, so that the SDK's environment variables decide nothing.
      ...(auth.type === 'vertex'
        ? { vertexai: true, project: auth.project, location: auth.location }
        : { vertexai: false, apiKey: auth.apiKey }),
      httpOptions: baseUrl ? { baseUrl } : {},
    });
  }

  async generate(request: LlmRequest): Promise<LlmAnswer> {
    const model = this.#options.models[request.tier];
    // Not the SDK's `timeout`: it also changes those of all other requests of
    // this process.
    const signal = AbortSignal.any([
      request.signal,
      AbortSignal.timeout(this.#options.attemptTimeoutMs),
    ]);
    const seen: { called: boolean; response?: SeenResponse } = {
      called: false,
    };
    try {
      signal.throwIfAborted();
      const response = await untilAborted(
        this.#sdk.models.generateContent({
          model,
          contents: [{ role: 'user', parts: [{ text: request.user }] }],
          config: {
            systemInstruction: request.system,
            responseMimeType: 'application/json',
            responseJsonSchema: toGeminiJsonSchema(request.schema),
            maxOutputTokens: request.maxOutputTokens,
            candidateCount: 1,
            abortSignal: signal,
            httpOptions: {
              fetch: async (input, init) => {
                seen.called = true;
                const { response: answer, body } = await boundedFetch(
                  input,
                  init,
                  this.#options.maxResponseSize,
                );
                seen.response = {
                  status: answer.status,
                  retryAfter: answer.headers.get('retry-after'),
                  body,
                };
                return new Response(body, {
                  status: answer.status,
                  headers: answer.headers,
                });
              },
            },
          },
        }),
        signal,
      );
      const answer = readAnswer(response, model);
      return { ...answer, ...this.#readCost(request.tier, answer) };
    } catch (error) {
      throw explain(error, request.signal, signal, seen);
    }
  }

  #readCost(
    tier: LlmRequest['tier'],
    { inputTokens, outputTokens }: LlmAnswer,
  ): Pick<LlmAnswer, 'cost'> {
    const { prices } = this.#options;
    if (!prices || inputTokens === undefined || outputTokens === undefined) {
      return {};
    }
    const { input, output } = prices[tier];
    return {
      cost: {
        amount: (inputTokens * input + outputTokens * output) / 1_000_000,
        currency: prices.currency,
      },
    };
  }
}

async function boundedFetch(
  input: RequestInfo | URL,
  init: RequestInit | undefined,
  maxBytes: number,
): Promise<{ response: Response; body: string }> {
  // A redirect would take the key and the prompt to another host.
  const response = await fetch(input, { ...init, redirect: 'error' });
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.length;
    if (size > maxBytes) {
      throw new LlmError(
        'malformed',
        `The answer of Gemini is larger than ${maxBytes} bytes`,
      );
    }
    chunks.push(chunk);
  }
  return { response, body: Buffer.concat(chunks).toString('utf8') };
}

// Signing in to Google Cloud does not listen to a signal.
function untilAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(signal.reason);
    signal.addEventListener('abort', onAbort, { once: true });
    promise
      .then(resolve, reject)
      .finally(() => signal.removeEventListener('abort', onAbort));
  });
}

function explain(
  error: unknown,
  callers: AbortSignal,
  all: AbortSignal,
  seen: { called: boolean; response?: SeenResponse },
): LlmError {
  if (error instanceof LlmError) {
    return error;
  }
  if (all.aborted) {
    return callers.aborted && abortCode(callers) === 'aborted'
      ? new LlmError('aborted', 'The request to Gemini was aborted')
      : new LlmError('timeout', 'Gemini did not answer in time');
  }
  const { called, response } = seen;
  if (response && (response.status < 200 || response.status > 299)) {
    return toLlmError(response);
  }
  if (response) {
    return new LlmError('malformed', 'What Gemini answered is not JSON');
  }
  if (called) {
    return new LlmError('unavailable', 'The connection to Gemini failed');
  }
  // Before a request there is only the sign-in.
  return isNetworkError(error)
    ? new LlmError(
        'unavailable',
        'Google Cloud could not be reached to sign in',
      )
    : new LlmError('unauthorized', 'There are no credentials for Google Cloud');
}

function isNetworkError(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : '';
  return /^E[A-Z]{3,20}$|^5\d\d$/.test(String(code));
}

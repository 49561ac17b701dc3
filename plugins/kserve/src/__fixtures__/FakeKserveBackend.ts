// SPDX-License-Identifier: Apache-2.0
import type { FetchApi } from '@backstage/frontend-plugin-api';

interface Asked {
  method: string;
  path: string;
  query: Record<string, string>;
  body?: unknown;
  signal?: AbortSignal | null;
}

type Answer = (asked: Asked) => Promise<Response>;

const toJson = (status: number, body: unknown) =>
  new Response(JSON.stringify(body), {
    status,
    headers: { 'Content-Type': 'application/json' },
  });

/**
 * The portal's `kserve` backend, and of its `mlflow` backend what is asked here, as the browser sees
 * them: answers by the last segment of the path, and keeps what was asked.
 */
export class FakeKserveBackend implements FetchApi {
  readonly requests: Asked[] = [];
  readonly #answers = new Map<string, Answer>();
  #log?: ReadableStreamDefaultController<Uint8Array>;

  constructor(answers: Record<string, unknown> = {}) {
    for (const [resource, body] of Object.entries(answers)) {
      this.answer(resource, body);
    }
  }

  /** From now on `resource` (`inference-services`, `metadata`, …) is answered so. */
  answer(resource: string, body: unknown | ((asked: Asked) => unknown)) {
    this.#answers.set(resource, async asked =>
      toJson(200, typeof body === 'function' ? body(asked) : body),
    );
  }

  /** From now on requests for `resource` fail. */
  fail(resource: string, statusCode: number, message: string) {
    const error = { name: 'Error', message };
    this.#answers.set(resource, async () =>
      toJson(statusCode, { error, response: { statusCode } }),
    );
  }

  /** From now on requests for `resource` do not reach the backend. */
  disconnect(resource: string) {
    this.#answers.set(resource, async () => {
      throw new TypeError('Failed to fetch');
    });
  }

  /** From now on requests for `resource` stay without an answer. */
  hang(resource: string) {
    this.#answers.set(resource, () => new Promise(() => {}));
  }

  /** From now on logs are streams that `writeLog` goes on with. */
  openLog() {
    this.#answers.set('logs', async () => {
      const body = new ReadableStream<Uint8Array>({
        start: controller => {
          this.#log = controller;
        },
      });
      return { ok: true, status: 200, body } as Response;
    });
  }

  writeLog(text: string) {
    this.#log?.enqueue(new TextEncoder().encode(text));
  }

  endLog() {
    this.#log?.close();
  }

  /** What was asked of `resource`, the last request last. */
  asked(resource: string) {
    return this.requests.filter(({ path }) => path.endsWith(`/${resource}`));
  }

  fetch: typeof fetch = async (input, init) => {
    const url = new URL(String(input));
    if (
      url.protocol !== 'plugin:' ||
      !['kserve', 'mlflow'].includes(url.host)
    ) {
      throw new Error(`Unexpected request to ${url}`);
    }
    const asked: Asked = {
      method: init?.method ?? 'GET',
      path: url.pathname,
      query: Object.fromEntries(url.searchParams),
      body: init?.body ? JSON.parse(String(init.body)) : undefined,
      signal: init?.signal,
    };
    this.requests.push(asked);
    const answer = this.#answers.get(url.pathname.split('/').at(-1) ?? '');
    if (!answer) {
      throw new TypeError('Failed to fetch');
    }
    return await answer(asked);
  };
}

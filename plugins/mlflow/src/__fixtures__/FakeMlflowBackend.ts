import type { FetchApi } from '@backstage/frontend-plugin-api';

type Answer = { status: number; body: unknown } | 'network error' | 'pending';

/**
 * The portal's `mlflow` backend as the browser sees it: answers by the last
 * segment of the path, and keeps what was asked.
 */
export class FakeMlflowBackend implements FetchApi {
  readonly requests: Array<{
    path: string;
    query: Record<string, string>;
    cache?: RequestCache;
  }> = [];
  readonly signals: AbortSignal[] = [];
  readonly #answers = new Map<string, Answer>();

  constructor(answers: Record<string, unknown> = {}) {
    for (const [resource, body] of Object.entries(answers)) {
      this.answer(resource, body);
    }
  }

  /** From now on `resource` (`runs`, `overview`, …) is answered with `body`. */
  answer(resource: string, body: unknown) {
    this.#answers.set(resource, { status: 200, body });
  }

  /** From now on requests for `resource` fail. */
  fail(resource: string, status: number, message: string) {
    const error = { name: 'Error', message };
    this.#answers.set(resource, {
      status,
      body: { error, response: { statusCode: status } },
    });
  }

  /** From now on requests for `resource` do not reach the backend. */
  disconnect(resource: string) {
    this.#answers.set(resource, 'network error');
  }

  /** From now on requests for `resource` stay without an answer. */
  hang(resource: string) {
    this.#answers.set(resource, 'pending');
  }

  /** What was asked of `resource`, the last request last. */
  queries(resource: string) {
    return this.requests
      .filter(({ path }) => path.endsWith(`/${resource}`))
      .map(({ query }) => query);
  }

  fetch: typeof fetch = async (input, init) => {
    const url = new URL(String(input));
    if (url.protocol !== 'plugin:' || url.host !== 'mlflow') {
      throw new Error(`Unexpected request to ${url}`);
    }
    const path = url.pathname;
    this.requests.push({
      path,
      query: Object.fromEntries(url.searchParams),
      cache: init?.cache,
    });
    if (init?.signal) {
      this.signals.push(init.signal);
    }
    const answer = this.#answers.get(path.split('/').at(-1) ?? '');
    if (answer === 'pending') {
      return await new Promise(() => {});
    }
    if (!answer || answer === 'network error') {
      throw new TypeError('Failed to fetch');
    }
    return new Response(JSON.stringify(answer.body), {
      status: answer.status,
      headers: { 'Content-Type': 'application/json' },
    });
  };
}

// SPDX-License-Identifier: Apache-2.0
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** An answer of {@link startGithubFake}; no body means GitHub's own 404. */
export interface FakeAnswer {
  status: number;
  body?: unknown;
  headers?: Record<string, string>;
}

/**
 * A GitHub that answers what a test tells it to, for what forge cannot do: fail.
 * Everything it was not told about is 404.
 */
export async function startGithubFake() {
  const answers = new Map<string, FakeAnswer | 'hang up'>();
  const requests: Array<{ route: string; token?: string; body: string }> = [];
  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? '/', 'http://localhost');
    const route = `${request.method} ${url.pathname.replace('/api/v3', '')}`;
    let body = '';
    for await (const chunk of request) {
      body += chunk;
    }
    requests.push({ route, token: request.headers.authorization, body });
    const answer = answers.get(route) ?? answers.get('*') ?? { status: 404 };
    if (answer === 'hang up') {
      request.socket.destroy();
      return;
    }
    response.writeHead(answer.status, {
      'content-type': 'application/json',
      ...answer.headers,
    });
    response.end(JSON.stringify(answer.body ?? { message: 'Not Found' }));
  }).listen(0, '127.0.0.1');
  await new Promise(resolve => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    host: `localhost:${port}`,
    apiBaseUrl: `http://localhost:${port}/api/v3`,
    token: 'ghp_fake',
    requests,
    /** Sets the answer to `METHOD /path`, or to everything else by `*`. */
    answer(route: string, answer: FakeAnswer | 'hang up') {
      answers.set(route, answer);
    },
    reset() {
      answers.clear();
      requests.length = 0;
      answers.set('GET /users/greenroom-demo', {
        status: 200,
        body: { login: 'greenroom-demo', type: 'Organization' },
      });
    },
    stop: () =>
      new Promise<void>(resolve => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

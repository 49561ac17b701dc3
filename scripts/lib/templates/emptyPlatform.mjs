// SPDX-License-Identifier: Apache-2.0
import http from 'node:http';

/** The address of a host's API, as the configuration of a portal has it. @param {string} host */
export function githubApiUrl(host) {
  if (host === 'github.com') {
    return 'https://api.github.com';
  }
  // A GitHub on this machine is forge, which has no certificate.
  const scheme = /^(localhost|127\.0\.0\.1)(:|$)/.test(host) ? 'http' : 'https';
  return `${scheme}://${host}/api/v3`;
}

/**
 * A GitHub and an MLflow in which nothing exists yet: every account is there, and no repository,
 * experiment or model. The real clients ask it over HTTP.
 *
 * @returns {Promise<{ githubUrl: string, mlflowUrl: string, stop(): Promise<void> }>}
 */
export async function startEmptyPlatform() {
  const server = http.createServer((request, response) => {
    const account = /^\/github\/users\/([^/?]+)$/.exec(request.url ?? '')?.[1];
    response.writeHead(account ? 200 : 404, {
      'content-type': 'application/json',
    });
    response.end(
      JSON.stringify(
        account
          ? { login: decodeURIComponent(account), type: 'Organization' }
          : { message: 'Not Found', error_code: 'RESOURCE_DOES_NOT_EXIST' },
      ),
    );
  });
  await new Promise(resolve => {
    server.listen(0, '127.0.0.1', () => resolve(undefined));
  });
  const { port } = /** @type {import('node:net').AddressInfo} */ (
    server.address()
  );
  return {
    githubUrl: `http://127.0.0.1:${port}/github`,
    mlflowUrl: `http://127.0.0.1:${port}/mlflow`,
    stop: () =>
      new Promise(resolve => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

/**
 * From now on this process asks `target` whenever it means one of these API addresses, so that a
 * configuration can name the hosts by their own names.
 *
 * @param {string[]} apiUrls
 * @param {string} target
 * @returns {() => void} Ends it.
 */
export function redirectFetch(apiUrls, target) {
  const original = globalThis.fetch;
  globalThis.fetch = (input, init) => {
    const url = input instanceof Request ? input.url : String(input);
    const meant = apiUrls.find(
      apiUrl => url === apiUrl || url.startsWith(`${apiUrl}/`),
    );
    return original(
      meant === undefined ? input : target + url.slice(meant.length),
      init,
    );
  };
  return () => {
    globalThis.fetch = original;
  };
}

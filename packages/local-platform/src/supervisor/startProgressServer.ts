// SPDX-License-Identifier: Apache-2.0
import { timingSafeEqual } from 'node:crypto';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { AllowedHosts, guardServer } from '@greenroom/http-security';
import type { TaskProgress } from './BackgroundTasks';

/**
 * Answers `GET /` with what goes on in the background, as JSON `{ items }`, to whoever holds the token: the
 * portal's proxy, which passes it on to Home.
 */
export async function startProgressServer(options: {
  token: string;
  progress(): readonly TaskProgress[];
}): Promise<{ port: number; stop(): Promise<void> }> {
  const expected = Buffer.from(`Bearer ${options.token}`);
  const server = http.createServer();
  const guard = guardServer(server, {
    policy: {
      // Loopback names with the port of the connection always pass.
      hosts: AllowedHosts.create({ urls: [] }),
      advice: {
        host: 'Only the portal on this machine is answered.',
        origin: 'Only the portal on this machine is answered.',
      },
    },
    maxBodyBytes: () => 0,
  });
  server.on('request', (request, response) =>
    guard(request, response, () => {
      const given = Buffer.from(request.headers.authorization ?? '');
      const isKnown =
        given.length === expected.length && timingSafeEqual(given, expected);
      const body = isKnown ? { items: options.progress() } : {};
      response
        .writeHead(isKnown ? 200 : 401, {
          'content-type': 'application/json',
          'cache-control': 'no-store',
        })
        .end(JSON.stringify(body));
    }),
  );
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    async stop() {
      server.closeAllConnections();
      await new Promise(resolve => server.close(resolve));
    },
  };
}

// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import http from 'node:http';
import { once } from 'node:events';

/**
 * An npm registry that has these tarballs and nothing else, so that `yarn add` finds what is not
 * published yet.
 *
 * @param {Array<{ manifest: import('./packages.mjs').Manifest, tarball: string }>} packages As published.
 */
export async function startRegistry(packages) {
  const byName = new Map(
    packages.map(item => {
      const bytes = fs.readFileSync(item.tarball);
      // In the address, so that no cache takes an earlier build for this one.
      const digest = createHash('sha256').update(bytes).digest('hex');
      return [item.manifest.name, { ...item, bytes, digest }];
    }),
  );
  const server = http.createServer((request, response) => {
    const [name, digest] = decodeURIComponent(request.url ?? '')
      .slice(1)
      .split('/-/');
    const item = byName.get(name);
    if (!item || (digest !== undefined && digest !== `${item.digest}.tgz`)) {
      response.writeHead(404).end('{}');
      return;
    }
    if (digest !== undefined) {
      response.end(item.bytes);
      return;
    }
    const { version } = item.manifest;
    const dist = { tarball: `${url}/${name}/-/${item.digest}.tgz` };
    response.setHeader('content-type', 'application/json');
    response.end(
      JSON.stringify({
        name,
        'dist-tags': { latest: version },
        versions: { [version]: { ...item.manifest, dist } },
        // Old enough for every gate of age.
        time: { [version]: '2020-01-01T00:00:00.000Z' },
      }),
    );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (!address || typeof address === 'string') {
    throw new Error('The registry listens on no port.');
  }
  const url = `http://127.0.0.1:${address.port}`;
  return { url, close: () => server.close() };
}

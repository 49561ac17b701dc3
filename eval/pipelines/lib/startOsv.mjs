// SPDX-License-Identifier: Apache-2.0
import { once } from 'node:events';
import http from 'node:http';
import { json } from 'node:stream/consumers';

const jinja = (id, cve, fixed, summary) => ({
  id,
  aliases: [cve],
  summary,
  affected: [
    {
      package: { name: 'jinja2', ecosystem: 'PyPI' },
      ranges: [{ type: 'ECOSYSTEM', events: [{ introduced: '0' }, { fixed }] }],
    },
  ],
});

/** What osv.dev says of Jinja2 3.1.2, in short. */
const VULNERABILITIES = [
  jinja(
    'GHSA-h5c8-rqwp-cp95',
    'CVE-2024-22195',
    '3.1.3',
    'Jinja vulnerable to HTML attribute injection when passing user input as keys to xmlattr filter',
  ),
  jinja(
    'GHSA-q2x7-8rv6-6q7h',
    'CVE-2024-56326',
    '3.1.5',
    'Jinja has a sandbox breakout through indirect reference to format method',
  ),
  jinja(
    'GHSA-cpwx-vrp4-4pq7',
    'CVE-2025-27516',
    '3.1.6',
    'Jinja2 vulnerable to sandbox breakout through attr filter selecting format method',
  ),
];

/**
 * Stands for osv.dev, which cannot be reached from everywhere, so that the real
 * pip-audit has something to find: it knows Jinja2 3.1.2 alone.
 */
export async function startOsv() {
  const server = http.createServer(async (request, response) => {
    const { package: { name } = {}, version } = await json(request);
    const known = name === 'jinja2' && version === '3.1.2';
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(known ? { vulns: VULNERABILITIES } : {}));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${server.address().port}/v1/query`,
    stop: () => server.close(),
  };
}

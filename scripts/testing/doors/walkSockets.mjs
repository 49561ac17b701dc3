// SPDX-License-Identifier: Apache-2.0
import { send, sendLines } from './send.mjs';

/**
 * @typedef {{ address: string, port: number }} Door
 * @typedef {{ status: number | string, headers?: import('node:http').IncomingHttpHeaders }} Answer
 * @typedef {{ group: string, isAnswered?: boolean, ask(door: Door): Promise<Answer> }} Case
 */

/** @type {Array<number | string>} */
const REFUSED = [400, 403, 421];

/** Who asks, how, and whether there may be an answer. @type {Case[]} */
const CASES = [
  ...['localhost', '127.0.0.1'].map(name => ({
    group: 'own host',
    isAnswered: true,
    ask: (/** @type {Door} */ door) =>
      send({ ...door, headers: { host: `${name}:${door.port}` } }),
  })),
  {
    group: 'own origin',
    isAnswered: true,
    ask: door =>
      send({
        ...door,
        method: 'POST',
        headers: {
          origin: `http://localhost:${door.port}`,
          'sec-fetch-site': 'same-origin',
        },
      }),
  },
  ...[
    'evil.example:{port}',
    'evil.example',
    'localhost.evil.example:{port}',
    'localhost:1',
    '[2001:db8::1]:{port}',
    '0.0.0.0:{port}',
  ].map(host => foreignHost('foreign host', host)),
  ...['10', '172.16', '192.168', '127.0.0.1', 'fc00:', 'fd00:'].map(start =>
    foreignHost('10.evil.example', `${start}.evil.example:{port}`),
  ),
  ...[
    ['GET / HTTP/1.0'],
    ['GET / HTTP/1.1'],
    ['GET / HTTP/1.1', 'Host: localhost:{port}', 'Host: evil.example'],
    ['GET / HTTP/1.1', 'Host: evil.example', 'Host: localhost:{port}'],
    ['GET / HTTP/1.1', 'Host: x@localhost:{port}'],
    ['GET / HTTP/1.1', 'Host: localhost:{port}@evil.example'],
  ].map(lines => ({
    group: 'no, two, broken hosts',
    ask: (/** @type {Door} */ door) =>
      sendLines({
        ...door,
        lines: lines.map(line => line.replace('{port}', `${door.port}`)),
      }).then(status => ({ status })),
  })),
  {
    group: 'X-Forwarded-Host',
    ask: door =>
      send({ ...door, headers: { 'x-forwarded-host': 'evil.example' } }),
  },
  ...['https://evil.example', 'http://localhost:1', 'null'].flatMap(origin =>
    ['POST', 'PUT', 'PATCH', 'DELETE'].map(method => ({
      group: 'foreign origin',
      ask: (/** @type {Door} */ door) =>
        send({ ...door, method, headers: { origin } }),
    })),
  ),
  {
    group: 'foreign form',
    ask: door =>
      send({
        ...door,
        method: 'POST',
        headers: { 'sec-fetch-site': 'cross-site' },
      }),
  },
  {
    group: 'foreign WebSocket',
    ask: door =>
      send({
        ...door,
        headers: {
          origin: 'https://evil.example',
          connection: 'Upgrade',
          upgrade: 'websocket',
          'sec-websocket-version': '13',
          'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
        },
      }),
  },
];

/** @param {string} group @param {string} host @returns {Case} */
function foreignHost(group, host) {
  return {
    group,
    ask: door =>
      send({
        ...door,
        headers: { host: host.replace('{port}', `${door.port}`) },
      }),
  };
}

/**
 * Tries every door of a platform.
 *
 * @param {import('./listeningSockets.mjs').ListeningSocket[]} sockets
 * @returns {Promise<{ rows: string[][], faults: string[] }>} a table with its head, and what is not as it should be
 */
export async function walkSockets(sockets) {
  const groups = [...new Set(CASES.map(({ group }) => group))];
  /** @type {string[]} */
  const faults = [];
  const rows = [['socket', 'process', ...groups]];
  for (const socket of sockets) {
    const door = { address: socket.address, port: socket.port };
    const name = `${socket.address}:${socket.port}`;
    if (!socket.isLoopback) {
      faults.push(
        `${name} (${shorten(socket.command)}) is open to the network`,
      );
    }
    /** @type {Map<string, Set<Answer['status']>>} */
    const seen = new Map();
    for (const { group, isAnswered, ask } of CASES) {
      const { status, headers } = await ask(door);
      seen.set(group, (seen.get(group) ?? new Set()).add(status));
      const isRight = isAnswered
        ? typeof status === 'number' &&
          status < 500 &&
          !REFUSED.includes(status)
        : REFUSED.includes(status) &&
          headers?.['access-control-allow-origin'] === undefined;
      if (!isRight) {
        faults.push(
          `${name} (${shorten(socket.command)}): ${group} got ${status}`,
        );
      }
    }
    rows.push([
      `\`${name}\``,
      `\`${shorten(socket.command)}\``,
      ...groups.map(group => [...(seen.get(group) ?? [])].join(', ')),
    ]);
  }
  return { rows, faults };
}

/** What a process is called by its own words, without options and the paths of this machine. @param {string} command */
function shorten(command) {
  const words = command
    .split(' ')
    .filter(word => !word.startsWith('-'))
    .map(word => word.replace(/^.*\//, ''));
  return words.find(word => /\.ts$|:app$/.test(word)) ?? words[0];
}

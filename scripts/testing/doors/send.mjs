// SPDX-License-Identifier: Apache-2.0
import http from 'node:http';
import net from 'node:net';

/** No route of the portal is silent for longer, even on a machine that is busy with more. */
const TIMEOUT_MS = 20_000;

/**
 * One request with just these headers.
 *
 * @param {{ address?: string, port: number, method?: string, path?: string, headers?: Record<string, string>, body?: string }} options
 * @returns {Promise<{ status: number | string, headers: http.IncomingHttpHeaders, text: string }>} `open` is the
 *   status of an answer that does not come or does not end, such as a stream
 */
export function send(options) {
  const { address = '127.0.0.1', port, method = 'GET', path = '/' } = options;
  const { body = '' } = options;
  return new Promise(resolve => {
    const request = http.request(
      {
        host: address,
        port,
        method,
        path,
        agent: false,
        headers: {
          host: `localhost:${port}`,
          ...(body && { 'content-length': String(Buffer.byteLength(body)) }),
          ...options.headers,
        },
      },
      response => {
        /** @type {Buffer[]} */
        const chunks = [];
        const end = () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            text: Buffer.concat(chunks).toString('utf8'),
          });
        response.on('data', chunk => chunks.push(chunk));
        response.on('end', end);
        response.on('error', end);
      },
    );
    const stop = setTimeout(() => request.destroy(), TIMEOUT_MS);
    request.on('close', () => {
      clearTimeout(stop);
      resolve({ status: 'open', headers: {}, text: '' });
    });
    request.on('error', (/** @type {NodeJS.ErrnoException} */ error) =>
      resolve({
        status: error.code === 'ECONNRESET' ? 'open' : String(error.code),
        headers: {},
        text: '',
      }),
    );
    request.end(body);
  });
}

/**
 * Sends bytes as they are, which no HTTP client does.
 *
 * @param {{ address?: string, port: number, lines: string[] }} options
 * @returns {Promise<number | string>} the status
 */
export function sendLines({ address = '127.0.0.1', port, lines }) {
  return new Promise(resolve => {
    const socket = net.connect(port, address, () =>
      socket.write([...lines, 'Connection: close', '', ''].join('\r\n')),
    );
    let text = '';
    socket.setTimeout(TIMEOUT_MS, () => socket.destroy());
    socket.on('data', chunk => (text += chunk));
    socket.on('error', () => {});
    socket.on('close', () =>
      resolve(Number(/^HTTP\/1\.1 (\d{3})/.exec(text)?.[1]) || 'no HTTP'),
    );
  });
}

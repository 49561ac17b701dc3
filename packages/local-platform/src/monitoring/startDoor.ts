// SPDX-License-Identifier: Apache-2.0
import http, { IncomingMessage, ServerResponse } from 'node:http';
import https from 'node:https';
import { pipeline } from 'node:stream';
import { AllowedHosts, guardServer } from '@greenroom/http-security';

/** What a query may have; Prometheus takes long ones as a form. */
const MOST_BYTES = 1024 * 1024;
const METHODS = ['GET', 'HEAD', 'POST', 'DELETE'];
/** What ends or changes the server, or shows its insides. */
const CLOSED = /^\/(-\/(?!healthy$|ready$)|debug|api\/v1\/(admin|write|otlp))/;

/** A door that is open. */
export interface Door {
  url: string;
  stop(): Promise<void>;
}

/**
 * The way to a server that itself answers only to who has a certificate: on loopback, for this machine's programs and the
 * server's own pages. Prometheus and Alertmanager do not check Host and Origin.
 */
export async function startDoor(options: {
  port: number;
  /** The server's port, and what it knows its callers by. */
  target: { port: number; tls: () => https.RequestOptions };
}): Promise<Door> {
  const { port, target } = options;
  const server = http.createServer();
  const advice =
    'Only programs of this machine and its own pages are answered.';
  const guard = guardServer(server, {
    policy: {
      // Loopback names with the port of the connection always pass.
      hosts: AllowedHosts.create({ urls: [] }),
      advice: { host: advice, origin: advice },
    },
    maxBodyBytes: () => MOST_BYTES,
  });
  server.on('request', (request, response) =>
    guard(request, response, () => forward(request, response, target)),
  );
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  return {
    url: `http://localhost:${port}`,
    async stop() {
      server.closeAllConnections();
      await new Promise(resolve => server.close(resolve));
    },
  };
}

/** Whether a path is none of those that are closed, however it is written. */
function isOpen(pathname: string): boolean {
  let plain: string;
  try {
    plain = decodeURIComponent(pathname);
  } catch {
    return false;
  }
  return !/%|\\|\/\//.test(plain) && !/\/\.\.?(\/|$)/.test(plain)
    ? !CLOSED.test(plain)
    : false;
}

function forward(
  request: IncomingMessage,
  response: ServerResponse,
  { port, tls }: { port: number; tls: () => https.RequestOptions },
): void {
  if (!request.url?.startsWith('/')) {
    response.writeHead(400).end('A path is wanted.\n');
    return;
  }
  // Not against a base: what begins with two slashes would be a host.
  const { pathname, search } = new URL(`http://door${request.url}`);
  if (!METHODS.includes(request.method ?? '') || !isOpen(pathname)) {
    response.writeHead(403).end('This is not open here.\n');
    return;
  }
  const {
    accept,
    'content-type': type,
    'content-length': length,
  } = request.headers;
  const onward = https.request(
    {
      ...tls(),
      host: '127.0.0.1',
      port,
      method: request.method,
      path: pathname + search,
      headers: {
        ...(accept && { accept }),
        ...(type && { 'content-type': type }),
        ...(length && { 'content-length': length }),
      },
      agent: false,
    },
    answer => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      pipeline(answer, response, () => {});
    },
  );
  onward.on('error', error => {
    if (response.headersSent) {
      response.destroy();
    } else {
      response.writeHead(502).end(`It does not answer: ${error.message}\n`);
    }
  });
  response.on('close', () => onward.destroy());
  request.pipe(onward);
}

// SPDX-License-Identifier: Apache-2.0
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What a test does to one request; the number counts from 1. */
export interface Fault {
  /** Runs before the request goes on; `true`: it has been answered, or its connection is gone. */
  before?(request: {
    number: number;
    line: string;
    body: Buffer;
    response: ServerResponse;
  }): Promise<boolean> | boolean;
  /** Runs after the server has answered; `true`: the answer does not reach the client. */
  after?(request: {
    number: number;
    line: string;
    body: Buffer;
  }): Promise<boolean> | boolean;
}

/**
 * Stands before a server and does to requests what a test wants. It passes on what it gets as it is, so that git
 * speaks through it too.
 */
export async function startFaultProxy(target: string) {
  let fault: Fault = {};
  let lines: string[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) {
      chunks.push(chunk);
    }
    const body = Buffer.concat(chunks);
    const line = `${request.method} ${request.url}`;
    lines.push(line);
    const number = lines.length;
    try {
      if (await fault.before?.({ number, line, body, response })) {
        return;
      }
      const headers = new Headers();
      for (const [name, value] of Object.entries(request.headers)) {
        if (
          typeof value === 'string' &&
          !/^(host|connection|content-length|transfer-encoding|expect)$/.test(
            name,
          )
        ) {
          headers.set(name, value);
        }
      }
      const answer = await fetch(`${target}${request.url}`, {
        method: request.method,
        headers,
        body: body.length > 0 ? body : undefined,
        redirect: 'manual',
      });
      const content = Buffer.from(await answer.arrayBuffer());
      if (await fault.after?.({ number, line, body })) {
        request.socket.destroy();
        return;
      }
      // fetch has unpacked the content.
      response.writeHead(
        answer.status,
        Object.fromEntries(
          [...answer.headers].filter(
            ([name]) =>
              !/^(content-(encoding|length)|transfer-encoding|connection)$/.test(
                name,
              ),
          ),
        ),
      );
      response.end(content);
    } catch {
      // The server is gone, or the client: a lost connection either way.
      request.socket.destroy();
    }
  }).listen(0, '127.0.0.1');
  await new Promise(resolve => server.once('listening', resolve));
  return {
    url: `http://localhost:${(server.address() as AddressInfo).port}`,
    /** Forgets the requests and does this to those that come. */
    set(next: Fault = {}) {
      fault = next;
      lines = [];
    },
    /** `METHOD /path` of the requests since. */
    get lines() {
      return lines;
    },
    stop: () =>
      new Promise<void>(resolve => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

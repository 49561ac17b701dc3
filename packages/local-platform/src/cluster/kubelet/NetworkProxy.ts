// SPDX-License-Identifier: Apache-2.0
import http, { IncomingMessage, ServerResponse } from 'node:http';
import net, { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { acceptSocks } from './acceptSocks';
import { isSame, ProxyCredentials, Route, tunnel } from './tunnel';

const LOOPBACK = '127.0.0.1';
const SOCKS_VERSION = 5;
const FIRST_BYTE_MS = 10_000;
/** What is for the proxy, not for who is behind it. */
const HOP_BY_HOP = [
  'proxy-authorization',
  'proxy-connection',
  'connection',
  'keep-alive',
];

/**
 * The way to pods: HTTP with absolute addresses, CONNECT and SOCKS5 on one port. With credentials, nobody without them gets
 * through; without, it is for a socket that the file system protects.
 */
export class NetworkProxy {
  readonly #route: Route;
  readonly #credentials: ProxyCredentials | undefined;
  readonly #http: http.Server;
  readonly #server: net.Server;
  readonly #sockets = new Set<Socket>();

  constructor(route: Route, credentials?: ProxyCredentials) {
    this.#route = route;
    this.#credentials = credentials;
    this.#http = http
      .createServer((request, response) => this.#forward(request, response))
      .on('connect', (request, socket, head) =>
        this.#connect(request, socket, head),
      )
      .on('clientError', (_error, socket) => socket.destroy());
    this.#server = net.createServer(socket => this.#accept(socket));
  }

  listen(at: { port: number } | { path: string }): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen('port' in at ? { ...at, host: LOOPBACK } : at, () =>
        resolve(),
      );
    });
  }

  async close(): Promise<void> {
    const closed = new Promise(resolve => this.#server.close(resolve));
    this.#sockets.forEach(socket => socket.destroy());
    await closed;
  }

  #accept(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on('close', () => this.#sockets.delete(socket));
    socket.on('error', () => socket.destroy());
    const timer = setTimeout(() => socket.destroy(), FIRST_BYTE_MS);
    socket.once('close', () => clearTimeout(timer));
    socket.once('data', first => {
      clearTimeout(timer);
      socket.pause();
      if (first[0] === SOCKS_VERSION) {
        socket.unshift(first);
        acceptSocks(socket, this.#route, this.#credentials).catch(() =>
          socket.destroy(),
        );
        return;
      }
      this.#http.emit('connection', socket);
      socket.unshift(first);
      socket.resume();
    });
  }

  #isAllowed(request: IncomingMessage): boolean {
    if (!this.#credentials) {
      return true;
    }
    const { user, password } = this.#credentials;
    const wanted = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
    return isSame(request.headers['proxy-authorization'] ?? '', wanted);
  }

  #forward(request: IncomingMessage, response: ServerResponse): void {
    if (!this.#isAllowed(request)) {
      response
        .writeHead(407, { 'proxy-authenticate': 'Basic realm="pods"' })
        .end('Proxy authentication is required\n');
      return;
    }
    const url = URL.canParse(request.url ?? '') ? new URL(request.url!) : null;
    if (url?.protocol !== 'http:') {
      response.writeHead(400).end('An absolute http address is wanted\n');
      return;
    }
    const port = this.#route(url.hostname, Number(url.port || 80));
    if (!port) {
      response.writeHead(502).end('No pod has this address and port\n');
      return;
    }
    const headers = { ...request.headers };
    HOP_BY_HOP.forEach(name => delete headers[name]);
    const onward = http.request(
      {
        host: LOOPBACK,
        port,
        method: request.method,
        path: url.pathname + url.search,
        headers,
      },
      answer => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response);
      },
    );
    onward.on('error', error => {
      if (response.headersSent) {
        response.destroy();
      } else {
        response.writeHead(502).end(`${error.message}\n`);
      }
    });
    response.on('close', () => onward.destroy());
    request.pipe(onward);
  }

  #connect(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on('error', () => socket.destroy());
    if (!this.#isAllowed(request)) {
      socket.end(
        'HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm="pods"\r\nContent-Length: 0\r\n\r\n',
      );
      return;
    }
    const target = URL.parse(`tcp://${request.url ?? ''}`);
    const port = target && this.#route(target.hostname, Number(target.port));
    if (!port) {
      socket.end('HTTP/1.1 502 No Such Pod\r\nContent-Length: 0\r\n\r\n');
      return;
    }
    const onward = net.connect({ host: LOOPBACK, port }, () => {
      socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
      onward.write(head);
      tunnel(socket, onward);
    });
    onward.once('error', () => {
      if (onward.connecting || !onward.bytesWritten) {
        socket.end('HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n');
      } else {
        socket.destroy();
      }
    });
    socket.on('close', () => onward.destroy());
  }
}

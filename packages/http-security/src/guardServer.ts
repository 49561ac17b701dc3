// SPDX-License-Identifier: Apache-2.0
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { checkRequest, type RequestPolicy } from './checkRequest';

const STATUS_TEXTS = {
  400: 'Bad Request',
  403: 'Forbidden',
  421: 'Misdirected Request',
  413: 'Payload Too Large',
};

/** Time for the head of a request: what comes slower only holds a connection. */
const HEADERS_TIMEOUT_MS = 15_000;
/** Time for a whole request, its body included, from the first byte; an answer may take longer. */
const REQUEST_TIMEOUT_MS = 300_000;
/** Time until somebody takes over a connection that asked to be upgraded. */
const UPGRADE_TIMEOUT_MS = 30_000;

/** Why a request got no further than the guard. */
export interface GuardRefusal {
  status: keyof typeof STATUS_TEXTS;
  name: string;
  message: string;
}

/** What guards a server, and how it says no. */
export interface GuardOptions {
  policy: RequestPolicy;
  /** Bytes that the body of this request may have. */
  maxBodyBytes(request: IncomingMessage): number;
  /** Called for each refusal, for the log. */
  onRefused?(refusal: GuardRefusal, request: IncomingMessage): void;
  /** The body of the answer. Default: the message as plain text. */
  render?(
    refusal: GuardRefusal,
    request: IncomingMessage,
  ): { type: string; body: string };
}

/**
 * Gives a server its limits of time, and checks every request to upgrade
 * (WebSocket) before those who listen for one.
 *
 * @returns the handler that comes before all others, in the form of Connect and
 *   Express: it checks host and origin and limits the body
 */
export function guardServer(
  server: Server,
  options: GuardOptions,
): (
  request: IncomingMessage,
  response: ServerResponse,
  next: () => void,
) => void {
  server.headersTimeout = HEADERS_TIMEOUT_MS;
  server.requestTimeout = REQUEST_TIMEOUT_MS;
  guardUpgrades(server, options);
  return (request, response, next) => {
    const refuse = (refusal: GuardRefusal) => {
      options.onRefused?.(refusal, request);
      const { type, body } = render(refusal, request, options);
      response.writeHead(refusal.status, {
        'content-type': type,
        'content-length': Buffer.byteLength(body),
        'x-content-type-options': 'nosniff',
        'cache-control': 'no-store',
        // What is left of the body is not read.
        connection: 'close',
      });
      response.end(request.method === 'HEAD' ? undefined : body);
    };
    const refusal = checkRequest(request, options.policy);
    if (refusal) {
      refuse(refusal);
      return;
    }
    const isWithin = limitBody(request, options.maxBodyBytes(request), max => {
      const refusalOfBody: GuardRefusal = {
        status: 413,
        name: 'PayloadTooLargeError',
        message: `The body of this request may have at most ${max} bytes.`,
      };
      if (response.headersSent) {
        options.onRefused?.(refusalOfBody, request);
        request.destroy();
      } else {
        response.once('finish', () => request.destroy());
        refuse(refusalOfBody);
      }
    });
    if (isWithin) {
      next();
    }
  };
}

function render(
  refusal: GuardRefusal,
  request: IncomingMessage,
  options: GuardOptions,
) {
  return (
    options.render?.(refusal, request) ?? {
      type: 'text/plain; charset=utf-8',
      body: `${refusal.message}\n`,
    }
  );
}

/**
 * Counts a body as it arrives, whoever reads it and how, since a length need
 * not be declared. What is beyond the limit reaches nobody.
 *
 * @returns false if the declared length is already too large
 */
function limitBody(
  request: IncomingMessage,
  maxBytes: number,
  onTooLarge: (maxBytes: number) => void,
): boolean {
  if (Number(request.headers['content-length'] ?? 0) > maxBytes) {
    onTooLarge(maxBytes);
    return false;
  }
  let received = 0;
  const push = request.push.bind(request);
  request.push = (chunk, encoding) => {
    const before = received;
    received += chunk?.length ?? 0;
    if (received <= maxBytes) {
      return push(chunk, encoding);
    }
    if (before <= maxBytes) {
      onTooLarge(maxBytes);
    }
    return true;
  };
  return true;
}

/**
 * An `upgrade` event goes to all its listeners, none of which can stop the
 * others, and one more of them would change what Node does while there is
 * none: so the event itself is held back.
 */
function guardUpgrades(server: Server, options: GuardOptions): void {
  const emit = server.emit.bind(server);
  server.emit = (event: string | symbol, ...args: unknown[]) => {
    if (event !== 'upgrade') {
      return emit(event, ...args);
    }
    const [request, socket] = args as [IncomingMessage, Duplex];
    const refusal = checkRequest(request, options.policy);
    if (!refusal) {
      endUnlessTaken(request);
      return emit(event, ...args);
    }
    options.onRefused?.(refusal, request);
    const { type, body } = render(refusal, request, options);
    socket.on('error', () => socket.destroy());
    socket.end(
      `HTTP/1.1 ${refusal.status} ${STATUS_TEXTS[refusal.status]}\r\n` +
        `Content-Type: ${type}\r\nContent-Length: ${Buffer.byteLength(body)}\r\n` +
        `Connection: close\r\n\r\n${body}`,
      () => socket.destroy(),
    );
    return true;
  };
}

/** Who takes a WebSocket over takes this time limit away. */
function endUnlessTaken({ socket }: IncomingMessage): void {
  socket.setTimeout(UPGRADE_TIMEOUT_MS, () => socket.destroy());
}

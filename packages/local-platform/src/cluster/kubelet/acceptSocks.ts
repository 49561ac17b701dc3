// SPDX-License-Identifier: Apache-2.0
import net, { Socket } from 'node:net';
import { isSame, ProxyCredentials, Route, tunnel } from './tunnel';

const VERSION = 5;
const NO_AUTHENTICATION = 0;
const USER_AND_PASSWORD = 2;
const NO_METHOD = 0xff;
const CONNECT = 1;
const IPV4 = 1;
const NAME = 3;
const HANDSHAKE_MS = 10_000;

const SUCCEEDED = 0;
const NOT_REACHABLE = 4;
const REFUSED = 5;
const COMMAND_UNKNOWN = 7;
const ADDRESS_UNKNOWN = 8;

/** The server's side of SOCKS 5 (RFC 1928) with user and password (RFC 1929): CONNECT to IPv4 addresses and names. */
export async function acceptSocks(
  socket: Socket,
  route: Route,
  credentials: ProxyCredentials | undefined,
): Promise<void> {
  const timer = setTimeout(() => socket.destroy(), HANDSHAKE_MS);
  socket.once('close', () => clearTimeout(timer));
  const reply = (code: number) =>
    socket.write(Buffer.from([VERSION, code, 0, IPV4, 0, 0, 0, 0, 0, 0]));
  const refuse = (code: number) => {
    reply(code);
    socket.end();
  };
  if (!(await authenticate(socket, credentials))) {
    socket.end();
    return;
  }
  const [, command, , kind] = await read(socket, 4);
  if (kind !== IPV4 && kind !== NAME) {
    refuse(ADDRESS_UNKNOWN);
    return;
  }
  const host =
    kind === IPV4
      ? (await read(socket, 4)).join('.')
      : (await readText(socket)).toString();
  const target = route(host, (await read(socket, 2)).readUInt16BE());
  if (command !== CONNECT) {
    refuse(COMMAND_UNKNOWN);
    return;
  }
  if (!target) {
    refuse(NOT_REACHABLE);
    return;
  }
  clearTimeout(timer);
  const onward = net.connect({ host: '127.0.0.1', port: target }, () => {
    reply(SUCCEEDED);
    tunnel(socket, onward);
  });
  onward.once('error', () => refuse(REFUSED));
  socket.once('close', () => onward.destroy());
}

async function authenticate(
  socket: Socket,
  credentials: ProxyCredentials | undefined,
): Promise<boolean> {
  const [, count] = await read(socket, 2);
  const offered = await read(socket, count);
  const method = credentials ? USER_AND_PASSWORD : NO_AUTHENTICATION;
  if (!offered.includes(method)) {
    socket.write(Buffer.from([VERSION, NO_METHOD]));
    return false;
  }
  socket.write(Buffer.from([VERSION, method]));
  if (!credentials) {
    return true;
  }
  await read(socket, 1);
  const user = (await readText(socket)).toString();
  const password = (await readText(socket)).toString();
  const right = [
    isSame(user, credentials.user),
    isSame(password, credentials.password),
  ].every(Boolean);
  socket.write(Buffer.from([1, right ? 0 : 1]));
  return right;
}

/** A text with its length before it. */
async function readText(socket: Socket): Promise<Buffer> {
  const [length] = await read(socket, 1);
  return length ? read(socket, length) : Buffer.alloc(0);
}

/** So many bytes of a socket that is not flowing. */
async function read(socket: Socket, length: number): Promise<Buffer> {
  for (;;) {
    const chunk: Buffer | null = socket.read(length);
    if (chunk?.length === length) {
      return chunk;
    }
    if (chunk || socket.destroyed || socket.readableEnded) {
      throw new Error('The connection ended within the handshake');
    }
    await new Promise<void>(resolve => {
      const done = () => {
        socket.off('readable', done);
        socket.off('close', done);
        socket.off('end', done);
        resolve();
      };
      socket.once('readable', done);
      socket.once('close', done);
      socket.once('end', done);
    });
  }
}

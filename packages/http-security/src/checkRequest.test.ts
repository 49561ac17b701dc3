// SPDX-License-Identifier: Apache-2.0
import { createServer, type IncomingMessage } from 'node:http';
import net, { type AddressInfo } from 'node:net';
import { AllowedHosts } from './AllowedHosts';
import type { RequestPolicy } from './checkRequest';
import { guardServer } from './guardServer';
import { limitJsonDepth } from './limitJsonDepth';

const policy: RequestPolicy = {
  hosts: AllowedHosts.create({
    urls: ['https://portal.example.com', 'http://lab.example.com:8080/base'],
    hosts: [
      'portal.internal',
      'proxy:7007',
      '.preview.example',
      '[fd00::7]:7007',
    ],
  }),
  isAllowedOrigin: origin => origin === 'https://portal.example.com',
  probes: /^\/health\//,
  protectedReads: /\/refresh$/,
  foreignPosts: /^\/callback$/,
  advice: { host: 'Add it to hosts.', origin: 'Add it to origins.' },
};

let port: number;
let received: string[];
const server = createServer();

beforeAll(async () => {
  const guard = guardServer(server, {
    policy,
    maxBodyBytes: ({ url }) => (url === '/large' ? 2_000 : 1_000),
  });
  server.on('request', (message, response) =>
    guard(message, response, async () => {
      let bytes = 0;
      try {
        for await (const chunk of message) {
          bytes += chunk.length;
        }
      } catch {
        received.push(`broken off after ${bytes}`);
        return;
      }
      received.push(`${message.method} ${message.url} ${bytes}`);
      response.end('answered');
    }),
  );
  await new Promise<void>(resolve => {
    server.listen(0, '127.0.0.1', resolve);
  });
  port = (server.address() as AddressInfo).port;
});

beforeEach(() => {
  received = [];
});

afterAll(() => {
  server.closeAllConnections();
  server.close();
});

/** Sends bytes as they are, which no HTTP client does. */
function send(...parts: string[]): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const socket = net.connect(port, '127.0.0.1', () =>
      parts.forEach(part => socket.write(part)),
    );
    let text = '';
    socket.setTimeout(10_000, () => socket.destroy(new Error('no answer')));
    socket.on('data', chunk => {
      text += chunk;
    });
    // An answer may come before the rest of a request that is refused.
    socket.on('error', error => (text ? undefined : reject(error)));
    socket.on('close', () =>
      resolve({ status: Number(text.split(' ', 2)[1]), text }),
    );
  });
}

const PORT = '{port}';

function request(options: {
  method?: string;
  target?: string;
  headers?: string[];
  version?: string;
  body?: string;
}) {
  const { method = 'GET', target = '/', headers = [], body = '' } = options;
  return send(
    [
      `${method} ${target} HTTP/${options.version ?? '1.1'}`,
      ...headers,
      'Connection: close',
      '',
      body,
    ]
      .join('\r\n')
      .replaceAll(PORT, `${port}`),
  );
}

const OWN = `Host: localhost:${PORT}`;

describe('Host', () => {
  it.each([
    // Loopback, by the port of the connection.
    [`localhost:${PORT}`, 200],
    [`LocalHost:${PORT}`, 200],
    [`localhost.:${PORT}`, 200],
    [`127.0.0.1:${PORT}`, 200],
    [`[::1]:${PORT}`, 200],
    ['localhost', 421],
    ['localhost:1', 421],
    [`127.0.0.2:${PORT}`, 421],
    [`127.0.0.1.evil.example:${PORT}`, 421],
    [`localhost.evil.example:${PORT}`, 421],
    [`evil-localhost:${PORT}`, 421],
    [`[::ffff:127.0.0.1]:${PORT}`, 421],
    // By base URL, with its port only.
    ['portal.example.com', 200],
    ['portal.example.com:443', 200],
    ['PORTAL.EXAMPLE.COM.', 200],
    ['portal.example.com:80', 421],
    [`portal.example.com:${PORT}`, 421],
    ['lab.example.com:8080', 200],
    ['lab.example.com', 421],
    // By the list.
    ['portal.internal', 200],
    ['portal.internal:8443', 200],
    ['proxy:7007', 200],
    ['proxy', 421],
    ['preview.example', 200],
    ['pr-1.preview.example:3000', 200],
    ['evilpreview.example', 421],
    ['[fd00::7]:7007', 200],
    ['[FD00::7]:7007', 200],
    ['[fd00::8]:7007', 421],
    // Names that look like private addresses.
    [`10.evil.example:${PORT}`, 421],
    [`192.168.evil.example:${PORT}`, 421],
    [`172.16.evil.example:${PORT}`, 421],
    ['0.0.0.0', 421],
    ['2130706433', 421],
    ['0x7f.1', 421],
    ['evil.example', 421],
    // No host.
    ['', 400],
    ['.', 400],
    [':80', 400],
    [`portal.example.com:80:80`, 400],
    ['portal.example.com:99999', 400],
    ['portal.example.com:0', 400],
    [`user@localhost:${PORT}`, 400],
    [`localhost:${PORT}@evil.example`, 400],
    [`localhost:${PORT}/x`, 400],
    [`localhost:${PORT},evil.example`, 400],
    [`localhost:${PORT} evil.example`, 400],
    [`http://localhost:${PORT}`, 400],
    [`evil.example#localhost:${PORT}`, 400],
    ['::1', 400],
    ['[::1', 400],
    ['[1::2::3]', 400],
    [`[fe80::1%25lo0]:${PORT}`, 400],
    [`lоcalhost:${PORT}`, 400],
  ])('%s: %d', async (host, status) => {
    const answer = await request({ headers: [`Host: ${host}`] });
    expect(answer.status).toBe(status);
    expect(received).toHaveLength(status === 200 ? 1 : 0);
  });

  it('says which host it does not answer to, and what to do', async () => {
    const answer = await request({ headers: ['Host: evil.example:80'] });
    expect(answer.text).toContain(
      'This server does not answer to the host "evil.example:80". Add it to hosts.',
    );
    expect(answer.text).not.toMatch(/access-control/i);
  });

  it('is named once', async () => {
    const twice = [OWN, 'Host: evil.example'];
    expect((await request({ headers: twice })).status).toBe(400);
    expect((await request({ headers: twice.toReversed() })).status).toBe(400);
    expect((await request({ headers: [OWN, OWN] })).status).toBe(400);
    expect((await request({ headers: [] })).status).toBe(400);
    expect((await request({ version: '1.0' })).status).toBe(400);
    expect(received).toEqual([]);
  });

  it('is the one of an absolute target too', async () => {
    const at = (target: string) =>
      request({ target, headers: [OWN] }).then(({ status }) => status);
    expect(await at(`http://localhost:${PORT}/a?b`)).toBe(200);
    expect(await at('http://evil.example/')).toBe(421);
    expect(await at(`http://localhost:${PORT}@evil.example/`)).toBe(421);
    expect(await at(`http://evil.example@localhost:${PORT}/`)).toBe(200);
    expect(await at('http://evil.example/health/live')).toBe(421);
    expect(await at('ftp://evil.example/')).toBe(400);
    expect(await at('//evil.example/')).toBe(200);
    expect(
      (
        await request({
          target: `http://localhost:${PORT}/`,
          headers: ['Host: evil.example'],
        })
      ).status,
    ).toBe(421);
  });

  it('is not changed by X-Forwarded-Host, which must be allowed as well', async () => {
    const forwarded = (value: string, host = OWN) =>
      request({ headers: [host, `X-Forwarded-Host: ${value}`] }).then(
        ({ status }) => status,
      );
    expect(await forwarded('portal.example.com')).toBe(200);
    expect(await forwarded('portal.example.com, portal.internal')).toBe(200);
    expect(await forwarded('evil.example')).toBe(421);
    expect(await forwarded('portal.example.com, evil.example')).toBe(421);
    expect(await forwarded('portal.example.com', 'Host: evil.example')).toBe(
      421,
    );
    expect(await forwarded('a b')).toBe(400);
  });

  it('may be an address, or missing, where probes ask', async () => {
    const probe = (...headers: string[]) =>
      request({ target: '/health/live', headers }).then(({ status }) => status);
    expect(await probe('Host: 10.1.2.3:7007')).toBe(200);
    expect(await probe('Host: [fd00::1]:7007')).toBe(200);
    expect(await probe('Host: 10.evil.example')).toBe(421);
    const elb = await request({ target: '/health/live', version: '1.0' });
    expect(elb.status).toBe(200);
    expect((await request({ headers: ['Host: 10.1.2.3:7007'] })).status).toBe(
      421,
    );
    const escape = await request({
      target: '/health/../api',
      headers: ['Host: evil.example'],
    });
    expect(escape.status).toBe(421);
  });
});

describe('Origin', () => {
  const ORIGIN = (value: string) => `Origin: ${value}`;
  const SITE = (value: string) => `Sec-Fetch-Site: ${value}`;

  it.each<[string, string, string[], number]>([
    ['POST', '/', [], 200],
    ['POST', '/', [ORIGIN('https://portal.example.com')], 200],
    ['POST', '/', [ORIGIN(`http://localhost:${PORT}`)], 200],
    ['POST', '/', [ORIGIN(`http://LOCALHOST:${PORT}`)], 200],
    ['POST', '/', [ORIGIN(`http://127.0.0.1:${PORT}`)], 403],
    ['POST', '/', [ORIGIN('http://localhost:1')], 403],
    ['POST', '/', [ORIGIN('http://localhost')], 403],
    ['POST', '/', [ORIGIN('https://evil.example')], 403],
    ['POST', '/', [ORIGIN('https://portal.example.com.evil.example')], 403],
    ['POST', '/', [ORIGIN('http://portal.example.com')], 403],
    ['POST', '/', [ORIGIN(`ftp://localhost:${PORT}`)], 403],
    ['POST', '/', [ORIGIN('null')], 403],
    ['POST', '/', [ORIGIN('')], 403],
    ['POST', '/', [ORIGIN('null'), SITE('cross-site')], 403],
    ['POST', '/', [ORIGIN('null'), SITE('same-origin')], 200],
    ['POST', '/', [ORIGIN('https://evil.example'), SITE('same-origin')], 403],
    ['PUT', '/', [ORIGIN('https://evil.example')], 403],
    ['DELETE', '/', [ORIGIN('https://evil.example')], 403],
    ['PATCH', '/', [ORIGIN('https://evil.example')], 403],
    ['PROPFIND', '/', [ORIGIN('https://evil.example')], 403],
    ['GET', '/', [ORIGIN('https://evil.example')], 403],
    ['OPTIONS', '/', [ORIGIN('https://evil.example')], 403],
    // Without Origin a browser says where the page comes from.
    ['POST', '/', [SITE('cross-site')], 403],
    ['POST', '/', [SITE('same-site')], 403],
    ['POST', '/', [SITE('same-origin')], 200],
    ['POST', '/', [SITE('none')], 200],
    ['GET', '/', [SITE('cross-site')], 200],
    ['GET', '/api/refresh', [], 200],
    ['GET', '/api/refresh', [SITE('same-origin')], 200],
    ['GET', '/api/refresh', [SITE('cross-site')], 403],
    ['GET', '/api/refresh', [SITE('same-site')], 403],
    // An identity provider posts its answer.
    ['POST', '/callback', [ORIGIN('https://idp.example')], 200],
    ['POST', '/callback/x', [ORIGIN('https://idp.example')], 403],
    ['PUT', '/callback', [ORIGIN('https://idp.example')], 403],
  ])('%s %s %j: %d', async (method, target, headers, status) => {
    const answer = await request({
      method,
      target,
      headers: [OWN, ...headers],
    });
    expect(answer.status).toBe(status);
    expect(received).toHaveLength(status === 200 ? 1 : 0);
  });
});

describe('limits', () => {
  const body = (bytes: number) => 'x'.repeat(bytes);
  const post = (target: string, bytes: number) =>
    request({
      method: 'POST',
      target,
      headers: [OWN, `Content-Length: ${bytes}`],
      body: body(bytes),
    });
  const postChunks = (target: string, count: number) =>
    request({
      method: 'POST',
      target,
      headers: [OWN, 'Transfer-Encoding: chunked'],
      body: `${`64\r\n${body(100)}\r\n`.repeat(count)}0\r\n\r\n`,
    });

  it('takes a body up to its limit, whether or not its length is declared', async () => {
    expect((await post('/', 1_000)).status).toBe(200);
    expect((await postChunks('/', 10)).status).toBe(200);
    expect((await post('/large', 2_000)).status).toBe(200);
    expect(received).toEqual([
      'POST / 1000',
      'POST / 1000',
      'POST /large 2000',
    ]);
  });

  it('refuses a larger one, before or while it arrives', async () => {
    const declared = await post('/', 1_001);
    expect(declared.status).toBe(413);
    expect(declared.text).toContain('may have at most 1000 bytes');
    expect(received).toEqual([]);
    expect((await post('/large', 2_001)).status).toBe(413);
    const streamed = await postChunks('/', 11);
    expect(streamed.status).toBe(413);
    expect(received).toEqual([expect.stringMatching(/^broken off/)]);
  });

  it('waits neither for a head nor for a body for ever', () => {
    expect(server.headersTimeout).toBeGreaterThan(0);
    expect(server.headersTimeout).toBeLessThanOrEqual(15_000);
    expect(server.requestTimeout).toBeGreaterThan(0);
    expect(server.requestTimeout).toBeLessThanOrEqual(300_000);
  });

  it('knows the depth of JSON without parsing it', () => {
    const check = (text: string) =>
      limitJsonDepth(undefined, undefined, Buffer.from(text));
    const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);
    expect(() => check(nested(100))).not.toThrow();
    expect(() => check(nested(101))).toThrow(/at most 100 levels/);
    expect(() => check('{"a":'.repeat(101))).toThrow(/at most 100 levels/);
    expect(() => check(JSON.stringify(Array(200).fill([{}])))).not.toThrow();
    expect(() => check(JSON.stringify('["\\['.repeat(500)))).not.toThrow();
    expect(() => check(`"\\"${'['.repeat(200)}"`)).not.toThrow();
    expect(() => check(`"\\\\"${'['.repeat(200)}`)).toThrow();
  });
});

describe('upgrade', () => {
  const upgrades: IncomingMessage[] = [];
  const upgrade = (...headers: string[]) =>
    request({
      headers: [...headers, 'Upgrade: websocket', 'Connection: Upgrade'],
    }).then(({ status }) => status);

  it('is checked as an ordinary request while nobody listens for it', async () => {
    expect(await upgrade('Host: evil.example')).toBe(421);
    expect(await upgrade(OWN, 'Origin: https://evil.example')).toBe(403);
    expect(await upgrade(OWN)).toBe(200);
  });

  it('is checked before any listener', async () => {
    server.on('upgrade', (message, socket) => {
      upgrades.push(message);
      socket.end('HTTP/1.1 101 Switching Protocols\r\n\r\n');
    });
    expect(await upgrade('Host: evil.example')).toBe(421);
    expect(await upgrade(OWN, 'Host: evil.example')).toBe(400);
    expect(await upgrade(OWN, 'Origin: https://evil.example')).toBe(403);
    expect(await upgrade(OWN, 'Origin: http://localhost:1')).toBe(403);
    expect(upgrades).toEqual([]);
    expect(await upgrade(OWN, `Origin: http://localhost:${PORT}`)).toBe(101);
    expect(upgrades).toHaveLength(1);
  });
});

describe('AllowedHosts', () => {
  it.each([
    '',
    '*',
    '.',
    '..example.com',
    'https://portal.example.com',
    'a b',
    'x:99999',
  ])('cannot be %j, and says where', host => {
    expect(() =>
      AllowedHosts.create({ hosts: ['ok', host], key: 'backend.allowedHosts' }),
    ).toThrow(/^backend\.allowedHosts\[1\] must be a host name .*but is "/);
  });
});

// SPDX-License-Identifier: Apache-2.0
import { resolvePackagePath } from '@backstage/backend-plugin-api';
import { createBackend } from '@backstage/backend-defaults';
import { mockServices } from '@backstage/backend-test-utils';
import authPlugin from '@backstage/plugin-auth-backend';
import guestProvider from '@backstage/plugin-auth-backend-module-guest-provider';
import mcpActions from '@backstage/plugin-mcp-actions-backend';
import signals from '@backstage/plugin-signals-backend';
import httpSecurity from '@greenroom/http-security/backstage';
import fs from 'node:fs';
import { request as httpRequest } from 'node:http';
import net from 'node:net';

async function freePort(): Promise<number> {
  const server = net.createServer();
  await new Promise<void>(resolve => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  await new Promise(resolve => {
    server.close(resolve);
  });
  return typeof address === 'object' && address ? address.port : 0;
}

interface Answer {
  status: number;
  headers: NodeJS.Dict<string | string[]>;
  text: string;
}

/** A portal as production has it: behind a proxy, under a name of its own. */
async function startPortal(backend: Record<string, unknown> = {}) {
  const port = await freePort();
  // startTestBackend brings a root HTTP router of its own.
  const test = createBackend();
  const features = [
    authPlugin,
    guestProvider,
    signals,
    mcpActions,
    httpSecurity,
    mockServices.rootLogger.factory(),
    mockServices.rootConfig.factory({
      data: {
        app: { baseUrl: 'https://portal.example.com' },
        backend: {
          baseUrl: 'https://api.example.com',
          listen: { host: '127.0.0.1', port },
          cors: { origin: 'https://portal.example.com', credentials: true },
          database: { client: 'better-sqlite3', connection: ':memory:' },
          actions: { pluginSources: [] },
          ...backend,
        },
        auth: {
          environment: 'development',
          providers: { guest: { userEntityRef: 'user:default/guest' } },
        },
      },
    }),
  ];
  features.forEach(feature => test.add(feature));
  await test.start();
  const send = (
    method: string,
    path: string,
    headers: Record<string, string> = {},
    body = '',
  ) =>
    new Promise<Answer>((resolve, reject) => {
      const message = httpRequest(
        {
          host: '127.0.0.1',
          port,
          method,
          path,
          headers: { host: 'api.example.com', ...headers },
        },
        response => {
          let text = '';
          response.on('data', chunk => {
            text += chunk;
          });
          response.on('end', () =>
            resolve({
              status: response.statusCode ?? 0,
              headers: response.headers,
              text,
            }),
          );
        },
      );
      message.on('upgrade', (response, socket) => {
        socket.destroy();
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          text: '',
        });
      });
      message.setTimeout(2_000, () => message.destroy(new Error('no answer')));
      message.on('error', reject);
      message.end(body);
    });
  return { port, send, stop: () => test.stop() };
}

describe('the hosts and origins of the portal', () => {
  const nodeEnv = process.env.NODE_ENV;
  let portal: Awaited<ReturnType<typeof startPortal>>;

  beforeAll(async () => {
    Object.assign(process.env, { NODE_ENV: 'development' });
    portal = await startPortal({
      allowedHosts: ['portal.internal', '.svc.cluster.local'],
      maxBodyBytes: 50_000,
    });
  });
  afterAll(async () => {
    await portal?.stop();
    Object.assign(process.env, { NODE_ENV: nodeEnv });
  });

  const REFRESH = '/api/auth/guest/refresh';

  it.each([
    'api.example.com',
    'portal.example.com:443',
    'portal.internal:7007',
    'greenroom.mlops.svc.cluster.local',
    'localhost:{port}',
  ])('answers as %s', async host => {
    const answer = await portal.send('POST', REFRESH, {
      host: host.replace('{port}', `${portal.port}`),
    });
    expect(answer.status).toBe(200);
    expect(answer.text).toContain('"token"');
  });

  it.each([
    'evil.example',
    '10.evil.example',
    'evil.example:443',
    'portal.example.com.evil.example',
    'localhost:1',
    '10.1.2.3:7007',
  ])('does not answer as %s, and names the key', async host => {
    for (const [method, path] of [
      ['POST', REFRESH],
      ['GET', '/'],
      ['GET', '/api/auth/.well-known/jwks.json'],
      ['POST', '/api/mcp-actions/v1'],
      ['GET', '/no/such/path'],
    ]) {
      const answer = await portal.send(method, path, { host });
      expect([path, answer.status]).toEqual([path, 421]);
      const { error } = JSON.parse(answer.text);
      expect(error.name).toBe('MisdirectedRequestError');
      expect(error.message).toContain('backend.allowedHosts');
    }
  });

  it('answers probes by address, and nothing else', async () => {
    const host = '10.1.2.3:7007';
    for (const kind of ['readiness', 'liveness']) {
      const path = `/.backstage/health/v1/${kind}`;
      expect((await portal.send('GET', path, { host })).status).toBe(200);
      expect(
        (await portal.send('GET', path, { host: '10.evil.example' })).status,
      ).toBe(421);
    }
  });

  it('hands a token to its own pages only', async () => {
    const own = { origin: 'https://portal.example.com' };
    for (const method of ['GET', 'POST']) {
      const given = await portal.send(method, REFRESH, own);
      expect(given.status).toBe(200);
      expect(given.headers['access-control-allow-origin']).toBe(own.origin);
      const foreign: Array<Record<string, string>> = [
        { origin: 'https://evil.example' },
        { origin: 'http://portal.example.com' },
        { origin: 'null' },
        { 'sec-fetch-site': 'cross-site' },
        { 'sec-fetch-site': 'same-site', origin: 'https://evil.example.com' },
      ];
      for (const headers of foreign) {
        for (const path of [
          REFRESH,
          '/API/Auth/guest/refresh/',
          '/api/auth//guest/refresh?env=development',
          '/api/auth/guest/refresh?x',
        ]) {
          const answer = await portal.send(method, path, {
            'x-requested-with': 'XMLHttpRequest',
            ...headers,
          });
          expect([path, headers, answer.status]).toEqual([path, headers, 403]);
          expect(answer.text).toContain('backend.cors.origin');
          expect(answer.text).not.toContain('token');
          expect(answer.headers['access-control-allow-origin']).toBeUndefined();
        }
      }
    }
  });

  it('tells no foreign page that it may ask', async () => {
    const answer = await portal.send('OPTIONS', REFRESH, {
      origin: 'https://evil.example',
      'access-control-request-method': 'POST',
    });
    expect(answer.status).toBe(403);
    expect(
      Object.keys(answer.headers).filter(name => name.startsWith('access-')),
    ).toEqual([]);
    const own = await portal.send('OPTIONS', REFRESH, {
      origin: 'https://portal.example.com',
      'access-control-request-method': 'POST',
    });
    expect(own.status).toBe(204);
  });

  it('lets identity providers post their answer, which is checked by its proof', async () => {
    const answer = await portal.send('POST', '/api/auth/guest/handler/frame', {
      origin: 'https://idp.example',
    });
    expect(answer.status).not.toBe(403);
    expect(answer.text).not.toContain('"token"');
  });

  it('opens the WebSocket of signals to its own pages only', async () => {
    const open = (headers: Record<string, string>) =>
      portal
        .send('GET', '/api/signals', {
          connection: 'Upgrade',
          upgrade: 'websocket',
          'sec-websocket-version': '13',
          'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
          ...headers,
        })
        .then(
          ({ status }) => status,
          error => String(error),
        );
    const foreign = async () => [
      await open({ host: 'evil.example' }),
      await open({ origin: 'https://evil.example' }),
      await open({ origin: `http://localhost:${portal.port}` }),
    ];
    expect(await foreign()).toEqual([421, 403, 403]);
    // The first one makes the plugin listen for upgrades, and is lost.
    await open({ origin: 'https://portal.example.com' });
    expect(await open({ origin: 'https://portal.example.com' })).toBe(101);
    expect(await foreign()).toEqual([421, 403, 403]);
  }, 30_000);

  it('takes no body beyond its limit, on any route', async () => {
    for (const path of [REFRESH, '/api/mcp-actions/v1', '/no/such/path']) {
      const answer = await portal.send(
        'POST',
        path,
        { 'content-type': 'application/octet-stream' },
        'x'.repeat(50_001),
      );
      expect([path, answer.status]).toEqual([path, 413]);
    }
  });
});

describe('its configuration', () => {
  it.each([
    [{ allowedHosts: ['*'] }, /backend\.allowedHosts\[0\] must be a host name/],
    [{ maxBodyBytes: 0 }, /backend\.maxBodyBytes must be a whole number/],
  ])('%j is refused with the key', async (config, message) => {
    await expect(startPortal(config)).rejects.toThrow(message);
  });

  it('is documented where adopters look', () => {
    const schema = resolvePackagePath(
      '@greenroom/http-security',
      'config.d.ts',
    );
    const text = fs.readFileSync(schema, 'utf8');
    expect(text).toContain('allowedHosts?: string[]');
    expect(text).toContain('maxBodyBytes?: number');
  });
});

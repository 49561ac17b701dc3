// SPDX-License-Identifier: Apache-2.0
import { execFileSync } from 'node:child_process';
import { createHash, createHmac } from 'node:crypto';
import fs from 'node:fs';
import http from 'node:http';
import os from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { Header, pack } from 'tar-stream';
import { ensurePythonEnvironment } from '@greenroom/local-github/testing';
import { sleep } from '../../../bootstrap/processes.mjs';
import { findPython } from '../../../bootstrap/python.mjs';
import { startRegistry, TestRegistry } from '../../testing';
import { ImagePullError } from './ImageStore';
import { LocalImageStore } from './LocalImageStore';
import { PythonEnvironments } from './PythonEnvironments';

jest.setTimeout(300_000);

const PULL = { pullPolicy: 'IfNotPresent' as const, secrets: [] };

let registry: TestRegistry;
let folder: string;
let uv: string;

beforeAll(async () => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'greenroom-images-'));
  ({ uv } = await ensurePythonEnvironment());
  registry = await startRegistry();
}, 900_000);

afterAll(async () => {
  await registry?.stop();
  fs.rmSync(folder, { recursive: true, force: true });
});

describe('the registry', () => {
  const route = '/v2/greenroom-demo/door/manifests/v1';

  it('lets in who has a token, and each for what it is for', async () => {
    const own = jobToken('greenroom-demo/door', true);
    const image = await pushImage('greenroom-demo/door', [], {});
    const { pullToken } = registry.settings;
    const asked: [string, string | undefined, number][] = [
      ['GET', undefined, 401],
      ['GET', 'a wrong token', 401],
      ['GET', jobToken('greenroom-demo/door', true, -1), 401],
      ['GET', `${own.split('.')[0]}.AAAA`, 401],
      ['GET', pullToken, 200],
      ['PUT', pullToken, 403],
      ['DELETE', own, 403],
      ['GET', jobToken('greenroom-demo/doo', true), 403],
      ['PUT', jobToken('greenroom-demo/door', false), 403],
      ['GET', jobToken('greenroom-demo/door', false), 200],
      ['PUT', own, 201],
    ];
    for (const [method, token, status] of asked) {
      const body = method === 'PUT' ? image.body : undefined;
      const response = await call(method, route, token, body);
      expect([method, token, response.status]).toEqual([method, token, status]);
    }
  });

  it('answers to its own name only, and to no page', async () => {
    const ask = (headers: http.OutgoingHttpHeaders) =>
      new Promise<number | undefined>((resolve, reject) => {
        http
          .get(`${registry.url}/v2/`, { headers }, response => {
            response.resume();
            resolve(response.statusCode);
          })
          .on('error', reject);
      });
    const authorization = `Bearer ${registry.settings.pullToken}`;
    expect(await ask({ authorization })).toBe(200);
    expect(await ask({ authorization, host: 'evil.example' })).toBe(421);
    expect(await ask({ authorization, origin: 'http://localhost:3000' })).toBe(
      403,
    );
  });

  it('keeps what was pushed over a kill, and refuses what does not fit', async () => {
    const token = jobToken('greenroom-demo/door', true);
    const image = await pushImage('greenroom-demo/door', [{ name: 'a' }], {});
    const other = `sha256:${'0'.repeat(64)}`;
    const manifests = '/v2/greenroom-demo/door/manifests';
    const refused = async (target: string, body: string) =>
      (await (await call('PUT', `${manifests}/${target}`, token, body)).json())
        .errors[0].code;
    expect(await refused(other, image.body)).toBe('DIGEST_INVALID');
    expect(await refused('..%2f..%2fx', image.body)).toMatch(/INVALID/);
    expect(await refused('v2', image.body.replaceAll(image.layer, other))).toBe(
      'MANIFEST_BLOB_UNKNOWN',
    );
    expect(await refused('v2', '{}')).toBe('MANIFEST_INVALID');
    await registry.restart();
    for (const target of ['v1', image.digest]) {
      const found = await call('GET', `${manifests}/${target}`, token);
      expect(await found.text()).toBe(image.body);
    }
  });
});

describe('the store', () => {
  it('unpacks an image, gives it its environment, and finds it again without asking', async () => {
    const lock = '.greenroom/python/1-requirements.lock';
    const { digest } = await pushImage(
      'greenroom-demo/served',
      [
        { name: 'app/', type: 'directory' },
        { name: 'app/serve.py', content: 'print("served")', mode: 0o4755 },
        { name: 'app/link', type: 'symlink', linkname: '/app/serve.py' },
        { name: lock, content: '# nothing\n' },
      ],
      {
        Env: ['PATH=/usr/bin:/bin', 'A=1'],
        Entrypoint: ['/usr/local/bin/python', '-m', 'serve'],
        Cmd: ['--http_port', '8080'],
        WorkingDir: '/app',
        User: '10001',
        ExposedPorts: { '8080/tcp': {} },
        Labels: {
          'dev.greenroom.python.requirements': `/${lock}`,
          'dev.greenroom.python.venv': '/opt/venv',
        },
      },
    );
    const name = `ghcr.io/greenroom-demo/served@${digest}`;
    const store = openStore('served');
    expect(await store.find(name)).toBeUndefined();
    const image = await store.resolve(name, PULL);
    expect(image).toMatchObject({
      digest,
      env: ['A=1', 'PATH=/opt/venv/bin:/usr/bin:/bin'],
      entrypoint: ['/opt/venv/bin/python', '-m', 'serve'],
      command: ['--http_port', '8080'],
      workingDir: '/app',
      user: '10001',
      exposedPorts: [8080],
    });
    const python = path.join(image.root, 'opt/venv/bin/python');
    const program = path.join(image.root, 'app/link');
    expect(execFileSync(python, [program], { encoding: 'utf8' })).toBe(
      'served\n',
    );
    expect(fs.statSync(program).mode.toString(8)).toMatch(/0755$/);

    await registry.restart();
    expect(await openStore('served', 'no token at all').find(name)).toEqual(
      image,
    );
    const tagged = await store.resolve(
      'ghcr.io/greenroom-demo/served:v1',
      PULL,
    );
    expect(tagged).toEqual(image);
    await store.removeUnused(new Set([digest]));
    expect(await store.find('ghcr.io/greenroom-demo/served:v1')).toEqual(image);
  });

  it('keeps what is used and the last few', async () => {
    const store = openStore('bounded');
    const names: string[] = [];
    for (let number = 0; number < 6; number++) {
      const { digest } = await pushImage(
        'greenroom-demo/many',
        [{ name: `${number}` }],
        {},
      );
      names.push(`ghcr.io/greenroom-demo/many@${digest}`);
      await store.resolve(names[number], PULL);
      await sleep(2);
    }
    await store.removeUnused(new Set([names[0].split('@')[1]]));
    const kept = await Promise.all(names.map(name => store.find(name)));
    expect(kept.map(Boolean)).toEqual([true, false, false, true, true, true]);
  });

  it.each<[string, TestEntry[]]>([
    ['leads out', [{ name: '../evil' }]],
    ['leads out', [{ name: 'a', type: 'symlink', linkname: '../../..' }]],
    ['leads out', [{ name: 'a', type: 'symlink', linkname: '/../../etc' }]],
    [
      'leads out',
      [{ name: 'b', type: 'link', linkname: '../../../etc/hostname' }],
    ],
    [
      'character-device',
      [{ name: 'null', type: 'character-device', devmajor: 1, devminor: 3 }],
    ],
    ['fifo', [{ name: 'pipe', type: 'fifo' }]],
    ['too large', [{ name: 'big', content: 'x'.repeat(1_100_000) }]],
    [
      'too many',
      Array.from({ length: 101 }, (_, number) => ({ name: `f${number}` })),
    ],
  ])('refuses a layer that %s', async (words, entries) => {
    const { digest } = await pushImage('greenroom-demo/evil', entries, {});
    const name = `ghcr.io/greenroom-demo/evil@${digest}`;
    const failure = openStore('evil').resolve(name, PULL);
    await expect(failure).rejects.toThrow(words);
    await expect(failure).rejects.toThrow(
      `failed to pull and unpack image "${name}": failed to extract layer sha256:`,
    );
    expect(fs.readdirSync(path.join(folder, 'evil'))).toEqual([]);
  });

  it('goes through a link of the image, but not out of it by a second one', async () => {
    const { digest } = await pushImage(
      'greenroom-demo/links',
      [
        { name: 'usr/bin/', type: 'directory' },
        { name: 'bin', type: 'symlink', linkname: 'usr/bin' },
        { name: 'bin/tool', content: 'x' },
      ],
      {},
    );
    const name = `ghcr.io/greenroom-demo/links@${digest}`;
    const { root } = await openStore('links').resolve(name, PULL);
    expect(fs.readFileSync(path.join(root, 'usr/bin/tool'), 'utf8')).toBe('x');
  });

  it('says in containerd’s words why there is no image', async () => {
    const { digest } = await pushImage('greenroom-demo/words', [], {});
    const here = `ghcr.io/greenroom-demo/words`;
    const gone = `${here}@sha256:${'0'.repeat(64)}`;
    const store = openStore('words');
    const asked: [string, RegExp, LocalImageStore?][] = [
      [
        gone,
        /^failed to pull and unpack image "(.+)": failed to resolve reference "\1": \1: not found$/,
      ],
      [
        `${here}@${digest}`,
        /pull access denied.*authorization failed: unexpected status: 401/,
        openStore('words', 'x'.repeat(30)),
      ],
      [
        'docker.io/library/python:3',
        /failed to resolve reference "docker.io\/library\/python:3": .*: not found$/,
      ],
      [
        'Upper/Case',
        /couldn't parse image name "Upper\/Case": invalid reference format/,
      ],
    ];
    for (const [name, words, from = store] of asked) {
      const failure = await from.resolve(name, PULL).catch(error => error);
      expect(failure).toBeInstanceOf(ImagePullError);
      expect(failure.message).toMatch(words);
    }
    const secrets = [
      {
        registry: 'ghcr.io',
        username: 'x',
        password: jobToken('greenroom-demo/words', false),
      },
    ];
    const own = openStore('words', 'x'.repeat(30));
    expect(
      (await own.resolve(`${here}@${digest}`, { ...PULL, secrets })).digest,
    ).toBe(digest);
    await expect(
      store.resolve(`${here}:v9`, { ...PULL, pullPolicy: 'Never' }),
    ).rejects.toMatchObject({ reason: 'ErrImageNeverPull' });
  });
});

interface TestEntry extends Partial<Header> {
  name: string;
  content?: string;
}

function openStore(name: string, pullToken = registry.settings.pullToken) {
  return new LocalImageStore({
    dir: path.join(folder, name),
    registry: { url: registry.url, pullToken, standsInFor: ['ghcr.io'] },
    environments: new PythonEnvironments({
      uv,
      python: findPython(),
      cacheDir: path.join(folder, 'cache'),
    }),
    limits: { bytes: 1_000_000, entries: 100 },
  });
}

/** As the runner signs them. */
function jobToken(repository: string, push: boolean, seconds = 60): string {
  const expires = Math.floor(Date.now() / 1000) + seconds;
  const claims = Buffer.from(
    JSON.stringify({ repository, push, expires }),
  ).toString('base64url');
  const mac = createHmac('sha256', registry.settings.signingKey).update(claims);
  return `${claims}.${mac.digest('base64url')}`;
}

function call(
  method: string,
  route: string,
  token?: string,
  body?: string | Buffer,
): Promise<Response> {
  return fetch(`${registry.url}${route}`, {
    method,
    headers: {
      ...(token && { authorization: `Bearer ${token}` }),
      ...(body && {
        'content-type': 'application/vnd.oci.image.manifest.v1+json',
      }),
    },
    body: body as BodyInit | undefined,
  });
}

/** Pushes an image with one layer as `v1`. */
async function pushImage(
  repository: string,
  entries: TestEntry[],
  config: Record<string, unknown>,
) {
  const token = jobToken(repository, true);
  const blob = async (content: Buffer) => {
    const digest = `sha256:${createHash('sha256').update(content).digest('hex')}`;
    const uploads = `/v2/${repository}/blobs/uploads/`;
    const begun = await call('POST', uploads, token);
    const done = await call(
      'PUT',
      `${begun.headers.get('location')}?digest=${digest}`,
      token,
      content,
    );
    expect(done.status).toBe(201);
    return { digest, size: content.length };
  };
  const archive = pack();
  for (const { content, ...header } of entries) {
    archive.entry(header, content ?? '');
  }
  archive.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of archive) {
    chunks.push(Buffer.from(chunk as Uint8Array));
  }
  const layer = await blob(gzipSync(Buffer.concat(chunks)));
  const described = await blob(Buffer.from(JSON.stringify({ config })));
  const type = 'application/vnd.oci.image';
  const body = JSON.stringify({
    schemaVersion: 2,
    mediaType: `${type}.manifest.v1+json`,
    config: { mediaType: `${type}.config.v1+json`, ...described },
    layers: [{ mediaType: `${type}.layer.v1.tar+gzip`, ...layer }],
  });
  const digest = `sha256:${createHash('sha256').update(body).digest('hex')}`;
  const put = await call('PUT', `/v2/${repository}/manifests/v1`, token, body);
  expect(put.status).toBe(201);
  return { digest, body, layer: layer.digest };
}

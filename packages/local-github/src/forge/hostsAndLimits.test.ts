// SPDX-License-Identifier: Apache-2.0
import { request as httpRequest } from 'node:http';
import path from 'node:path';
import { writeFile } from 'node:fs/promises';
import { randomBytes } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { Router } from 'express';
import { GitHubOpenApi } from './__testUtils__/openApi';
import {
  ADMIN_TOKEN,
  ORGANIZATION as owner,
  startTestForge,
  type TestForge,
} from './__testUtils__/startTestForge';

jest.setTimeout(120_000);

describe('who gets an answer from forge, and how much it takes', () => {
  let test: TestForge;
  let port: string;

  beforeAll(async () => {
    test = await startTestForge(new GitHubOpenApi(), [
      {
        start: () => ({
          webRouter: Router().get('/page-of-a-module', (_req, res) => {
            res.send('a page of a module');
          }),
        }),
      },
    ]);
    port = new URL(test.forge.url).port;
    await test.octokit().rest.repos.createInOrg({
      org: owner,
      name: 'doors',
      auto_init: true,
    });
  });
  afterAll(() => test?.stop());

  function send(
    method: string,
    target: string,
    headers: Record<string, string> = {},
    body: string | Buffer = '',
  ): Promise<{ status: number; text: string }> {
    return new Promise((resolve, reject) => {
      const message = httpRequest(
        {
          host: '127.0.0.1',
          port,
          method,
          path: target,
          headers: {
            host: `localhost:${port}`,
            authorization: `token ${ADMIN_TOKEN}`,
            ...headers,
          },
        },
        response => {
          let text = '';
          response.on('data', chunk => {
            text += chunk;
          });
          response.on('end', () =>
            resolve({ status: response.statusCode ?? 0, text }),
          );
        },
      );
      message.on('error', reject);
      message.end(body);
    });
  }

  const git = `/${owner}/doors.git`;
  const everyDoor: Array<[string, string]> = [
    ['GET', '/api/v3/user'],
    ['POST', `/api/v3/repos/${owner}/doors/issues`],
    ['POST', '/api/graphql'],
    ['GET', `${git}/info/refs?service=git-upload-pack`],
    ['POST', `${git}/git-receive-pack`],
    ['GET', `/${owner}/doors`],
    ['GET', `/raw/${owner}/doors/main/README.md`],
    ['GET', '/page-of-a-module'],
    ['GET', '/avatars/jane'],
  ];

  it.each(everyDoor)('%s %s: only by its own name', async (method, target) => {
    for (const host of [
      `evil.example:${port}`,
      `10.evil.example:${port}`,
      `localhost.evil.example:${port}`,
      'localhost:1',
      'localhost',
    ]) {
      const answer = await send(method, target, { host });
      expect([host, answer.status]).toEqual([host, 421]);
      expect(answer.text).toContain('localhost only');
    }
    const own = await send(method, target, { host: `LOCALHOST:${port}` });
    expect([421, 403]).not.toContain(own.status);
  });

  it.each(everyDoor)(
    '%s %s: not from a foreign page',
    async (method, target) => {
      for (const origin of [
        'https://evil.example',
        'http://localhost:1',
        `http://10.evil.example:${port}`,
        'null',
      ]) {
        const answer = await send(method, target, { origin });
        expect([origin, answer.status]).toEqual([origin, 403]);
      }
      const form = await send(method, target, {
        'sec-fetch-site': 'cross-site',
      });
      expect(form.status === 403).toBe(method === 'POST');
      const own = await send(method, target, {
        origin: `http://localhost:${port}`,
      });
      expect(own.status).not.toBe(403);
    },
  );

  it('takes small bodies by default, and files where files go', async () => {
    const issues = `/api/v3/repos/${owner}/doors/issues`;
    const json = { 'content-type': 'application/json' };
    const issue = (bytes: number) =>
      JSON.stringify({ title: 'A', body: 'x'.repeat(bytes) });
    expect((await send('POST', issues, json, issue(60_000))).status).toBe(201);
    expect((await send('POST', issues, json, issue(1_100_000))).status).toBe(
      413,
    );
    // Also when a type is named that nobody parses.
    expect(
      (
        await send(
          'POST',
          `/${owner}/doors/x`,
          { 'content-type': 'application/octet-stream' },
          'x'.repeat(1_100_000),
        )
      ).status,
    ).toBe(413);
    const file = await send(
      'PUT',
      `/api/v3/repos/${owner}/doors/contents/large.bin`,
      json,
      JSON.stringify({
        message: 'A large file',
        content: randomBytes(2_000_000).toString('base64'),
      }),
    );
    expect(file.status).toBe(201);
  });

  it('unfolds neither JSON nor a push beyond the limit', async () => {
    const bomb = gzipSync(Buffer.alloc(80 * 1024 * 1024, ' '));
    expect(bomb.length).toBeLessThan(1_000_000);
    const headers = {
      'content-type': 'application/json',
      'content-encoding': 'gzip',
    };
    const issues = `/api/v3/repos/${owner}/doors/issues`;
    expect((await send('POST', issues, headers, bomb)).status).toBe(413);
    expect((await send('POST', '/api/graphql', headers, bomb)).status).toBe(
      413,
    );

    const pack = {
      'content-type': 'application/x-git-upload-pack-request',
      'content-encoding': 'gzip',
    };
    const fetched = await send('POST', `${git}/git-upload-pack`, pack, bomb);
    expect(fetched).toEqual({
      status: 413,
      text: expect.stringContaining('may unfold to'),
    });
    const broken = await send(
      'POST',
      `${git}/git-upload-pack`,
      pack,
      'no gzip',
    );
    expect(broken.status).toBe(400);
    const unknown = await send(
      'POST',
      `${git}/git-upload-pack`,
      { ...pack, 'content-encoding': 'br' },
      'x',
    );
    expect(unknown.status).toBe(415);
  });

  it('parses no JSON that is nested too deeply', async () => {
    const deep = `${'['.repeat(400_000)}${']'.repeat(400_000)}`;
    const headers = { 'content-type': 'application/json' };
    const issues = `/api/v3/repos/${owner}/doors/issues`;
    const answer = await send('POST', issues, headers, deep);
    expect(answer).toEqual({
      status: 400,
      text: expect.stringContaining('at most 100 levels deep'),
    });
    const query = `{${'a{'.repeat(40_000)}b${'}'.repeat(40_000)}}`;
    const graphql = await send(
      'POST',
      '/api/graphql',
      headers,
      JSON.stringify({ query }),
    );
    expect(graphql.status).toBeLessThan(500);
    expect((await send('GET', '/api/v3/user')).status).toBe(200);
  });

  it('takes pushes and clones of the real git, compressed or not', async () => {
    const directory = await test.temporaryDirectory();
    await test.git(directory, 'clone', test.cloneUrl(`${owner}/doors`), 'work');
    const work = path.join(directory, 'work');
    await writeFile(path.join(work, 'data.bin'), randomBytes(3_000_000));
    await test.git(work, 'add', '.');
    await test.git(
      work,
      'commit',
      '-m',
      'Three megabytes that do not compress',
    );
    // Enough commits that the next fetch asks with a compressed body.
    for (let index = 0; index < 60; index += 1) {
      await test.git(work, 'commit', '--allow-empty', '-m', `${index}`);
    }
    await test.git(work, 'push', 'origin', 'HEAD');
    await send(
      'PUT',
      `/api/v3/repos/${owner}/doors/contents/new.txt`,
      { 'content-type': 'application/json' },
      JSON.stringify({ message: 'New', content: 'bmV3' }),
    );
    await test.git(work, 'commit', '--allow-empty', '-m', 'Only here');
    await test.git(work, 'fetch');
    const log = await test.git(work, 'log', '-1', '--format=%s', 'origin/main');
    expect(log).toBe('New');
  });
});

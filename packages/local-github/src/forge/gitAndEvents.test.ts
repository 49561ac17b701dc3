// SPDX-License-Identifier: Apache-2.0
import { execFileSync } from 'node:child_process';
import { createHmac, randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { GitHubOpenApi } from './__testUtils__/openApi';
import {
  ADMIN_TOKEN,
  ORGANIZATION as owner,
  startReceiver,
  startTestForge,
  type TestForge,
} from './__testUtils__/startTestForge';
import { startForge } from './startForge';

// Real git processes, on a machine that may be busy with more.
jest.setTimeout(120_000);

const ZERO = '0'.repeat(40);

async function waitUntil(
  what: string,
  condition: () => boolean | Promise<boolean>,
): Promise<void> {
  for (let attempt = 0; attempt < 600; attempt++) {
    if (await condition()) {
      return;
    }
    await new Promise(resolve => {
      setTimeout(resolve, 50);
    });
  }
  throw new Error(`Not in time: ${what}`);
}

describe('git over smart HTTP, and what forge tells of it', () => {
  const openApi = new GitHubOpenApi();
  let test: TestForge;
  let count = 0;

  beforeAll(async () => {
    test = await startTestForge(openApi);
  });
  afterAll(() => test?.stop());
  beforeEach(() => {
    test.events.length = 0;
  });

  async function createRepository(options: { private?: boolean } = {}) {
    count += 1;
    const repo = `git-${count}`;
    await test.octokit().rest.repos.createInOrg({
      org: owner,
      name: repo,
      private: options.private,
    });
    return repo;
  }

  async function createWorkTree(repo: string) {
    const directory = await test.temporaryDirectory();
    await test.git(directory, 'init', '--quiet');
    await test.git(
      directory,
      'remote',
      'add',
      'origin',
      test.cloneUrl(`${owner}/${repo}`),
    );
    return directory;
  }

  async function commit(
    directory: string,
    files: Record<string, string>,
    message: string,
  ) {
    for (const [name, text] of Object.entries(files)) {
      await mkdir(path.dirname(path.join(directory, name)), {
        recursive: true,
      });
      await writeFile(path.join(directory, name), text);
    }
    await test.git(directory, 'add', '--all');
    await test.git(
      directory,
      'commit',
      '--quiet',
      '--allow-empty',
      '-m',
      message,
    );
    return test.git(directory, 'rev-parse', 'HEAD');
  }

  const pushes = () => test.events.filter(({ name }) => name === 'push');

  it('takes pushes and tells of them in the form of GitHub', async () => {
    const repo = await createRepository();
    const work = await createWorkTree(repo);
    const first = await commit(work, { 'a.txt': 'a', 'dir/b.txt': 'b' }, 'One');
    const second = await commit(
      work,
      { 'a.txt': 'A', 'ü ü.txt': 'u' },
      'Two\n\nWith a body',
    );
    await test.git(work, 'push', '--quiet', 'origin', 'HEAD:main');
    // The events are there before the push returns.
    expect(test.events.map(({ name }) => name)).toEqual([
      'repository',
      'create',
      'push',
    ]);
    expect(pushes()[0]).toMatchObject({
      sender: 'guest',
      repository: { fullName: `${owner}/${repo}` },
      payload: {
        ref: 'refs/heads/main',
        before: ZERO,
        after: second,
        created: true,
        deleted: false,
        forced: false,
        pusher: { name: 'guest' },
        sender: { login: 'guest' },
        organization: { login: owner },
        repository: { full_name: `${owner}/${repo}`, default_branch: 'main' },
        commits: [
          {
            id: first,
            message: 'One',
            author: { name: 'Jane Doe', email: 'jane@example.com' },
            added: ['a.txt', 'dir/b.txt'],
            removed: [],
            modified: [],
          },
          {
            id: second,
            message: 'Two\n\nWith a body',
            added: ['ü ü.txt'],
            modified: ['a.txt'],
            url: `${test.forge.url}/${owner}/${repo}/commit/${second}`,
          },
        ],
        head_commit: { id: second },
      },
    });

    const clone = await test.temporaryDirectory();
    await test.git(
      clone,
      'clone',
      '--quiet',
      `${test.forge.url}/${owner}/${repo}`,
      '.',
    );
    expect(await test.git(clone, 'rev-parse', 'HEAD')).toBe(second);
    const shallow = await test.temporaryDirectory();
    await test.git(shallow, 'init', '--quiet');
    await test.git(
      shallow,
      'fetch',
      '--quiet',
      '--depth=1',
      `${test.forge.url}/${owner}/${repo}.git`,
      first,
    );
    expect(await test.git(shallow, 'rev-parse', 'FETCH_HEAD')).toBe(first);

    const third = await commit(work, { 'c.txt': 'c' }, 'Three');
    await test.git(work, 'push', '--quiet', 'origin', 'HEAD:main');
    expect(pushes()[1].payload).toMatchObject({
      before: second,
      after: third,
      created: false,
      compare: `${test.forge.url}/${owner}/${repo}/compare/${second.slice(0, 12)}...${third.slice(0, 12)}`,
      commits: [{ id: third }],
    });
    await test.git(work, 'reset', '--quiet', '--hard', first);
    const other = await commit(work, { 'd.txt': 'd' }, 'Another way');
    await expect(
      test.git(work, 'push', '--quiet', 'origin', 'HEAD:main'),
    ).rejects.toThrow(/rejected|non-fast-forward|fetch first/);
    await test.git(work, 'push', '--quiet', '--force', 'origin', 'HEAD:main');
    expect(pushes()[2].payload).toMatchObject({ forced: true, after: other });

    await test.git(work, 'tag', '-a', 'v1', '-m', 'First');
    await test.git(
      work,
      'push',
      '--quiet',
      'origin',
      'v1',
      'HEAD:refs/heads/topic/x',
    );
    expect(
      pushes()
        .slice(3)
        .map(({ payload }) => payload.ref)
        .sort(),
    ).toEqual(['refs/heads/topic/x', 'refs/tags/v1']);
    await test.git(work, 'push', '--quiet', 'origin', ':topic/x');
    expect(pushes()[5].payload).toMatchObject({
      ref: 'refs/heads/topic/x',
      deleted: true,
      after: ZERO,
      head_commit: null,
      commits: [],
    });
    await expect(
      test.git(work, 'push', '--quiet', 'origin', 'HEAD:refs/pull/7/head'),
    ).rejects.toThrow();
  });

  it('takes the first branch that is pushed as the default branch', async () => {
    const repo = await createRepository();
    const work = await createWorkTree(repo);
    await commit(work, { a: '1' }, 'One');
    await test.git(work, 'push', '--quiet', 'origin', 'HEAD:trunk');
    const { data } = await test.octokit().rest.repos.get({ owner, repo });
    expect(data.default_branch).toBe('trunk');
    expect(data.size).toBeGreaterThan(0);
  });

  it('asks for credentials, and refuses wrong or weak ones', async () => {
    const repo = await createRepository({ private: true });
    const other = await createRepository();
    const work = await createWorkTree(repo);
    await commit(work, { a: '1' }, 'One');
    await test.git(work, 'push', '--quiet', 'origin', 'HEAD:main');
    const refs = `${test.forge.url}/${owner}/${repo}.git/info/refs`;
    const anonymous = await fetch(`${refs}?service=git-upload-pack`);
    expect(anonymous.status).toBe(401);
    expect(anonymous.headers.get('www-authenticate')).toMatch(/^Basic /);
    expect((await fetch(`${refs}?service=git-receive-pack`)).status).toBe(401);
    expect((await fetch(refs)).status).toBe(403);
    const listRemote = (token: string) =>
      test.git(work, 'ls-remote', test.cloneUrl(`${owner}/${repo}`, token));
    await expect(listRemote('wrong')).rejects.toThrow(
      /Authentication failed|could not read/,
    );
    expect(await listRemote(ADMIN_TOKEN)).toContain('refs/heads/main');

    const { tokens, repositories } = test.forge.context;
    const id = repositories.find(owner, repo)?.id;
    const reader = tokens.issue(
      {
        login: 'github-actions[bot]',
        repositoryId: id,
        permissions: { contents: 'read' },
      },
      60,
    );
    expect(await listRemote(reader)).toContain('refs/heads/main');
    await expect(
      test.git(
        work,
        'push',
        test.cloneUrl(`${owner}/${repo}`, reader),
        'HEAD:x',
      ),
    ).rejects.toThrow(/403|denied/);
    const foreign = tokens.issue(
      {
        login: 'github-actions[bot]',
        repositoryId: repositories.find(owner, other)?.id,
        permissions: { contents: 'write' },
      },
      60,
    );
    await expect(listRemote(foreign)).rejects.toThrow();
    await expect(
      test.git(work, 'ls-remote', test.cloneUrl(`${owner}/no-such`)),
    ).rejects.toThrow(/not found/i);
    for (const address of [
      `/..%2f..%2fforge.db/info/refs?service=git-upload-pack`,
      `/${owner}/..%2f${owner}%2f${repo}.git/info/refs?service=git-upload-pack`,
      `/${owner}/${repo}.git/objects/info/packs`,
      `/${owner}/${repo}.git/HEAD`,
    ]) {
      const response = await fetch(`${test.forge.url}${address}`, {
        headers: { authorization: `token ${ADMIN_TOKEN}` },
      });
      expect([address, response.status]).toEqual([address, 404]);
    }
  });

  it('leaves no git behind when a clone breaks off', async () => {
    const repo = await createRepository();
    const directory = await createWorkTree(repo);
    await commit(
      directory,
      { 'large.txt': randomBytes(24 * 1024 * 1024).toString('base64') },
      'Large',
    );
    await test.git(directory, 'push', '--quiet', 'origin', 'HEAD:main');
    const sha = (await test.git(directory, 'rev-parse', 'HEAD')).trim();

    const abort = new AbortController();
    const response = await fetch(
      `${test.forge.url}/${owner}/${repo}.git/git-upload-pack`,
      {
        method: 'POST',
        headers: { 'content-type': 'application/x-git-upload-pack-request' },
        body: `0032want ${sha}\n00000009done\n`,
        signal: abort.signal,
      },
    );
    expect(response.status).toBe(200);
    await response.body?.getReader().read();
    abort.abort();
    await waitUntil(
      'git has ended',
      () =>
        !execFileSync('ps', ['-A', '-ww', '-o', 'ppid=,args='], {
          encoding: 'utf8',
        })
          .split('\n')
          .some(
            line =>
              Number.parseInt(line, 10) === process.pid &&
              line.includes('http-backend'),
          ),
    );
  });

  it('brings pull requests up to date after a push', async () => {
    const repo = await createRepository();
    const work = await createWorkTree(repo);
    await commit(work, { a: '1' }, 'One');
    await test.git(work, 'push', '--quiet', 'origin', 'HEAD:main');
    await commit(work, { b: '2' }, 'Two');
    await test.git(work, 'push', '--quiet', 'origin', 'HEAD:change');
    const { rest } = test.octokit();
    const { data: pull } = await rest.pulls.create({
      owner,
      repo,
      head: 'change',
      base: 'main',
      title: 'Change',
    });
    const head = await commit(work, { c: '3' }, 'Three');
    await test.git(work, 'push', '--quiet', 'origin', 'HEAD:change');
    expect(
      test.events.filter(({ name }) => name === 'pull_request'),
    ).toMatchObject([
      { action: 'opened', payload: { number: pull.number } },
      {
        action: 'synchronize',
        payload: { after: head, pull_request: { head: { sha: head } } },
      },
    ]);
    expect(
      await test.git(
        work,
        'ls-remote',
        'origin',
        `refs/pull/${pull.number}/head`,
      ),
    ).toContain(head);
    await test.git(work, 'push', '--quiet', 'origin', 'HEAD:main');
    const { data: after } = await rest.pulls.get({
      owner,
      repo,
      pull_number: pull.number,
    });
    expect(after).toMatchObject({ merged: true, state: 'closed' });
  });

  it('keeps everything over a restart', async () => {
    const repo = await createRepository();
    const work = await createWorkTree(repo);
    const sha = await commit(work, { a: '1' }, 'One');
    await test.git(work, 'push', '--quiet', 'origin', 'HEAD:main');
    const { rest } = test.octokit();
    const { data: issue } = await rest.issues.create({
      owner,
      repo,
      title: 'Stays',
    });
    const token = test.forge.context.tokens.issue({ login: 'jane' });
    await test.restart();
    const jane = test.octokit(token).rest;
    expect((await jane.users.getAuthenticated()).data.login).toBe('jane');
    expect(
      (await jane.issues.get({ owner, repo, issue_number: issue.number })).data
        .title,
    ).toBe('Stays');
    expect(
      (await jane.repos.getCommit({ owner, repo, ref: 'main' })).data.sha,
    ).toBe(sha);
    expect(
      await test.git(work, 'ls-remote', 'origin', 'refs/heads/main'),
    ).toContain(sha);
  });

  it('recovers from being killed half-way', async () => {
    const repo = await createRepository();
    const work = await createWorkTree(repo);
    const sha = await commit(work, { a: '1' }, 'One');
    await test.git(work, 'push', '--quiet', 'origin', 'HEAD:main');
    const id = test.forge.context.repositories.find(owner, repo)?.id;
    const root = path.join(test.dataDir, 'repositories');
    // A directory whose row was never written, and rubbish of a creation.
    await mkdir(path.join(root, owner, 'half-made.git', 'objects'), {
      recursive: true,
    });
    await mkdir(path.join(root, '.temporary', 'left-over'), {
      recursive: true,
    });
    // A push that was taken but not told, and one that was meant but not made.
    const journal = path.join(test.dataDir, 'pushes');
    await writeFile(
      path.join(journal, `${id}.jane.1.pushed`),
      `${ZERO} ${sha} refs/heads/main\n`,
    );
    await writeFile(
      path.join(journal, `${id}.jane.2.intended`),
      `${ZERO} ${sha} refs/heads/never\n`,
    );
    await writeFile(path.join(journal, `${id}.jane.3.pushed.part`), '');
    await test.forge.stop();
    const told: string[] = [];
    const module = {
      start: (context: TestForge['forge']['context']) => {
        context.events.on('event', event => {
          told.push(`${event.name} ${event.sender} ${event.payload.ref}`);
        });
        return {};
      },
    };
    const { port } = new URL(test.forge.url);
    test.forge = await startForge({
      dataDir: test.dataDir,
      port: Number(port),
      adminToken: ADMIN_TOKEN,
      organizations: [owner],
      users: ['jane', 'ravi'],
      logger: { info() {}, warn() {}, error() {} },
      modules: [module],
    });
    expect(told).toEqual(['create jane main', 'push jane refs/heads/main']);
    expect(await readdir(journal)).toEqual([]);
    const { data } = await test.octokit().rest.repos.createInOrg({
      org: owner,
      name: 'half-made',
      auto_init: true,
    });
    expect(data.full_name).toBe(`${owner}/half-made`);
    expect(await readdir(path.join(root, '.temporary'))).toEqual([]);
  });

  it('gives one name to one of many who create at once', async () => {
    const { rest } = test.octokit();
    const results = await Promise.allSettled(
      Array.from({ length: 5 }, () =>
        rest.repos.createInOrg({ org: owner, name: 'wanted', auto_init: true }),
      ),
    );
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(
      1,
    );
    const refused = results.flatMap(result =>
      result.status === 'rejected' ? [result.reason.status] : [],
    );
    expect(refused).toEqual([422, 422, 422, 422]);
    expect(
      (await rest.repos.listCommits({ owner, repo: 'wanted' })).data,
    ).toHaveLength(1);
  });

  it('delivers webhooks signed as GitHub signs them, and again on demand', async () => {
    const receiver = await startReceiver();
    try {
      const repo = await createRepository();
      const work = await createWorkTree(repo);
      const { rest } = test.octokit();
      const secret = 's3cret';
      const { data: hook } = await rest.repos.createWebhook({
        owner,
        repo,
        config: { url: receiver.url, content_type: 'json', secret },
        events: ['push', 'issues'],
      });
      expect(JSON.stringify(hook)).not.toContain(secret);
      await expect(
        rest.repos.createWebhook({
          owner,
          repo,
          config: { url: receiver.url },
        }),
      ).rejects.toMatchObject({
        status: 422,
        message: expect.stringContaining(
          'Hook already exists on this repository',
        ),
      });
      await expect(
        rest.repos.createWebhook({
          owner,
          repo,
          config: { url: 'file:///etc/passwd' },
        }),
      ).rejects.toMatchObject({ status: 422 });
      const sha = await commit(work, { a: '1' }, 'One');
      await test.git(work, 'push', '--quiet', 'origin', 'HEAD:main');
      await rest.issues.create({ owner, repo, title: 'Hello' });
      await waitUntil('three deliveries', () => receiver.requests.length === 3);
      expect(
        receiver.requests.map(({ headers }) => headers['x-github-event']),
      ).toEqual(['ping', 'push', 'issues']);
      for (const { headers, body } of receiver.requests) {
        expect(headers['x-hub-signature-256']).toBe(
          `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`,
        );
        expect(headers['x-github-delivery']).toMatch(/^[0-9a-f-]{36}$/);
        expect(headers['content-type']).toBe('application/json');
      }
      expect(JSON.parse(receiver.requests[1].body)).toMatchObject({
        ref: 'refs/heads/main',
        after: sha,
        repository: { full_name: `${owner}/${repo}` },
        sender: { login: 'guest' },
      });

      receiver.respondWith(500);
      await rest.issues.create({ owner, repo, title: 'Again' });
      const of = { owner, repo, hook_id: hook.id };
      await waitUntil(
        'the failed delivery',
        async () =>
          (await rest.repos.listWebhookDeliveries(of)).data.length === 4,
      );
      const [failed] = (await rest.repos.listWebhookDeliveries(of)).data;
      expect(failed).toMatchObject({
        status_code: 500,
        event: 'issues',
        redelivery: false,
      });
      expect((await rest.repos.getWebhook(of)).data.last_response.code).toBe(
        500,
      );
      await rest.repos.getWebhookDelivery({ ...of, delivery_id: failed.id });
      receiver.respondWith(200);
      await rest.repos.redeliverWebhookDelivery({
        ...of,
        delivery_id: failed.id,
      });
      await waitUntil('the redelivery', () => receiver.requests.length === 5);
      expect(receiver.requests[4].headers['x-github-delivery']).toBe(
        failed.guid,
      );
      expect(receiver.requests[4].body).toBe(receiver.requests[3].body);

      await rest.repos.updateWebhook({
        ...of,
        config: { url: receiver.url, content_type: 'form' },
        events: ['repository_dispatch'],
      });
      await rest.repos.createDispatchEvent({
        owner,
        repo,
        event_type: 'retrain',
        client_payload: { reason: 'drift' },
      });
      await waitUntil('the dispatch', () => receiver.requests.length === 6);
      const form = new URLSearchParams(receiver.requests[5].body);
      expect(JSON.parse(form.get('payload') ?? '')).toMatchObject({
        action: 'retrain',
        client_payload: { reason: 'drift' },
        branch: 'main',
      });
      // Its secret went with the new config.
      expect(
        receiver.requests[5].headers['x-hub-signature-256'],
      ).toBeUndefined();
      expect(
        (await rest.repos.listWebhooks({ owner, repo })).data,
      ).toHaveLength(1);

      await receiver.stop();
      await rest.repos.pingWebhook(of);
      await waitUntil(
        'the delivery that nobody took',
        async () =>
          (await rest.repos.listWebhookDeliveries(of)).data[0].status_code ===
          0,
      );
      await rest.repos.deleteWebhook(of);
    } finally {
      await receiver.stop();
    }
  });

  it('tells the webhook of the site of each repository, signed', async () => {
    const receiver = await startReceiver();
    const secret = 'of-the-site';
    const site = await startTestForge(openApi, [], {
      url: receiver.url,
      secret,
      events: ['issues'],
    });
    try {
      const { rest } = site.octokit();
      for (const name of ['one', 'two']) {
        await rest.repos.createInOrg({ org: owner, name });
        await rest.issues.create({ owner, repo: name, title: 'Hello' });
      }
      await waitUntil('two deliveries', () => receiver.requests.length === 2);
      for (const { headers, body } of receiver.requests) {
        expect(headers['x-hub-signature-256']).toBe(
          `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`,
        );
        expect(headers['x-github-hook-installation-target-type']).toBe(
          'integration',
        );
      }
    } finally {
      await site.stop();
      await receiver.stop();
    }
  });

  it('keeps no token in its files or its log', async () => {
    const token = test.forge.context.tokens.issue({ login: 'ravi' });
    await test.octokit(token).rest.users.getAuthenticated();
    const files = ['forge.db', 'forge.db-wal'];
    for (const file of files) {
      const content = await readFile(path.join(test.dataDir, file)).catch(() =>
        Buffer.alloc(0),
      );
      expect(content.includes(token)).toBe(false);
      expect(content.includes(ADMIN_TOKEN)).toBe(false);
    }
    expect(test.logs.join('\n')).not.toContain(ADMIN_TOKEN);
  });
});

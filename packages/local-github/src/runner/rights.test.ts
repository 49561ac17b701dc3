// SPDX-License-Identifier: Apache-2.0
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import Sqlite from 'better-sqlite3';
import { RunnerUnderTest } from './__testUtils__/RunnerUnderTest';
import {
  otherRights,
  otherRoutes,
  pages,
  repositoryRights,
  type Right,
} from './__testUtils__/rights';

jest.setTimeout(120_000);

const runner = new RunnerUnderTest();
const routesFile = path.join(runner.root, 'routes.txt');

const levels = ['anyone', 'read', 'write', 'admin'];

/** Everything that a workflow can ask for, and what it cannot. */
const permissions = [
  ...['actions', 'attestations', 'checks', 'contents', 'deployments'],
  ...['discussions', 'id-token', 'issues', 'models', 'packages', 'pages'],
  ...['pull-requests', 'security-events', 'statuses'],
];

type Repository = { id: number; name: string };
let hidden: Repository;
let open: Repository;
let other: Repository;
let head: string;
const people: Record<string, string> = {};
const comments = new Map<Repository, number>();

/** A token as forge keeps them: its hash. */
function issue(
  login: string,
  repository?: Repository,
  granted: Record<string, string> = {},
): string {
  const token = `ghx_${randomUUID()}`;
  const db = new Sqlite(path.join(runner.root, 'forge', 'forge.db'));
  db.prepare('INSERT INTO tokens VALUES (?, ?, ?, ?, NULL)').run(
    createHash('sha256').update(token).digest('hex'),
    login,
    repository?.id ?? null,
    repository ? JSON.stringify(granted) : null,
  );
  db.close();
  return token;
}

const jobToken = (
  repository: Repository,
  granted: Record<string, 'read' | 'write'>,
) => issue('github-actions[bot]', repository, granted);

const all = (without?: string): Record<string, 'read' | 'write'> =>
  Object.fromEntries(
    permissions.filter(name => name !== without).map(name => [name, 'write']),
  );

async function ask(
  method: string,
  route: string,
  token: string | undefined,
  body: unknown = method === 'GET' ? undefined : {},
): Promise<Response> {
  return fetch(`${runner.url}/api/v3${route}`, {
    method,
    headers: {
      'content-type': 'application/json',
      ...(token && { authorization: `Bearer ${token}` }),
    },
    body: body === undefined ? undefined : JSON.stringify(body),
    redirect: 'manual',
  });
}

/** A route's path with values in place of its parameters, of things that are there where it matters. */
function fill(route: string, repository?: Repository): [string, string] {
  const [method, pattern] = route.split(' ');
  const values: Record<string, string> = {
    branch: 'main',
    ref: 'main',
    basehead: 'main...main',
    sha: head,
    number: pattern.includes('/pulls/') ? '2' : '1',
    username: 'wim',
    org: 'acme',
    archive_format: 'zip',
    ...(repository &&
      pattern.includes('/comments/') && {
        id: String(comments.get(repository)),
      }),
    name: pattern.includes('/labels/') ? 'bug' : 'NAME',
  };
  const filled = pattern
    .replace(/:(\w+)(\([^)]*\))?/g, (_, name: string) => values[name] ?? '1')
    .replace('*', pattern.includes('/git/') ? 'heads/main' : 'README.md');
  return [
    method,
    repository
      ? `/repos/jane/${repository.name}${filled === '/' ? '' : filled}`
      : filled,
  ];
}

beforeAll(async () => {
  await runner.start({
    NODE_OPTIONS: `--require ${require.resolve('./__testUtils__/recordRoutes.cjs')}`,
    ROUTES_FILE: routesFile,
  });
  for (const login of ['jane', 'ravi', 'wim', 'mia']) {
    people[login] = issue(login);
  }
  const create = async (name: string, isPrivate: boolean) => {
    const response = await ask('POST', '/user/repos', people.jane, {
      name,
      private: isPrivate,
      auto_init: true,
    });
    const { id }: { id: number } = JSON.parse(await response.text());
    return { id, name };
  };
  hidden = await create('hidden', true);
  open = await create('open', false);
  other = await create('other', true);
  for (const { name } of [hidden, open]) {
    const base = `/repos/jane/${name}`;
    const must = async (
      ...[method, route, body]: [string, string, unknown]
    ) => {
      const response = await ask(method, `${base}${route}`, people.jane, body);
      if (!response.ok) {
        throw new Error(`${method} ${route}: ${await response.text()}`);
      }
      return response.json().catch(() => undefined);
    };
    await must('PUT', '/collaborators/ravi', { permission: 'pull' });
    await must('PUT', '/collaborators/wim', { permission: 'push' });
    await must('POST', '/issues', { title: 'One' });
    const main: { object: { sha: string } } = await must(
      'GET',
      '/git/ref/heads/main',
      undefined,
    );
    head = main.object.sha;
    await must('POST', '/git/refs', { ref: 'refs/heads/topic', sha: head });
    await must('PUT', '/contents/topic.txt', {
      message: 'Topic',
      content: 'eA==',
      branch: 'topic',
    });
    await must('POST', '/pulls', { title: 'Two', head: 'topic', base: 'main' });
  }
  // The runner's pages are registered with their first request.
  await fetch(`${runner.url}/jane/open/actions`);
}, 300_000);

// What is allowed removes it.
beforeEach(async () => {
  for (const repository of [hidden, open]) {
    const response = await ask(
      'POST',
      `/repos/jane/${repository.name}/issues/1/comments`,
      people.jane,
      { body: 'First' },
    );
    const { id }: { id: number } = JSON.parse(await response.text());
    comments.set(repository, id);
  }
});

afterAll(() => runner.stop());

/** What is wrong with an answer, or nothing. */
async function fault(
  right: Right,
  who: string,
  token: string | undefined,
  repository: Repository,
  expected: 'allowed' | number[],
): Promise<string[]> {
  const { status } = await ask(...fill(right.route, repository), token);
  const isRight =
    expected === 'allowed'
      ? ![401, 403, 500].includes(status)
      : expected.includes(status);
  return isRight
    ? []
    : [`${right.route}: ${who} gets ${status}, not ${expected}`];
}

/** Denials first: what is allowed changes and removes things. */
async function faults(
  check: (
    right: Right,
    expect: (
      ...args: Parameters<typeof fault> extends [unknown, ...infer R]
        ? R
        : never
    ) => void,
  ) => void,
): Promise<string[]> {
  const found: string[] = [];
  for (const isAllowed of [false, true]) {
    for (const right of repositoryRights) {
      const probes: (() => Promise<string[]>)[] = [];
      check(right, (...args) => {
        if ((args[3] === 'allowed') === isAllowed) {
          probes.push(() => fault(right, ...args));
        }
      });
      for (const probe of probes) {
        found.push(...(await probe()));
      }
    }
  }
  return found;
}

describe('rights', () => {
  it('of a job are those of its permissions, in its own repository', async () => {
    const none = jobToken(hidden, {});
    const everything = jobToken(hidden, all());
    const elsewhere = jobToken(other, all());
    const tokens = new Map(
      permissions.map(name => [
        name,
        {
          without: jobToken(hidden, all(name)),
          read: jobToken(hidden, { [name]: 'read' }),
          write: jobToken(hidden, { [name]: 'write' }),
        },
      ]),
    );
    expect(
      await faults((right, expected) => {
        expected('a job elsewhere', elsewhere, hidden, [404]);
        const isRead = right.person === 'anyone';
        expected(
          'a job elsewhere, of the public one,',
          elsewhere,
          open,
          isRead || (right.job === 'actions:read' && right.person === 'read')
            ? 'allowed'
            : [403],
        );
        if (right.job === 'never') {
          expected('a job with all permissions', everything, hidden, [403]);
          return;
        }
        if (right.job === 'any') {
          expected('a job without permissions', none, hidden, 'allowed');
          return;
        }
        const [name, level] = right.job.split(':');
        const { without, read, write } = tokens.get(name) ?? {};
        expected('a job without permissions', none, hidden, [403]);
        expected(`a job without ${name}`, without, hidden, [403]);
        expected(
          `a job with ${name}: read`,
          read,
          hidden,
          level === 'read' ? 'allowed' : [403],
        );
        expected(`a job with ${name}: write`, write, hidden, 'allowed');
      }),
    ).toEqual([]);
  });

  it('of people are those of their role; who may not see a repository is not told of it', async () => {
    expect(
      await faults((right, expected) => {
        const need = levels.indexOf(right.person);
        expected('nobody', undefined, hidden, [401, 404]);
        expected(
          'nobody, of the public one,',
          undefined,
          open,
          need === 0 ? 'allowed' : [401],
        );
        expected('a stranger', people.mia, hidden, [404]);
        for (const [login, level] of [
          ['ravi', 1],
          ['wim', 2],
        ] as const) {
          expected(
            login,
            people[login],
            hidden,
            need <= level ? 'allowed' : [403],
          );
        }
      }),
    ).toEqual([]);
  });

  it('beside repositories are for people, where they are not for everybody', async () => {
    const token = jobToken(hidden, all());
    const found: string[] = [];
    for (const { route, job, person } of otherRights) {
      const [method, url] = fill(route);
      for (const [who, answer, isAllowed] of [
        ['nobody', await ask(method, url, undefined), person === 'anyone'],
        ['a job', await ask(method, url, token), job === 'any'],
      ] as const) {
        if ([401, 403].includes(answer.status) === isAllowed) {
          found.push(`${route}: ${who} gets ${answer.status}`);
        }
      }
    }
    expect(found).toEqual([]);
  });

  it('hold in GraphQL', async () => {
    const graphql = async (token: string, query: string) => {
      const response = await fetch(`${runner.url}/api/graphql`, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${token}`,
          'content-type': 'application/json',
        },
        body: JSON.stringify({ query }),
      });
      return response.text();
    };
    const read = `{ repository(owner: "jane", name: "hidden") { isPrivate ref(qualifiedName: "main") { target { oid } } object(expression: "main:README.md") { oid } defaultBranchRef { name } } }`;
    const blind = jobToken(hidden, all('contents'));
    expect(await graphql(blind, read)).toContain('FORBIDDEN');
    expect(await graphql(blind, read)).not.toContain('oid":');
    expect(
      await graphql(jobToken(hidden, { contents: 'read' }), read),
    ).toContain('oid":');
    for (const token of [jobToken(other, all()), people.mia]) {
      expect(await graphql(token, read)).toContain('NOT_FOUND');
    }
  });

  it('of labels and people on an issue are for those who can push', async () => {
    const response = await ask(
      'POST',
      '/repos/jane/hidden/issues',
      people.ravi,
      {
        title: 'By a reader',
        labels: ['made-up'],
        assignees: ['ravi'],
      },
    );
    expect(response.status).toBe(201);
    expect(await response.json()).toMatchObject({ labels: [], assignees: [] });
  });

  it('of workflow files are not a job’s, by whatever way they would come', async () => {
    const token = jobToken(other, all());
    const base = '/repos/jane/other';
    const ci = '.github/workflows/ci.yml';
    const text = Buffer.from('on: push\n').toString('base64');
    const put = (by: string, file: string, content: string, branch: string) =>
      ask('PUT', `${base}/contents/${file}`, by, {
        message: file,
        content,
        branch,
      });
    const sha = async (ref: string): Promise<string> => {
      const response = await ask('GET', `${base}/git/ref/heads/${ref}`, token);
      return JSON.parse(await response.text()).object.sha;
    };
    expect((await put(token, ci, text, 'main')).status).toBe(403);
    expect((await put(token, 'plain.txt', text, 'main')).status).toBe(201);
    // A person may; then a branch with the same file is a job's to move.
    expect((await put(people.jane, ci, text, 'main')).status).toBe(201);
    expect((await put(token, 'more.txt', text, 'main')).status).toBe(201);
    const main = await sha('main');

    const tree: { sha: string } = JSON.parse(
      await (
        await ask('POST', `${base}/git/trees`, token, {
          base_tree: main,
          tree: [
            {
              path: '.github/workflows/evil.yml',
              mode: '100644',
              type: 'blob',
              content: 'on: push',
            },
          ],
        })
      ).text(),
    );
    const commit: { sha: string } = JSON.parse(
      await (
        await ask('POST', `${base}/git/commits`, token, {
          message: 'evil',
          tree: tree.sha,
          parents: [main],
        })
      ).text(),
    );
    for (const ref of ['refs/heads/evil', 'refs/tags/evil']) {
      const made = await ask('POST', `${base}/git/refs`, token, {
        ref,
        sha: commit.sha,
      });
      expect({ ref, status: made.status }).toEqual({ ref, status: 403 });
    }
    const moved = await ask('PATCH', `${base}/git/refs/heads/main`, token, {
      sha: commit.sha,
    });
    expect(moved.status).toBe(403);
    const graphql = await fetch(`${runner.url}/api/graphql`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${token}`,
        'content-type': 'application/json',
      },
      body: JSON.stringify({
        query:
          'mutation($input: CreateCommitOnBranchInput!) { createCommitOnBranch(input: $input) { commit { oid } } }',
        variables: {
          input: {
            branch: {
              repositoryNameWithOwner: 'jane/other',
              branchName: 'main',
            },
            message: { headline: 'evil' },
            fileChanges: {
              additions: [
                { path: '.github/workflows/evil.yml', contents: text },
              ],
            },
            expectedHeadOid: main,
          },
        },
      }),
    });
    expect(await graphql.text()).toContain(
      'Resource not accessible by integration',
    );

    const clone = path.join(runner.root, 'clones', 'rights');
    const git = (...args: string[]) =>
      execFileSync(
        'git',
        ['-c', 'user.name=J', '-c', 'user.email=j@example.com', ...args],
        { cwd: clone, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] },
      );
    const remote = (by: string) =>
      `${runner.url.replace('://', `://x-access-token:${by}@`)}/jane/other.git`;
    mkdirSync(clone, { recursive: true });
    execFileSync('git', ['clone', '-q', remote(token), clone]);
    const commitFile = (file: string, content: string) => {
      mkdirSync(path.dirname(path.join(clone, file)), { recursive: true });
      writeFileSync(path.join(clone, file), content);
      git('add', '-A');
      git('commit', '-q', '-m', file);
    };
    const refusal =
      /refusing to allow a GitHub App to create or update workflow `(\S+)` without `workflows` permission/;
    const push = (by: string, ref: string) => {
      const { status, stderr } = spawnSync(
        'git',
        ['push', '-q', '--force', remote(by), ref],
        { cwd: clone, encoding: 'utf8' },
      );
      return status === 0 ? 'pushed' : (refusal.exec(stderr)?.[1] ?? stderr);
    };
    commitFile('ordinary.txt', 'x');
    expect(push(token, 'HEAD:main')).toBe('pushed');
    commitFile('.github/workflows/new.yml', 'on: push\n');
    commitFile('after.txt', 'x');
    for (const ref of [
      'HEAD:main',
      'HEAD:refs/heads/new',
      'HEAD:refs/tags/t',
    ]) {
      expect(push(token, ref)).toBe('.github/workflows/new.yml');
    }
    expect(push(people.jane, 'HEAD:refs/heads/jane')).toBe('pushed');
    // The same file at the same path on another branch: GitHub lets it pass.
    expect(push(token, 'HEAD:main')).toBe('pushed');
    git('rm', '-q', ci);
    git('commit', '-q', '-m', 'without');
    expect(push(token, 'HEAD:main')).toBe(ci);
    git('checkout', '-q', '--orphan', 'pages');
    git('rm', '-rfq', '.');
    commitFile('index.html', 'x');
    expect(push(token, 'HEAD:refs/heads/pages')).toBe('pushed');
    // Nothing that a job's token did has started a workflow; what Jane pushed has.
    const { workflow_runs: runs } = await runner.json<{
      workflow_runs: { actor: { login: string } }[];
    }>(`${base}/actions/runs`);
    expect(new Set(runs.map(run => run.actor.login))).toEqual(
      new Set(['jane']),
    );
  });

  it('of a job end with the runner that ran it', async () => {
    const token = jobToken(open, all());
    expect((await ask('GET', '/repos/jane/open', token)).status).toBe(200);
    await runner.end('SIGTERM');
    await runner.start();
    expect((await ask('GET', '/repos/jane/open', token)).status).toBe(401);
    expect((await ask('GET', '/repos/jane/open', people.jane)).status).toBe(
      200,
    );
  });

  it('are in the table for every route, and declared by every route as the table has them', () => {
    const registered = new Map(
      readFileSync(routesFile, 'utf8')
        .trim()
        .split('\n')
        // The API is registered before the pages, which have a root too.
        .reverse()
        .map(line => {
          const [method, url, right] = line.split(' ');
          return [`${method} ${url}`, right];
        }),
    );
    const inRepository = repositoryRights.map(({ route, ...right }) => {
      const [method, suffix] = route.split(' ');
      return {
        ...right,
        route: `${method} /repos/:owner/:repo${suffix === '/' ? '' : suffix}`,
      };
    });
    expect(new Set(registered.keys())).toEqual(
      new Set([
        ...inRepository.map(({ route }) => route),
        ...otherRights.map(({ route }) => route),
        ...otherRoutes,
        ...pages,
      ]),
    );
    const wrong = inRepository.filter(({ route, job, person }) => {
      const right = registered.get(route) ?? '';
      if (job === 'never') {
        // What no workflow can ask for; or, for pull requests, what a setting forbids.
        const [name, level] = right.split(':');
        return (
          level !== (person === 'anyone' ? 'read' : person) ||
          (permissions.includes(name.replace('_', '-')) &&
            route !== 'POST /repos/:owner/:repo/pulls')
        );
      }
      return (
        right !== (job === 'any' ? 'metadata:read' : job.replace('-', '_'))
      );
    });
    expect(wrong).toEqual([]);
    expect(
      otherRights.filter(
        ({ route, job }) =>
          registered.get(route) !== (job === 'any' ? 'anyone' : 'person'),
      ),
    ).toEqual([]);
  });
});

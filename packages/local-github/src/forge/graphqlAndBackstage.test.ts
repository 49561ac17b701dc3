// SPDX-License-Identifier: Apache-2.0
import { mkdtemp, mkdir, writeFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { ConfigReader } from '@backstage/config';
import { UrlReaders } from '@backstage/backend-defaults/urlReader';
import {
  DefaultGithubCredentialsProvider,
  ScmIntegrations,
} from '@backstage/integration';
import {
  createGithubIssuesCreateAction,
  createGithubIssuesLabelAction,
  createGithubRepoCreateAction,
  createGithubWebhookAction,
  createPublishGithubAction,
  createPublishGithubPullRequestAction,
} from '@backstage/plugin-scaffolder-backend-module-github';
import { createMockActionContext } from '@backstage/plugin-scaffolder-node-test-utils';
import express from 'express';
import { GitHubOpenApi } from './__testUtils__/openApi';
import {
  ADMIN_TOKEN,
  ORGANIZATION as owner,
  startTestForge,
  type TestForge,
} from './__testUtils__/startTestForge';
import { findRepository } from './http/access';
import type { ForgeModule } from './types';

// Real git processes, on a machine that may be busy with more.
jest.setTimeout(120_000);

const base64 = (text: string) => Buffer.from(text).toString('base64');

const CREATE_COMMIT = `
  mutation ($input: CreateCommitOnBranchInput!) {
    createCommitOnBranch(input: $input) { commit { oid url } ref { name } }
  }`;

describe('GraphQL', () => {
  const openApi = new GitHubOpenApi();
  let test: TestForge;
  let repo: string;
  let count = 0;

  beforeAll(async () => {
    test = await startTestForge(openApi);
  });
  afterAll(() => test?.stop());
  beforeEach(async () => {
    count += 1;
    repo = `graphql-${count}`;
    await test
      .octokit()
      .rest.repos.createInOrg({ org: owner, name: repo, auto_init: true });
    test.events.length = 0;
  });

  async function query(
    text: string,
    variables: Record<string, unknown> = {},
    token: string | null = ADMIN_TOKEN,
  ) {
    const response = await fetch(test.forge.context.urls.graphql, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(token && { authorization: `bearer ${token}` }),
      },
      body: JSON.stringify({ query: text, variables }),
    });
    return { status: response.status, body: await response.json() };
  }

  const headOf = async () =>
    (await test.octokit().rest.git.getRef({ owner, repo, ref: 'heads/main' }))
      .data.object.sha;

  const commitInput = (
    expectedHeadOid: string,
    changes: Record<string, unknown>,
  ) => ({
    input: {
      branch: {
        repositoryNameWithOwner: `${owner}/${repo}`,
        branchName: 'main',
      },
      message: { headline: 'Change', body: 'Source-Commit: 1' },
      fileChanges: changes,
      expectedHeadOid,
    },
  });

  it('commits by compare and swap, and tells of the push', async () => {
    const head = await headOf();
    const { body } = await query(
      CREATE_COMMIT,
      commitInput(head, {
        additions: [
          { path: 'a/b.txt', contents: base64('b') },
          {
            path: 'c.bin',
            contents: Buffer.from([0, 255, 1]).toString('base64'),
          },
        ],
        deletions: [{ path: 'README.md' }],
      }),
    );
    expect(body.errors).toBeUndefined();
    const { oid, url } = body.data.createCommitOnBranch.commit;
    expect(await headOf()).toBe(oid);
    expect(url).toBe(`${test.forge.url}/${owner}/${repo}/commit/${oid}`);
    expect(test.events).toMatchObject([
      {
        name: 'push',
        payload: {
          before: head,
          after: oid,
          head_commit: {
            message: 'Change\n\nSource-Commit: 1',
            added: ['a/b.txt', 'c.bin'],
            removed: ['README.md'],
          },
        },
      },
    ]);
    const stale = await query(
      CREATE_COMMIT,
      commitInput(head, { additions: [{ path: 'x', contents: base64('x') }] }),
    );
    expect(stale.status).toBe(200);
    expect(stale.body).toMatchObject({
      data: { createCommitOnBranch: null },
      errors: [
        {
          type: 'STALE_DATA',
          path: ['createCommitOnBranch'],
          message: `Expected branch to point to "${head}" but it did not. Pull and try again.`,
        },
      ],
    });
    expect(await headOf()).toBe(oid);
  });

  it('lets exactly one of many commits on one head win, round after round', async () => {
    for (let round = 0; round < 3; round++) {
      const head = await headOf();
      const answers = await Promise.all(
        Array.from({ length: 8 }, (_value, index) =>
          query(
            CREATE_COMMIT,
            commitInput(head, {
              additions: [
                { path: `file-${round}`, contents: base64(String(index)) },
              ],
            }),
          ),
        ),
      );
      const winners = answers.filter(({ body }) => !body.errors);
      expect(winners).toHaveLength(1);
      expect(
        answers
          .filter(({ body }) => body.errors)
          .every(({ body }) => body.errors[0].type === 'STALE_DATA'),
      ).toBe(true);
      const { data } = await test
        .octokit()
        .rest.repos.getCommit({ owner, repo, ref: 'main' });
      expect(data.sha).toBe(
        winners[0].body.data.createCommitOnBranch.commit.oid,
      );
      expect(data.parents[0].sha).toBe(head);
    }
    expect(test.events.filter(({ name }) => name === 'push')).toHaveLength(3);
  });

  it('refuses what GitHub refuses', async () => {
    const head = await headOf();
    const bad = async (changes: Record<string, unknown>, token?: string) =>
      (await query(CREATE_COMMIT, commitInput(head, changes), token)).body
        .errors[0].type;
    for (const file of [
      '../x',
      '/x',
      '.git/hooks/post-receive',
      'a//b',
      'a/./b',
    ]) {
      expect(
        await bad({ additions: [{ path: file, contents: base64('x') }] }),
      ).toBe('UNPROCESSABLE');
    }
    expect(
      await bad({ additions: [{ path: 'x', contents: 'not base64!' }] }),
    ).toBe('UNPROCESSABLE');
    const repository = test.forge.context.repositories.find(owner, repo);
    const reader = test.forge.context.tokens.issue(
      {
        login: 'github-actions[bot]',
        repositoryId: repository?.id,
        permissions: { contents: 'read' },
      },
      60,
    );
    expect(await bad({ additions: [] }, reader)).toBe('FORBIDDEN');
    expect(
      (
        await query(CREATE_COMMIT, {
          input: {
            ...commitInput(head, {}).input,
            branch: {
              repositoryNameWithOwner: `${owner}/none`,
              branchName: 'main',
            },
          },
        })
      ).body.errors[0].type,
    ).toBe('NOT_FOUND');
    expect((await query('{ viewer { login } }', {}, null)).status).toBe(401);
    expect(
      (await query('{ viewer { login } }', {}, 'wrong')).body.message,
    ).toBe('Bad credentials');
    const wrong = await query('{ nothing }');
    expect(wrong.status).toBe(200);
    expect(wrong.body.errors[0].message).toContain(
      'Cannot query field "nothing"',
    );
  });

  it('reads refs, commits and files, as the pipelines ask for them', async () => {
    await query(
      CREATE_COMMIT,
      commitInput(await headOf(), {
        additions: [
          { path: 'catalog-info.yaml', contents: base64('kind: Component\n') },
        ],
      }),
    );
    const { body: tree } = await query(
      `query ($owner: String!, $name: String!) {
        repository(owner: $owner, name: $name) {
          object(expression: "main:") { ... on Tree { entries { name type object { ... on Blob { byteSize } } } } }
          ref(qualifiedName: "refs/heads/main") { target { ... on Commit {
            messageHeadline tree { oid }
            file(path: "catalog-info.yaml") { name path type mode object { ... on Blob { text } } }
            missing: file(path: "a/b") { oid }
            outside: file(path: "../a") { oid }
            parents(first: 1) { totalCount nodes { oid file(path: "catalog-info.yaml") { oid } } }
          } } }
          none: ref(qualifiedName: "refs/heads/none") { name }
        }
      }`,
      { owner, name: repo },
    );
    expect(tree.data.repository).toMatchObject({
      object: {
        entries: [
          { name: 'README.md' },
          { name: 'catalog-info.yaml', object: { byteSize: 16 } },
        ],
      },
      ref: {
        target: {
          messageHeadline: 'Change',
          file: {
            name: 'catalog-info.yaml',
            path: 'catalog-info.yaml',
            type: 'blob',
            mode: 0o100644,
            object: { text: 'kind: Component\n' },
          },
          missing: null,
          outside: null,
          parents: { totalCount: 1, nodes: [{ file: null }] },
        },
      },
      none: null,
    });
  });
});

describe("Backstage's own GitHub modules against forge", () => {
  let test: TestForge;
  let workspacePath: string;
  let integrations: ScmIntegrations;
  let config: ConfigReader;
  const variables: Record<string, unknown>[] = [];

  // Repository variables belong to the runner; this is its place in publish:github's sequence.
  const variablesModule: ForgeModule = {
    start: context => {
      const apiRouter = express.Router();
      apiRouter.post(
        '/repos/:owner/:repo/actions/variables',
        (req, res, next) => {
          try {
            findRepository(context, req, res, 'actions_variables', 'write');
            variables.push(req.body);
            res.status(201).json({});
          } catch (error) {
            next(error);
          }
        },
      );
      return { apiRouter };
    },
  };

  beforeAll(async () => {
    test = await startTestForge(new GitHubOpenApi(), [variablesModule]);
    const { host } = new URL(test.forge.url);
    config = new ConfigReader({
      integrations: {
        github: [
          {
            host,
            apiBaseUrl: test.api,
            rawBaseUrl: `${test.forge.url}/raw`,
            token: ADMIN_TOKEN,
          },
        ],
      },
    });
    integrations = ScmIntegrations.fromConfig(config);
    workspacePath = await mkdtemp(path.join(os.tmpdir(), 'forge-workspace-'));
    await mkdir(path.join(workspacePath, '.github', 'workflows'), {
      recursive: true,
    });
    await writeFile(
      path.join(workspacePath, '.github', 'workflows', 'ci.yml'),
      'on: push\n',
    );
    await writeFile(
      path.join(workspacePath, 'catalog-info.yaml'),
      'kind: Component\n',
    );
    await mkdir(path.join(workspacePath, 'docs'));
    await writeFile(path.join(workspacePath, 'docs', 'index.md'), '# Docs\n');
  });
  afterAll(async () => {
    await test?.stop();
    await rm(workspacePath, { recursive: true, force: true });
  });

  const githubCredentialsProvider = () =>
    DefaultGithubCredentialsProvider.fromIntegrations(integrations);
  const repoUrl = (repo: string) =>
    `${new URL(test.forge.url).host}?owner=${owner}&repo=${repo}`;

  async function publish(repo: string) {
    const output = jest.fn();
    await createPublishGithubAction({
      integrations,
      config,
      githubCredentialsProvider: githubCredentialsProvider(),
    }).handler({
      ...createMockActionContext({
        workspacePath,

        input: {
          repoUrl: repoUrl(repo),
          description: 'A model',
          repoVisibility: 'public',
          defaultBranch: 'main',
          protectDefaultBranch: true,
          requiredStatusCheckContexts: ['ci'],
          topics: ['MLOps'],
          collaborators: [{ user: 'jane', access: 'push' }],
          repoVariables: { MLFLOW_TRACKING_URI: 'http://localhost:3001' },
        },
      }),
      output,
    });
    return Object.fromEntries(output.mock.calls);
  }

  it('publish:github makes a repository and pushes; what has no place here it skips', async () => {
    const outputs = await publish('published');
    expect(outputs).toMatchObject({
      remoteUrl: `${test.forge.url}/${owner}/published.git`,
      repoContentsUrl: `${test.forge.url}/${owner}/published/blob/main`,
      commitHash: expect.stringMatching(/^[0-9a-f]{40}$/),
    });
    expect(variables).toEqual([
      { name: 'MLFLOW_TRACKING_URI', value: 'http://localhost:3001' },
    ]);
    expect(
      test.events.find(({ name }) => name === 'push')?.payload,
    ).toMatchObject({
      after: outputs.commitHash,
      head_commit: {
        added: expect.arrayContaining(['.github/workflows/ci.yml']),
      },
    });
    const { rest } = test.octokit();
    const { data } = await rest.repos.getBranch({
      owner,
      repo: 'published',
      branch: 'main',
    });
    expect(data.protected).toBe(false);
    expect(
      (await rest.repos.get({ owner, repo: 'published' })).data.topics,
    ).toEqual(['mlops']);
    // Run again for the same name, it says what is wrong.
    await expect(publish('published')).rejects.toThrow(
      'name already exists on this account',
    );
  });

  it('publish:github:pull-request opens a pull request', async () => {
    const output = jest.fn();
    await createPublishGithubPullRequestAction({
      integrations,
      githubCredentialsProvider: githubCredentialsProvider(),
    }).handler({
      ...createMockActionContext({
        workspacePath,

        input: {
          repoUrl: repoUrl('published'),
          branchName: 'update-docs',
          title: 'Update the docs',
          description: 'By a template',
          sourcePath: 'docs',
          filesToDelete: ['catalog-info.yaml'],
          reviewers: ['jane'],
          assignees: ['ravi'],
        },
      }),
      output,
    });
    const outputs = Object.fromEntries(output.mock.calls);
    expect(outputs).toMatchObject({
      targetBranchName: 'main',
      remoteUrl: `${test.forge.url}/${owner}/published/pull/${outputs.pullRequestNumber}`,
    });
    const { data: files } = await test.octokit().rest.pulls.listFiles({
      owner,
      repo: 'published',
      pull_number: outputs.pullRequestNumber,
    });
    expect(files.map(({ filename }) => filename).sort()).toEqual([
      'catalog-info.yaml',
      'index.md',
    ]);
  });

  it('github:repo:create, github:issues:*, github:webhook work too', async () => {
    const options = {
      integrations,
      githubCredentialsProvider: githubCredentialsProvider(),
    };
    const output = jest.fn();
    await createGithubRepoCreateAction(options).handler({
      ...createMockActionContext({
        workspacePath,
        input: { repoUrl: repoUrl('bare'), autoInit: true },
      }),
      output,
    });
    await createGithubIssuesCreateAction(options).handler({
      ...createMockActionContext({
        workspacePath,
        input: { repoUrl: repoUrl('bare'), title: 'Hello', labels: ['bug'] },
      }),
      output,
    });
    await createGithubIssuesLabelAction(options).handler({
      ...createMockActionContext({
        workspacePath,
        input: { repoUrl: repoUrl('bare'), number: 1, labels: ['urgent'] },
      }),
      output,
    });
    await createGithubWebhookAction(options).handler({
      ...createMockActionContext({
        workspacePath,
        input: {
          repoUrl: repoUrl('bare'),
          webhookUrl: 'http://localhost:9/hook',
          webhookSecret: 's3cret',
          events: ['push'],
        },
      }),
      output,
    });
    expect(Object.fromEntries(output.mock.calls)).toMatchObject({
      remoteUrl: `${test.forge.url}/${owner}/bare.git`,
      issueUrl: `${test.forge.url}/${owner}/bare/issues/1`,
    });
    const { rest } = test.octokit();
    expect(
      (await rest.issues.get({ owner, repo: 'bare', issue_number: 1 })).data
        .labels,
    ).toHaveLength(2);
    expect(
      (await rest.repos.listWebhooks({ owner, repo: 'bare' })).data,
    ).toHaveLength(1);
  });

  it('GithubUrlReader reads files, trees and searches, with ETags', async () => {
    const noop = () => {};
    const logger = {
      info: noop,
      warn: noop,
      error: noop,
      debug: noop,
      child: () => logger,
    };
    const reader = UrlReaders.default({ config, logger });
    const base = `${test.forge.url}/${owner}/published`;
    const file = await reader.readUrl(`${base}/blob/main/catalog-info.yaml`);
    expect((await file.buffer()).toString()).toBe('kind: Component\n');
    await expect(
      reader.readUrl(`${base}/blob/main/catalog-info.yaml`, {
        etag: file.etag,
      }),
    ).rejects.toMatchObject({ name: 'NotModifiedError' });
    await expect(
      reader.readUrl(`${base}/blob/main/none.yaml`),
    ).rejects.toMatchObject({
      name: 'NotFoundError',
    });
    const tree = await reader.readTree(`${base}/tree/main/docs`);
    expect((await tree.files()).map(entry => entry.path)).toEqual(['index.md']);
    await expect(
      reader.readTree(`${base}/tree/main/docs`, { etag: tree.etag }),
    ).rejects.toMatchObject({ name: 'NotModifiedError' });
    const found = await reader.search(`${base}/blob/main/**/*.yaml`);
    expect(found.files.map(({ url }) => url)).toEqual([
      `${base}/blob/main/catalog-info.yaml`,
    ]);
    expect((await found.files[0].content()).toString()).toBe(
      'kind: Component\n',
    );
    // Without a token it reads from the raw host.
    const anonymous = UrlReaders.default({
      logger,
      config: new ConfigReader({
        integrations: {
          github: [
            {
              host: new URL(test.forge.url).host,
              apiBaseUrl: test.api,
              rawBaseUrl: `${test.forge.url}/raw`,
            },
          ],
        },
      }),
    });
    const raw = await anonymous.readUrl(`${base}/blob/main/catalog-info.yaml`);
    expect((await raw.buffer()).toString()).toBe('kind: Component\n');
  });
});

// SPDX-License-Identifier: Apache-2.0
import { gunzipSync } from 'node:zlib';
import type { Octokit } from '@octokit/rest';
import { GitHubOpenApi } from './__testUtils__/openApi';
import {
  ORGANIZATION as owner,
  startTestForge,
  type TestForge,
} from './__testUtils__/startTestForge';

const base64 = (text: string) => Buffer.from(text).toString('base64');

// Real git processes, on a machine that may be busy with more.
jest.setTimeout(120_000);

describe("forge's REST API, judged by GitHub's OpenAPI description", () => {
  const openApi = new GitHubOpenApi();
  let test: TestForge;
  let rest: Octokit['rest'];
  let octokit: Octokit;
  let count = 0;

  beforeAll(async () => {
    test = await startTestForge(openApi);
    octokit = test.octokit();
    rest = octokit.rest;
  }, 60_000);
  afterAll(() => test?.stop());

  async function createRepository(options: { empty?: boolean } = {}) {
    count += 1;
    const repo = `repo-${count}`;
    await rest.repos.createInOrg({
      org: owner,
      name: repo,
      auto_init: !options.empty,
    });
    return repo;
  }

  async function writeFile(
    repo: string,
    path: string,
    text: string,
    branch?: string,
  ) {
    const existing = await rest.repos
      .getContent({ owner, repo, path, ...(branch && { ref: branch }) })
      .then(({ data }) => ('sha' in data ? data.sha : undefined))
      .catch(() => undefined);
    const { data } = await rest.repos.createOrUpdateFileContents({
      owner,
      repo,
      path,
      message: `Write ${path}`,
      content: base64(text),
      ...(branch && { branch }),
      ...(existing && { sha: existing }),
    });
    return data;
  }

  it('is not satisfied by an answer of another form', () => {
    expect(() =>
      openApi.check('GET', '/repos/o/r/topics', 200, { topics: [] }),
    ).toThrow("must have required property 'names'");
    expect(() => openApi.check('GET', '/no/such/route', 200, {})).toThrow(
      'GitHub has no GET /no/such/route',
    );
  });

  it('answers who the caller is, and what GitHub says at its root', async () => {
    const { data: me, headers } = await rest.users.getAuthenticated();
    expect(me.login).toBe('guest');
    expect(headers['x-oauth-scopes']).toContain('repo');
    expect(Number(headers['x-ratelimit-remaining'])).toBeLessThan(
      Number(headers['x-ratelimit-limit']),
    );
    expect(
      (await rest.users.getByUsername({ username: owner })).data.type,
    ).toBe('Organization');
    expect((await rest.orgs.get({ org: owner })).data.login).toBe(owner);
    await rest.orgs.listForAuthenticatedUser();
    await rest.meta.get();
    const { data: limit } = await rest.rateLimit.get();
    expect(limit.resources.core.used).toBeGreaterThan(0);
  });

  it('creates, changes, lists and deletes repositories', async () => {
    const repo = await createRepository({ empty: true });
    const { data } = await rest.repos.get({ owner, repo });
    expect(data).toMatchObject({
      full_name: `${owner}/${repo}`,
      html_url: `${test.forge.url}/${owner}/${repo}`,
      clone_url: `${test.forge.url}/${owner}/${repo}.git`,
      default_branch: 'main',
      size: 0,
      permissions: { admin: true, push: true, pull: true },
    });
    await expect(
      rest.repos.createInOrg({ org: owner, name: repo.toUpperCase() }),
    ).rejects.toMatchObject({
      status: 422,
      message: expect.stringContaining('name already exists on this account'),
    });
    for (const name of [
      '..',
      '../evil',
      'a/b',
      'x.git',
      '',
      'ü',
      'a'.repeat(101),
    ]) {
      await expect(
        rest.repos.createInOrg({ org: owner, name }),
      ).rejects.toMatchObject({ status: 422 });
    }
    await rest.repos.update({
      owner,
      repo,
      description: 'A <b>model</b>',
      homepage: 'https://example.com',
      has_wiki: false,
    });
    await rest.repos.replaceAllTopics({
      owner,
      repo,
      names: ['mlops', 'model'],
    });
    expect((await rest.repos.getAllTopics({ owner, repo })).data.names).toEqual(
      ['mlops', 'model'],
    );
    const { data: changed } = await rest.repos.get({ owner, repo });
    expect(changed).toMatchObject({
      description: 'A <b>model</b>',
      has_wiki: false,
      topics: ['mlops', 'model'],
    });
    const { data: own } = await rest.repos.createForAuthenticatedUser({
      name: 'notes',
      private: true,
    });
    expect(own).toMatchObject({ full_name: 'guest/notes', private: true });
    const { data: listed } = await rest.repos.listForOrg({ org: owner });
    expect(listed.map(({ name }) => name)).toContain(repo);
    await rest.repos.listForUser({ username: owner });
    await rest.repos.listForAuthenticatedUser();

    await rest.repos.update({ owner, repo, name: `${repo}-renamed` });
    await expect(rest.repos.get({ owner, repo })).rejects.toMatchObject({
      status: 404,
    });
    // The old name is free again, though the directory is still in use.
    await rest.repos.createInOrg({ org: owner, name: repo, auto_init: true });
    expect((await rest.repos.listCommits({ owner, repo })).data).toHaveLength(
      1,
    );
    await rest.repos.delete({ owner, repo });
    await expect(rest.repos.get({ owner, repo })).rejects.toMatchObject({
      status: 404,
      response: { data: { message: 'Not Found', status: '404' } },
    });
  });

  it('reads and writes contents, with conflicts as GitHub answers them', async () => {
    const repo = await createRepository({ empty: true });
    await expect(
      rest.repos.getContent({ owner, repo, path: '' }),
    ).rejects.toMatchObject({
      status: 404,
      response: { data: { message: 'This repository is empty.' } },
    });
    await expect(rest.repos.listCommits({ owner, repo })).rejects.toMatchObject(
      {
        status: 409,
      },
    );
    const created = await writeFile(repo, 'src/größe datei.txt', 'eins\n');
    expect(created.commit.sha).toMatch(/^[0-9a-f]{40}$/);
    const path = 'src/größe datei.txt';
    const { data: file, headers } = await rest.repos.getContent({
      owner,
      repo,
      path,
    });
    if (!('content' in file)) {
      throw new Error('not a file');
    }
    expect(Buffer.from(file.content, 'base64').toString()).toBe('eins\n');
    await expect(
      rest.repos.getContent({
        owner,
        repo,
        path,
        headers: { 'if-none-match': headers.etag },
      }),
    ).rejects.toMatchObject({ status: 304 });
    const raw = await rest.repos.getContent({
      owner,
      repo,
      path,
      mediaType: { format: 'raw' },
    });
    expect(raw.data).toBe('eins\n');
    const { data: directory } = await rest.repos.getContent({
      owner,
      repo,
      path: 'src',
    });
    expect(directory).toHaveLength(1);
    const object = await fetch(
      `${test.api}/repos/${owner}/${repo}/contents/src?ref=main`,
      { headers: { accept: 'application/vnd.github.object+json' } },
    );
    expect(await object.json()).toMatchObject({
      type: 'dir',
      entries: [{ path, type: 'file' }],
    });
    const write = (sha: string | undefined, text: string) =>
      rest.repos.createOrUpdateFileContents({
        owner,
        repo,
        path,
        message: 'Again',
        content: base64(text),
        ...(sha && { sha }),
      });
    await expect(write(undefined, 'zwei')).rejects.toMatchObject({
      status: 422,
      message: expect.stringContaining(`"sha" wasn't supplied.`),
    });
    await expect(write('0'.repeat(40), 'zwei')).rejects.toMatchObject({
      status: 409,
    });
    await write(file.sha, 'zwei');
    for (const bad of ['../up', 'a/../../up', '.git/config', 'a//b']) {
      // As text: the client would tidy the path before it is sent.
      const response = await fetch(
        `${test.api}/repos/${owner}/${repo}/contents/${encodeURIComponent(bad)}`,
        {
          method: 'PUT',
          headers: { authorization: 'token admin-token-of-this-test' },
          body: JSON.stringify({ message: 'no', content: base64('no') }),
        },
      );
      expect([bad, response.status]).toEqual([bad, 422]);
    }
    await expect(
      rest.repos.createOrUpdateFileContents({
        owner,
        repo,
        path: 'x',
        message: 'x',
        content: base64('x'),
        branch: 'no-such-branch',
      }),
    ).rejects.toMatchObject({ status: 404 });
    const { data: now } = await rest.repos.getContent({ owner, repo, path });
    await rest.repos.deleteFile({
      owner,
      repo,
      path,
      message: 'Remove',
      sha: 'sha' in now ? now.sha : '',
    });
    await expect(
      rest.repos.getContent({ owner, repo, path }),
    ).rejects.toMatchObject({ status: 404 });
    await writeFile(repo, 'README.md', '# Hello');
    await rest.repos.getReadme({ owner, repo });
  });

  it('has the git database: blobs, trees, commits, refs and tags', async () => {
    const repo = await createRepository();
    const { data: ref } = await rest.git.getRef({
      owner,
      repo,
      ref: 'heads/main',
    });
    const parent = ref.object.sha;
    const { data: head } = await rest.git.getCommit({
      owner,
      repo,
      commit_sha: parent,
    });
    const { data: blob } = await rest.git.createBlob({
      owner,
      repo,
      content: base64('\u0000binary'),
      encoding: 'base64',
    });
    await rest.git.getBlob({ owner, repo, file_sha: blob.sha });
    const { data: tree } = await rest.git.createTree({
      owner,
      repo,
      base_tree: head.tree.sha,
      tree: [
        { path: 'bin/data', mode: '100644', type: 'blob', sha: blob.sha },
        {
          path: 'run.sh',
          mode: '100755',
          type: 'blob',
          content: '#!/bin/sh\n',
        },
        { path: 'README.md', mode: '100644', type: 'blob', sha: null },
      ],
    });
    const { data: recursive } = await rest.git.getTree({
      owner,
      repo,
      tree_sha: tree.sha,
      recursive: 'true',
    });
    expect(recursive.tree.map(({ path, mode }) => `${mode} ${path}`)).toEqual([
      '040000 bin',
      '100644 bin/data',
      '100755 run.sh',
    ]);
    await expect(
      rest.git.createTree({
        owner,
        repo,
        tree: [{ path: 'a/../../b', mode: '100644', content: 'x' }],
      }),
    ).rejects.toMatchObject({ status: 422 });
    const { data: commit } = await rest.git.createCommit({
      owner,
      repo,
      message: 'A commit\n\nMade of objects',
      tree: tree.sha,
      parents: [parent],
      author: {
        name: 'Jane Doe',
        email: 'jane@example.com',
        date: '2026-01-02T03:04:05Z',
      },
    });
    expect(commit.author.date).toBe('2026-01-02T03:04:05Z');
    await rest.git.createRef({
      owner,
      repo,
      ref: 'refs/heads/feature/x',
      sha: commit.sha,
    });
    await expect(
      rest.git.createRef({
        owner,
        repo,
        ref: 'refs/heads/feature/x',
        sha: commit.sha,
      }),
    ).rejects.toMatchObject({
      status: 422,
      message: expect.stringContaining('Reference already exists'),
    });
    await expect(
      rest.git.updateRef({ owner, repo, ref: 'heads/feature/x', sha: parent }),
    ).rejects.toMatchObject({
      status: 422,
      message: expect.stringContaining('Update is not a fast forward'),
    });
    await rest.git.updateRef({
      owner,
      repo,
      ref: 'heads/feature/x',
      sha: parent,
      force: true,
    });
    await rest.git.updateRef({
      owner,
      repo,
      ref: 'heads/feature/x',
      sha: commit.sha,
    });
    const { data: matching } = await rest.git.listMatchingRefs({
      owner,
      repo,
      ref: 'heads/fea',
    });
    expect(matching.map(entry => entry.ref)).toEqual(['refs/heads/feature/x']);
    for (const name of [
      'refs/heads/--output=x',
      'refs/heads/a..b',
      'refs/heads/a b',
      'refs/notes/x',
      'HEAD',
    ]) {
      await expect(
        rest.git.createRef({ owner, repo, ref: name, sha: commit.sha }),
      ).rejects.toMatchObject({ status: 422 });
    }
    await rest.git.createRef({
      owner,
      repo,
      ref: 'refs/tags/v1',
      sha: commit.sha,
    });
    const { data: tags } = await rest.repos.listTags({ owner, repo });
    expect(tags).toMatchObject([{ name: 'v1', commit: { sha: commit.sha } }]);
    await rest.git.deleteRef({ owner, repo, ref: 'heads/feature/x' });
    await expect(
      rest.git.getRef({ owner, repo, ref: 'heads/feature/x' }),
    ).rejects.toMatchObject({ status: 404 });
    await expect(
      rest.git.deleteRef({ owner, repo, ref: 'heads/main' }),
    ).rejects.toMatchObject({ status: 422 });
  });

  it('lists commits page by page, compares, and gives diffs and archives', async () => {
    const repo = await createRepository();
    const shas: string[] = [];
    for (let i = 1; i <= 4; i++) {
      const written = await writeFile(repo, 'a.txt', `${i}\n`.repeat(i));
      shas.push(written.commit.sha ?? '');
    }
    const first = await rest.repos.listCommits({ owner, repo, per_page: 2 });
    expect(first.headers.link).toContain('rel="next"');
    const all = await octokit.paginate(rest.repos.listCommits, {
      owner,
      repo,
      per_page: 2,
    });
    expect(all.map(({ sha }) => sha).slice(0, 4)).toEqual([...shas].reverse());
    expect(
      (await rest.repos.listCommits({ owner, repo, path: 'README.md' })).data,
    ).toHaveLength(1);
    const { data: commit } = await rest.repos.getCommit({
      owner,
      repo,
      ref: 'main',
    });
    expect(commit.sha).toBe(shas[3]);
    expect(commit.files).toMatchObject([
      {
        filename: 'a.txt',
        status: 'modified',
        patch: expect.stringMatching(/^@@ /),
      },
    ]);
    await expect(
      rest.repos.getCommit({ owner, repo, ref: 'nope' }),
    ).rejects.toMatchObject({ status: 422 });
    const { data: comparison } = await rest.repos.compareCommitsWithBasehead({
      owner,
      repo,
      basehead: `${shas[0]}...main`,
    });
    expect(comparison).toMatchObject({
      status: 'ahead',
      ahead_by: 3,
      behind_by: 0,
    });
    expect(comparison.commits.map(({ sha }) => sha)).toEqual(shas.slice(1));
    const diff = await rest.repos.getCommit({
      owner,
      repo,
      ref: shas[1],
      mediaType: { format: 'diff' },
    });
    const response = await fetch(diff.url, {
      headers: { accept: 'application/vnd.github.diff' },
    });
    expect(await response.text()).toContain('diff --git a/a.txt b/a.txt');

    const archive = await fetch(
      `${test.api}/repos/${owner}/${repo}/tarball/${shas[3]}`,
    );
    const tar = gunzipSync(Buffer.from(await archive.arrayBuffer()));
    expect(tar.toString('latin1')).toContain(
      `${owner}-${repo}-${shas[3].slice(0, 7)}/a.txt`,
    );
    await rest.repos.listBranches({ owner, repo });
    expect(
      (await rest.repos.getBranch({ owner, repo, branch: 'main' })).data,
    ).toMatchObject({
      name: 'main',
      protected: false,
      commit: { sha: shas[3] },
    });
  });

  it('combines commit statuses', async () => {
    const repo = await createRepository();
    const { data: commit } = await rest.repos.getCommit({
      owner,
      repo,
      ref: 'main',
    });
    const status = (
      context: string,
      state: 'pending' | 'success' | 'failure',
    ) =>
      rest.repos.createCommitStatus({
        owner,
        repo,
        sha: commit.sha,
        context,
        state,
        target_url: 'https://example.com/run',
      });
    const combined = async () =>
      (await rest.repos.getCombinedStatusForRef({ owner, repo, ref: 'main' }))
        .data;
    expect(await combined()).toMatchObject({
      state: 'pending',
      total_count: 0,
    });
    await status('ci', 'pending');
    await status('lint', 'success');
    expect((await combined()).state).toBe('pending');
    await status('ci', 'success');
    expect(await combined()).toMatchObject({
      state: 'success',
      total_count: 2,
    });
    await status('ci', 'failure');
    expect((await combined()).state).toBe('failure');
    expect(
      (await rest.repos.listCommitStatusesForRef({ owner, repo, ref: 'main' }))
        .data,
    ).toHaveLength(4);
    await expect(
      octokit.request('POST /repos/{owner}/{repo}/statuses/{sha}', {
        owner,
        repo,
        sha: commit.sha,
        state: 'success',
        target_url: 'ftp://example.com/run',
      }),
    ).rejects.toMatchObject({ status: 422 });
  });

  it('keeps comments on commits', async () => {
    const repo = await createRepository();
    const of = { owner, repo };
    const { data: commit } = await rest.repos.getCommit({ ...of, ref: 'main' });
    const { data: comment } = await rest.repos.createCommitComment({
      ...of,
      commit_sha: commit.sha,
      body: 'It *fails* <script>',
    });
    expect(comment).toMatchObject({ commit_id: commit.sha, position: null });
    await rest.repos.updateCommitComment({
      ...of,
      comment_id: comment.id,
      body: 'It passes <script>',
    });
    const { data: comments } = await rest.repos.listCommentsForCommit({
      ...of,
      commit_sha: commit.sha,
    });
    expect(comments).toEqual([
      expect.objectContaining({ id: comment.id, body: 'It passes <script>' }),
    ]);
    const page = await (await fetch(comment.html_url)).text();
    expect(page).toContain('It passes &lt;script&gt;');
    await rest.repos.deleteCommitComment({ ...of, comment_id: comment.id });
    await expect(
      rest.repos.getCommitComment({ ...of, comment_id: comment.id }),
    ).rejects.toMatchObject({ status: 404 });
  });

  it('carries a pull request from a branch to its merge, three ways', async () => {
    const repo = await createRepository();
    const merged: string[] = [];
    for (const method of ['merge', 'squash', 'rebase'] as const) {
      const { data: main } = await rest.git.getRef({
        owner,
        repo,
        ref: 'heads/main',
      });
      const branch = `change-${method}`;
      await rest.git.createRef({
        owner,
        repo,
        ref: `refs/heads/${branch}`,
        sha: main.object.sha,
      });
      const draft = { owner, repo, head: branch, base: 'main' };
      await expect(
        rest.pulls.create({ ...draft, title: 'Nothing' }),
      ).rejects.toMatchObject({
        status: 422,
        message: expect.stringContaining('No commits between'),
      });
      await writeFile(repo, `${method}.txt`, 'one\n', branch);
      await writeFile(repo, `${method}-2.txt`, 'two\n', branch);
      // Main goes on meanwhile.
      await writeFile(repo, 'README.md', `# ${method}\n`);
      const { data: pull } = await rest.pulls.create({
        ...draft,
        head: `${owner}:${branch}`,
        title: `By ${method}`,
        body: 'Please',
      });
      expect(pull).toMatchObject({
        commits: 2,
        changed_files: 2,
        mergeable: true,
        html_url: `${test.forge.url}/${owner}/${repo}/pull/${pull.number}`,
      });
      await expect(
        rest.pulls.create({ ...draft, title: 'Twice' }),
      ).rejects.toMatchObject({
        message: expect.stringContaining('A pull request already exists'),
      });
      const number = { owner, repo, pull_number: pull.number };
      expect((await rest.pulls.listFiles(number)).data).toHaveLength(2);
      const { data: commits } = await rest.pulls.listCommits(number);
      expect(commits).toHaveLength(2);
      expect(
        (await rest.pulls.list({ owner, repo, head: `${owner}:${branch}` }))
          .data,
      ).toHaveLength(1);
      await rest.pulls.requestReviewers({ ...number, reviewers: ['jane'] });
      await rest.issues.addAssignees({
        owner,
        repo,
        issue_number: pull.number,
        assignees: ['ravi', 'nobody-known'],
      });
      await expect(rest.pulls.checkIfMerged(number)).rejects.toMatchObject({
        status: 404,
      });
      await expect(
        rest.pulls.merge({ ...number, sha: main.object.sha }),
      ).rejects.toMatchObject({ status: 409 });
      const { data: result } = await rest.pulls.merge({
        ...number,
        merge_method: method,
      });
      merged.push(result.sha);
      await rest.pulls.checkIfMerged(number);
      const { data: after } = await rest.pulls.get(number);
      expect(after).toMatchObject({
        merged: true,
        state: 'closed',
        merge_commit_sha: result.sha,
        assignees: [{ login: 'ravi' }],
        requested_reviewers: [{ login: 'jane' }],
      });
      const { data: head } = await rest.repos.getCommit({
        owner,
        repo,
        ref: 'main',
      });
      expect(head.sha).toBe(result.sha);
      expect(head.parents).toHaveLength(method === 'merge' ? 2 : 1);
      expect(
        (
          await rest.repos.listPullRequestsAssociatedWithCommit({
            owner,
            repo,
            commit_sha: result.sha,
          })
        ).data.map(entry => entry.number),
      ).toEqual([pull.number]);
      await expect(rest.pulls.merge(number)).rejects.toMatchObject({
        status: 405,
      });
    }
    expect(new Set(merged).size).toBe(3);
    const files = await rest.repos.getContent({ owner, repo, path: '' });
    expect(files.data).toHaveLength(7);
  });

  it('says that a conflicting pull request does not merge', async () => {
    const repo = await createRepository();
    const { data: main } = await rest.git.getRef({
      owner,
      repo,
      ref: 'heads/main',
    });
    await rest.git.createRef({
      owner,
      repo,
      ref: 'refs/heads/other',
      sha: main.object.sha,
    });
    await writeFile(repo, 'README.md', 'ours\n');
    await writeFile(repo, 'README.md', 'theirs\n', 'other');
    const { data: pull } = await rest.pulls.create({
      owner,
      repo,
      head: 'other',
      base: 'main',
      title: 'Conflict',
    });
    expect(pull).toMatchObject({ mergeable: false, mergeable_state: 'dirty' });
    const number = { owner, repo, pull_number: pull.number };
    await expect(rest.pulls.merge(number)).rejects.toMatchObject({
      status: 405,
      message: expect.stringContaining('Pull Request is not mergeable'),
    });
    await rest.pulls.update({ ...number, title: 'Changed', state: 'closed' });
    expect((await rest.pulls.get(number)).data).toMatchObject({
      state: 'closed',
      merged: false,
      title: 'Changed',
    });
    await rest.pulls.update({ ...number, state: 'open' });
    await rest.git.deleteRef({ owner, repo, ref: 'heads/other' });
    expect((await rest.pulls.get(number)).data.state).toBe('closed');
  });

  it('keeps issues, comments and labels', async () => {
    const repo = await createRepository();
    const { data: labels } = await rest.issues.listLabelsForRepo({
      owner,
      repo,
    });
    expect(labels.map(({ name }) => name)).toContain('bug');
    await rest.issues.createLabel({
      owner,
      repo,
      name: 'severity: high',
      color: 'FF0000',
    });
    await expect(
      rest.issues.createLabel({
        owner,
        repo,
        name: 'Severity: High',
        color: 'ff0000',
      }),
    ).rejects.toMatchObject({
      status: 422,
      message: expect.stringContaining('already_exists'),
    });
    await expect(
      rest.issues.createLabel({ owner, repo, name: 'x', color: '#ff0000' }),
    ).rejects.toMatchObject({ status: 422 });
    await rest.issues.getLabel({ owner, repo, name: 'severity: high' });
    await rest.issues.updateLabel({
      owner,
      repo,
      name: 'severity: high',
      description: 'Now',
    });
    await expect(
      rest.issues.create({ owner, repo, title: '' }),
    ).rejects.toMatchObject({ status: 422 });
    const { data: issue } = await rest.issues.create({
      owner,
      repo,
      title: 'Accuracy fell',
      body: 'From 0.9 to 0.4',
      labels: ['bug', 'made on the way'],
      assignees: ['jane'],
    });
    const number = { owner, repo, issue_number: issue.number };
    expect(issue.assignees?.map(({ login }) => login)).toEqual(['jane']);
    await rest.issues.addLabels({ ...number, labels: ['severity: high'] });
    await rest.issues.removeLabel({ ...number, name: 'made on the way' });
    expect(
      (await rest.issues.listLabelsOnIssue(number)).data.map(
        ({ name }) => name,
      ),
    ).toEqual(['bug', 'severity: high']);
    await rest.issues.setLabels({ ...number, labels: ['bug'] });
    const { data: events } = await rest.issues.listEvents(number);
    expect(events).toMatchObject([
      {
        event: 'labeled',
        actor: { login: 'guest', type: 'User' },
        label: { name: 'severity: high', color: 'ff0000' },
      },
      { event: 'unlabeled', label: { name: 'made on the way' } },
      { event: 'labeled', label: { name: 'bug' } },
    ]);
    const { data: comment } = await rest.issues.createComment({
      ...number,
      body: 'Looking',
    });
    await rest.issues.updateComment({
      owner,
      repo,
      comment_id: comment.id,
      body: 'Looked',
    });
    expect((await rest.issues.listComments(number)).data).toMatchObject([
      { body: 'Looked', user: { login: 'guest' } },
    ]);
    await rest.issues.getComment({ owner, repo, comment_id: comment.id });
    await rest.issues.listCommentsForRepo({ owner, repo });
    await rest.issues.update({
      ...number,
      state: 'closed',
      state_reason: 'not_planned',
    });
    expect((await rest.issues.get(number)).data).toMatchObject({
      state: 'closed',
      state_reason: 'not_planned',
      comments: 1,
      closed_by: { login: 'guest' },
    });
    expect((await rest.issues.listForRepo({ owner, repo })).data).toEqual([]);
    expect(
      (
        await rest.issues.listForRepo({
          owner,
          repo,
          state: 'all',
          labels: 'bug',
          assignee: 'jane',
        })
      ).data,
    ).toHaveLength(1);
    await rest.issues.lock(number);
    await rest.issues.deleteComment({ owner, repo, comment_id: comment.id });
    await rest.issues.deleteLabel({ owner, repo, name: 'severity: high' });
    await rest.issues.listAssignees({ owner, repo });
  });

  it('gives collaborators their access', async () => {
    const repo = await createRepository();
    const of = { owner, repo };
    await rest.repos.addCollaborator({
      ...of,
      username: 'jane',
      permission: 'admin',
    });
    await rest.repos.addCollaborator({
      ...of,
      username: 'jane',
      permission: 'admin',
    });
    await rest.repos.listCollaborators(of);
    await rest.repos.checkCollaborator({ ...of, username: 'jane' });
    expect(
      (
        await rest.repos.getCollaboratorPermissionLevel({
          ...of,
          username: 'jane',
        })
      ).data.permission,
    ).toBe('admin');
    await expect(
      rest.repos.addCollaborator({ ...of, username: 'nobody' }),
    ).rejects.toMatchObject({ status: 404 });
  });

  it('refuses bad credentials, and lets the anonymous only read', async () => {
    const repo = await createRepository();
    await rest.repos.createInOrg({ org: owner, name: 'hidden', private: true });
    await expect(
      test.octokit('wrong').rest.repos.get({ owner, repo }),
    ).rejects.toMatchObject({
      status: 401,
      response: { data: { message: 'Bad credentials' } },
    });
    const anonymous = test.octokit(null).rest;
    const { data } = await anonymous.repos.get({ owner, repo });
    expect(data.permissions).toBeUndefined();
    await expect(
      anonymous.repos.get({ owner, repo: 'hidden' }),
    ).rejects.toMatchObject({ status: 404 });
    await expect(anonymous.users.getAuthenticated()).rejects.toMatchObject({
      status: 401,
      response: { data: { message: 'Requires authentication' } },
    });
    await expect(
      anonymous.issues.create({ owner, repo, title: 'x' }),
    ).rejects.toMatchObject({ status: 401 });
  });

  it("keeps a job's token to its repository and permissions", async () => {
    const repo = await createRepository();
    const other = await createRepository();
    const repository = test.forge.context.repositories.find(owner, repo);
    const token = test.forge.context.tokens.issue(
      {
        login: 'github-actions[bot]',
        repositoryId: repository?.id,
        permissions: { contents: 'read', issues: 'write' },
      },
      60,
    );
    const job = test.octokit(token).rest;
    const denied = {
      status: 403,
      response: { data: { message: 'Resource not accessible by integration' } },
    };
    await job.repos.getContent({ owner, repo, path: 'README.md' });
    const { data: issue } = await job.issues.create({
      owner,
      repo,
      title: 'From a job',
    });
    expect(issue.user).toMatchObject({
      login: 'github-actions[bot]',
      type: 'Bot',
    });
    const put = { path: 'x', message: 'x', content: base64('x') };
    await expect(
      job.repos.createOrUpdateFileContents({ owner, repo, ...put }),
    ).rejects.toMatchObject(denied);
    await expect(
      job.issues.create({ owner, repo: other, title: 'x' }),
    ).rejects.toMatchObject(denied);
    await expect(
      job.repos.createInOrg({ org: owner, name: 'by-job' }),
    ).rejects.toMatchObject(denied);
    await expect(job.repos.delete({ owner, repo })).rejects.toMatchObject({
      status: 403,
    });
    await expect(job.users.getAuthenticated()).rejects.toMatchObject(denied);
    await expect(
      job.repos.get({ owner, repo: 'hidden' }),
    ).rejects.toMatchObject({ status: 404 });
    test.forge.context.tokens.revoke(token);
    await expect(job.repos.get({ owner, repo })).rejects.toMatchObject({
      status: 401,
    });
    const expired = test.forge.context.tokens.issue({ login: 'jane' }, -1);
    await expect(
      test.octokit(expired).rest.repos.get({ owner, repo }),
    ).rejects.toMatchObject({ status: 401 });
  });

  it('takes no changes to an archived repository', async () => {
    const repo = await createRepository();
    await rest.repos.update({ owner, repo, archived: true });
    await expect(
      rest.issues.createLabel({ owner, repo, name: 'x' }),
    ).rejects.toMatchObject({
      status: 403,
      message: expect.stringContaining('was archived'),
    });
    await rest.repos.update({ owner, repo, archived: false });
    await rest.issues.createLabel({ owner, repo, name: 'x' });
  });

  it('lets members write and owners administer', async () => {
    const repo = await createRepository();
    const jane = test.octokit(
      test.forge.context.tokens.issue({ login: 'jane' }),
    ).rest;
    await jane.repos.createOrUpdateFileContents({
      owner,
      repo,
      path: 'jane.txt',
      message: 'By Jane',
      content: base64('x'),
    });
    await expect(jane.repos.delete({ owner, repo })).rejects.toMatchObject({
      status: 403,
      response: { data: { message: 'Must have admin rights to Repository.' } },
    });
    await expect(
      jane.repos.get({ owner: 'guest', repo: 'notes' }),
    ).rejects.toMatchObject({ status: 404 });
  });

  it('logs what it does not have, and answers broken requests in form', async () => {
    const unknown = await fetch(`${test.api}/repos/${owner}/x/traffic/views`);
    expect(unknown.status).toBe(404);
    expect(await unknown.json()).toEqual({
      message: 'Not Found',
      documentation_url: 'https://docs.github.com/rest',
      status: '404',
    });
    expect(test.logs).toContain(
      `No such route: GET /api/v3/repos/${owner}/x/traffic/views`,
    );
    const broken = await fetch(`${test.api}/orgs/${owner}/repos`, {
      method: 'POST',
      headers: { authorization: 'token admin-token-of-this-test' },
      body: '{"name":',
    });
    expect(broken.status).toBe(400);
    expect(await broken.json()).toMatchObject({
      message: 'Problems parsing JSON',
    });
    expect((await fetch(`${test.api}/repos/%ff/x`)).status).toBe(400);
    expect((await fetch(`${test.api}/repos/..%2f..%2fetc/passwd`)).status).toBe(
      404,
    );
    expect(test.logs.join('\n')).not.toContain('admin-token-of-this-test');
  });
});

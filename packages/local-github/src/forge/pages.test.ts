// SPDX-License-Identifier: Apache-2.0
import { get } from 'node:http';
import { GitHubOpenApi } from './__testUtils__/openApi';
import {
  ADMIN_TOKEN,
  ORGANIZATION as owner,
  startTestForge,
  type TestForge,
} from './__testUtils__/startTestForge';

// Real git processes, on a machine that may be busy with more.
jest.setTimeout(120_000);

const base64 = (text: string) => Buffer.from(text).toString('base64');
const EVIL = '<script>alert(1)</script>';

describe("forge's pages", () => {
  let test: TestForge;
  const repo = 'pages';

  beforeAll(async () => {
    test = await startTestForge(new GitHubOpenApi());
    const { rest } = test.octokit();
    await rest.repos.createInOrg({ org: owner, name: repo, description: EVIL });
    const put = (file: string, text: string, branch = 'main') =>
      rest.repos.createOrUpdateFileContents({
        owner,
        repo,
        path: file,
        message: `Write ${file} ${EVIL}`,
        content: base64(text),
        branch,
      });
    const { data } = await put(
      'README.md',
      `# Title\n\n${EVIL}\n\n[bad](javascript:alert(1)) **bold**\n`,
    );
    await put('src/main file.py', `print("${EVIL}")\n`);
    await rest.git.createRef({
      owner,
      repo,
      ref: 'refs/heads/feature/x',
      sha: data.commit.sha ?? '',
    });
    await put('new.txt', 'new\n', 'feature/x');
    await rest.repos.createCommitStatus({
      owner,
      repo,
      sha: data.commit.sha ?? '',
      state: 'failure',
      context: EVIL,
    });
    const { data: issue } = await rest.issues.create({
      owner,
      repo,
      title: EVIL,
      body: EVIL,
    });
    await rest.issues.createComment({
      owner,
      repo,
      issue_number: issue.number,
      body: EVIL,
    });
    await rest.pulls.create({
      owner,
      repo,
      head: 'feature/x',
      base: 'main',
      title: EVIL,
      body: EVIL,
    });
    await rest.repos.createInOrg({
      org: owner,
      name: 'hidden',
      private: true,
      auto_init: true,
    });
    await rest.repos.createInOrg({ org: owner, name: 'empty' });
  });
  afterAll(() => test?.stop());

  async function open(address: string) {
    const response = await fetch(
      address.startsWith('http') ? address : `${test.forge.url}${address}`,
    );
    return {
      status: response.status,
      headers: response.headers,
      text: await response.text(),
    };
  }

  it('has a page for every html_url of the API, none of which runs what others wrote', async () => {
    const { rest } = test.octokit();
    const of = { owner, repo };
    const addresses = [
      `${test.forge.url}/`,
      (await rest.users.getByUsername({ username: owner })).data.html_url,
      (await rest.users.getByUsername({ username: 'jane' })).data.html_url,
      (await rest.repos.get(of)).data.html_url,
      ...(await rest.repos.listCommits(of)).data.map(
        ({ html_url: url }) => url,
      ),
      ...(await rest.issues.listForRepo(of)).data.map(
        ({ html_url: url }) => url,
      ),
      ...(await rest.pulls.list(of)).data.map(({ html_url: url }) => url),
      (
        await rest.repos.compareCommitsWithBasehead({
          ...of,
          basehead: 'main...feature/x',
        })
      ).data.html_url,
      (await rest.repos.getBranch({ ...of, branch: 'feature/x' })).data._links
        .html,
      `${test.forge.url}/${owner}/${repo}/blob/feature/x/new.txt`,
      `${test.forge.url}/${owner}/${repo}/tree/main/src`,
      `${test.forge.url}/${owner}/${repo}/commits`,
      `${test.forge.url}/${owner}/${repo}/commits/feature/x`,
      `${test.forge.url}/${owner}/${repo}/issues`,
      `${test.forge.url}/${owner}/${repo}/pulls`,
      `${test.forge.url}/${owner}/empty`,
      `${test.forge.url}/${owner}/empty/commits`,
    ];
    for (const path of ['README.md', 'src/main file.py']) {
      const { data } = await rest.repos.getContent({ ...of, path });
      if ('html_url' in data && data.html_url) {
        addresses.push(data.html_url);
      }
    }
    expect(addresses.length).toBeGreaterThanOrEqual(20);
    for (const address of addresses) {
      const page = await open(address);
      expect([address, page.status]).toEqual([address, 200]);
      expect(page.headers.get('content-security-policy')).toContain(
        "default-src 'none'",
      );
      expect(page.text).not.toContain('<script');
      expect(page.text).not.toMatch(/href="javascript:/i);
    }
  });

  it('shows files, READMEs, diffs and conversations', async () => {
    const start = await open(`/${owner}/${repo}`);
    expect(start.text).toContain('<strong>bold</strong>');
    expect(start.text).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
    expect(start.text).toContain('href="/greenroom-demo/pages/tree/main/src"');
    expect(
      (await open(`/${owner}/${repo}/blob/main/src/main%20file.py`)).text,
    ).toContain('print(&quot;&lt;script&gt;');
    const { data } = await test
      .octokit()
      .rest.repos.getCommit({ owner, repo, ref: 'feature/x' });
    const commit = await open(`/${owner}/${repo}/commit/${data.sha}`);
    expect(commit.text).toMatch(/<tr class="add">\s*<td>\+new<\/td>/);
    expect((await open(`/${owner}/${repo}/pull/2`)).text).toContain(
      'feature/x',
    );
    expect((await open(`/${owner}/${repo}/pull/2.diff`)).text).toContain(
      '+++ b/new.txt',
    );
    expect((await open(`/${owner}/${repo}/issues/1`)).text).toContain(
      'issuecomment-',
    );
    expect((await open(`/${owner}/empty`)).text).toContain(
      'git remote add origin',
    );
  });

  it('gives raw files as inert text, private ones only with a token', async () => {
    const raw = await open(`/raw/${owner}/${repo}/main/README.md`);
    expect(raw.status).toBe(200);
    expect(raw.headers.get('content-type')).toBe('text/plain; charset=utf-8');
    expect(raw.headers.get('content-security-policy')).toContain('sandbox');
    expect((await open(`/${owner}/${repo}/raw/feature/x/new.txt`)).text).toBe(
      'new\n',
    );
    expect((await open(`/raw/${owner}/hidden/main/README.md`)).status).toBe(
      404,
    );
    const allowed = await fetch(
      `${test.forge.url}/raw/${owner}/hidden/main/README.md`,
      {
        headers: { authorization: `token ${ADMIN_TOKEN}` },
      },
    );
    expect(allowed.status).toBe(200);
  });

  it('shows private repositories to who sits at this machine, and to no foreign site', async () => {
    expect((await open(`/${owner}`)).text).toContain(`/${owner}/hidden`);
    expect((await open(`/${owner}/hidden`)).text).toContain('Private');
    expect((await open(`/${owner}/hidden/raw/main/README.md`)).text).toContain(
      '# hidden',
    );
    const { port } = new URL(test.forge.url);
    // By a name that an attacker points to 127.0.0.1.
    const status = await new Promise(resolve => {
      get(
        {
          host: '127.0.0.1',
          port,
          path: `/${owner}/hidden`,
          headers: { host: `evil.example:${port}` },
        },
        response => {
          response.resume();
          resolve(response.statusCode);
        },
      );
    });
    expect(status).toBe(421);
  });

  it('answers 404 with a page for what is not there', async () => {
    for (const address of [
      '/nobody',
      `/${owner}/none`,
      `/${owner}/${repo}/blob/main/none.txt`,
      `/${owner}/${repo}/blob/main/..%2f..%2f..%2fetc%2fpasswd`,
      `/${owner}/${repo}/tree/none`,
      `/${owner}/${repo}/commit/--output=x`,
      `/${owner}/${repo}/issues/99`,
      `/${owner}/${repo}/pull/1`,
      '/avatars/nobody',
    ]) {
      const page = await open(address);
      expect([address, page.status]).toEqual([address, 404]);
    }
    expect((await open('/avatars/jane')).headers.get('content-type')).toContain(
      'image/svg+xml',
    );
    expect(test.logs.filter(line => line.includes('Error:'))).toEqual([]);
  });
});

// SPDX-License-Identifier: Apache-2.0
import { execFileSync } from 'node:child_process';
import { createServer } from 'node:http';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Octokit } from '@octokit/rest';
import { GitHubOpenApi } from '../forge/__testUtils__/openApi';
import {
  eventually,
  type JobJson,
  type RepositoryUnderTest,
  type RunJson,
} from './__testUtils__/RepositoryUnderTest';
import { RunnerUnderTest } from './__testUtils__/RunnerUnderTest';

jest.setTimeout(120_000);

const runner = new RunnerUnderTest();
let repository: RepositoryUnderTest;
let run: RunJson;
let job: JobJson;

const workflow = `name: CI
on: [push, workflow_dispatch]
jobs:
  build:
    name: Build / test
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v7
      - name: 'Test <b>"everything"</b>'
        run: |
          echo "::group::Tests"
          echo "<img src=x onerror=alert(1)>"
          echo "::endgroup::"
          echo "::error file=src/a.py,line=3,title=<i>t</i>::<script>alert(2)</script>"
          echo "## Report <script>alert(3)</script>" >> "$GITHUB_STEP_SUMMARY"
          mkdir out && echo content > out/a.txt && echo deep > out/b.txt
      - uses: actions/upload-artifact@v7
        with: { name: results, path: out }
      - uses: actions/cache@v5
        with: { path: out, key: "key-\${{ github.run_id }}" }
      - run: make test
`;

beforeAll(async () => {
  await runner.start();
  repository = await runner.repository({
    '.github/workflows/ci.yml': workflow,
    Makefile: 'test:\n\t@echo "1 failed"; exit 2\n',
  });
  run = await repository.completed();
  job = await repository.job(run, 'Build / test');
}, 300_000);

afterAll(() => runner.stop());

async function follow(route: string): Promise<Response> {
  const response = await runner.api('GET', route);
  expect(response.status).toBe(302);
  // Without the token: GitHub's clients do not send it on to the storage.
  return fetch(response.headers.get('location') ?? '', {
    headers: { connection: 'close' },
  });
}

function unzip(content: ArrayBuffer): Record<string, string> {
  const directory = mkdtempSync(path.join(runner.root, 'zip-'));
  const file = path.join(directory, 'archive.zip');
  writeFileSync(file, Buffer.from(content));
  const names = execFileSync('python3', [
    '-c',
    'import sys, zipfile; z = zipfile.ZipFile(sys.argv[1]); z.extractall(sys.argv[2]); print("\\n".join(z.namelist()))',
    file,
    directory,
  ])
    .toString()
    .trim()
    .split('\n');
  return Object.fromEntries(
    names.map(name => [name, readFileSync(path.join(directory, name), 'utf8')]),
  );
}

describe("GitHub's API", () => {
  it("answers every read in the form of GitHub's OpenAPI description", async () => {
    const { artifacts } = await runner.json<{ artifacts: { id: number }[] }>(
      `${repository.api}/actions/artifacts`,
    );
    await runner.api('POST', `${repository.api}/actions/variables`, {
      name: 'REGION',
      value: 'eu',
    });
    const routes = [
      'actions/workflows',
      'actions/workflows/ci.yml',
      'actions/workflows/ci.yml/runs',
      'actions/runs',
      `actions/runs/${run.id}`,
      `actions/runs/${run.id}/jobs`,
      `actions/runs/${run.id}/attempts/1`,
      `actions/runs/${run.id}/attempts/1/jobs`,
      `actions/runs/${run.id}/artifacts`,
      `actions/runs/${run.id}/timing`,
      `actions/runs/${run.id}/approvals`,
      `actions/jobs/${job.id}`,
      'actions/artifacts',
      `actions/artifacts/${artifacts[0].id}`,
      'actions/caches',
      'actions/variables',
      'actions/variables/region',
      'actions/secrets',
      'actions/secrets/public-key',
      'actions/permissions',
      'actions/permissions/workflow',
      `commits/${run.head_sha}/check-runs`,
      'commits/main/check-suites',
      `check-suites/${run.id}`,
      `check-suites/${run.id}/check-runs`,
      `check-runs/${job.id}`,
      `check-runs/${job.id}/annotations`,
    ];
    const openApi = new GitHubOpenApi();
    for (const route of routes) {
      const url = `${repository.api}/${route}`;
      openApi.check(
        'GET',
        url.split('?')[0],
        200,
        await runner.json<unknown>(url),
      );
    }
    expect(openApi.checked.size).toBeGreaterThan(20);
    // The check itself must be able to fail.
    expect(() =>
      openApi.check('GET', `${repository.api}/actions/runs`, 200, {
        total_count: 'one',
      }),
    ).toThrow('/total_count must be integer');
  });

  it('serves @octokit/rest: filters, paging, refusals', async () => {
    const octokit = new Octokit({
      auth: 'test-admin-token',
      baseUrl: `${runner.url}/api/v3`,
      log: { debug() {}, info() {}, warn() {}, error() {} },
    });
    const where = { owner: 'acme', repo: repository.name };
    const failed = await octokit.actions.listWorkflowRunsForRepo({
      ...where,
      status: 'failure',
      branch: 'main',
      event: 'push',
      created: '>=2020-01-01',
    });
    expect(failed.data.total_count).toBe(1);
    const none = await octokit.actions.listWorkflowRunsForRepo({
      ...where,
      created: '<2020-01-01',
    });
    expect(none.data.total_count).toBe(0);
    const steps = await octokit.paginate(
      octokit.actions.listJobsForWorkflowRun,
      { ...where, run_id: run.id, per_page: 1 },
    );
    expect(steps).toHaveLength(1);
    expect(
      steps[0].steps?.map(({ name, conclusion, number }) => [
        number,
        name,
        conclusion,
      ]),
    ).toEqual([
      [1, 'Set up job', 'success'],
      [2, 'Run actions/checkout@v7', 'success'],
      [3, 'Test <b>"everything"</b>', 'success'],
      [4, 'Run actions/upload-artifact@v7', 'success'],
      [5, 'Run actions/cache@v5', 'success'],
      [6, 'Run make test', 'failure'],
      [7, 'Post Run actions/cache@v5', 'success'],
      [8, 'Post Run actions/checkout@v7', 'success'],
      [9, 'Complete job', 'success'],
    ]);
    await expect(
      octokit.actions.getWorkflowRun({ ...where, run_id: 999_999 }),
    ).rejects.toMatchObject({ status: 404 });
    await expect(
      octokit.actions.cancelWorkflowRun({ ...where, run_id: run.id }),
    ).rejects.toMatchObject({ status: 409 });
  });

  it("gives logs in GitHub's form: one text per job, a zip with a text per step", async () => {
    const log = await (
      await follow(`${repository.api}/actions/jobs/${job.id}/logs`)
    ).text();
    expect(
      log
        .trimEnd()
        .split('\n')
        .filter(
          line => !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{7}Z( |$)/.test(line),
        ),
    ).toEqual([]);
    expect(log).toMatch(
      /Z ##\[group\]Run make test\n.*Z .*make test.*\n.*Z shell: \S*bash -e \{0\}\n.*Z ##\[endgroup\]\n.*Z 1 failed\n/,
    );
    expect(log).toMatch(/Z ##\[error\]Process completed with exit code 2\.\n/);

    const archive = unzip(
      await (
        await follow(`${repository.api}/actions/runs/${run.id}/logs`)
      ).arrayBuffer(),
    );
    expect(Object.keys(archive)).toEqual([
      '0_Build  test.txt',
      'Build  test/1_Set up job.txt',
      'Build  test/2_Run actionscheckout@v7.txt',
      'Build  test/3_Test beverythingb.txt',
      'Build  test/4_Run actionsupload-artifact@v7.txt',
      'Build  test/5_Run actionscache@v5.txt',
      'Build  test/6_Run make test.txt',
      'Build  test/9_Complete job.txt',
    ]);
    expect(archive['0_Build  test.txt']).toBe(log);
    expect(archive['Build  test/6_Run make test.txt']).toContain(
      '##[error]Process completed with exit code 2.',
    );
    const forged = await fetch(
      `${runner.url}/_actions/downloads/${Buffer.from(
        JSON.stringify({ kind: 'job-logs', id: job.id, expires: 9e15 }),
      ).toString('base64url')}.AAAA`,
    );
    expect(forged.status).toBe(404);
  });

  it('gives artifacts as zip, and deletes them', async () => {
    const { artifacts } = await runner.json<{
      artifacts: { id: number; digest: string }[];
    }>(`${repository.api}/actions/runs/${run.id}/artifacts?name=results`);
    const route = `${repository.api}/actions/artifacts/${artifacts[0].id}`;
    expect(unzip(await (await follow(`${route}/zip`)).arrayBuffer())).toEqual({
      'a.txt': 'content\n',
      'b.txt': 'deep\n',
    });
    expect((await runner.api('DELETE', route)).status).toBe(204);
    expect((await runner.api('GET', route)).status).toBe(404);
  });

  it('lets nobody in without the right: anonymous, another repository, bad names', async () => {
    const anonymous = await fetch(
      `${runner.url}/api/v3${repository.api}/actions/runs/${run.id}/rerun`,
      { method: 'POST' },
    );
    expect(anonymous.status).toBe(401);
    const other = await runner.repository({ 'README.md': 'x' });
    expect(
      (await runner.api('GET', `${other.api}/actions/runs/${run.id}`)).status,
    ).toBe(404);
    expect(
      (await runner.api('GET', `${other.api}/actions/jobs/${job.id}`)).status,
    ).toBe(404);
    for (const name of ['GITHUB_X', '1A', 'A-B', '']) {
      const response = await runner.api(
        'POST',
        `${repository.api}/actions/variables`,
        { name, value: 'x' },
      );
      expect({ name, status: response.status }).toEqual({ name, status: 422 });
    }
  });

  it('publishes runs and jobs as events in their order, to signed webhooks too', async () => {
    const seen: string[] = [];
    const server = createServer((req, res) => {
      let body = '';
      req.on('data', chunk => {
        body += chunk;
      });
      req.on('end', () => {
        const event = String(req.headers['x-github-event']);
        if (event.startsWith('workflow_')) {
          const payload = JSON.parse(body);
          seen.push(
            `${event} ${payload.action} ${
              payload.workflow_run?.conclusion ??
              payload.workflow_job?.conclusion ??
              ''
            }`.trim(),
          );
        }
        res.end();
      });
    });
    await new Promise<void>(resolve => {
      server.listen(0, '127.0.0.1', resolve);
    });
    try {
      const address = server.address();
      const port = typeof address === 'object' && address ? address.port : 0;
      const created = await runner.api('POST', `${repository.api}/hooks`, {
        config: { url: `http://127.0.0.1:${port}/`, content_type: 'json' },
        events: ['workflow_run', 'workflow_job'],
      });
      expect(created.status).toBe(201);
      const again = await runner.api(
        'POST',
        `${repository.api}/actions/runs/${run.id}/rerun`,
      );
      expect(again.status).toBe(201);
      await eventually('the last event', async () =>
        seen.find(each => each.startsWith('workflow_run completed')),
      );
      expect(seen.sort()).toEqual([
        'workflow_job completed failure',
        'workflow_job in_progress',
        'workflow_job queued',
        'workflow_run completed failure',
        'workflow_run in_progress',
        'workflow_run requested',
      ]);
    } finally {
      await new Promise(resolve => {
        server.close(resolve);
        server.closeAllConnections();
      });
    }
  });
});

describe('pages', () => {
  it('show runs, jobs, summaries and logs with line anchors, and never run what they show', async () => {
    const base = `${runner.url}/acme/${repository.name}/actions`;
    const text = async (url: string) => {
      const response = await fetch(url);
      expect(response.status).toBe(200);
      return response.text();
    };
    const list = await text(base);
    expect(list).toContain(`/actions/runs/${run.id}`);
    const latest = await repository.job(
      await repository.completed(),
      'Build / test',
    );
    const page = await text(`${base}/runs/${run.id}`);
    expect(page).toContain('Build / test');
    expect(page).toContain(
      '<h2>Report &lt;script&gt;alert(3)&lt;/script&gt;</h2>',
    );
    expect(page).toContain('&lt;script&gt;alert(2)&lt;/script&gt;');
    const log = await text(`${base}/runs/${run.id}/job/${latest.id}`);
    expect(log).toContain('id="step:6:1"');
    expect(log).toContain('&lt;img src=x onerror=alert(1)&gt;');
    for (const html of [list, page, log]) {
      expect(html).not.toMatch(/<script|<img|<i>|<b>/);
    }
    expect((await fetch(`${base}/runs/999999`)).status).toBe(404);
    expect((await fetch(`${base}/runs/abc/job/1`)).status).toBe(404);
  });
});

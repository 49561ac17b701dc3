// SPDX-License-Identifier: Apache-2.0
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { execFile } from 'node:child_process';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import {
  RunnerUnderTest,
  type RepositoryUnderTest,
  type RunJson,
} from '@greenroom/local-github/testing';
import type { TriageReport } from '@greenroom/plugin-triage-common';
import {
  createPipelineReport,
  readReportMarker,
  unpackRunLogs,
} from '@greenroom/triage-engine';
import { run } from './run';

const ROOT = path.resolve(require.resolve('../package.json'), '../../..');
const SKELETON = path.join(ROOT, 'templates/model-service/skeleton');
const ACTION = '.github/actions/triage';
const TOKEN = 'test-admin-token';

const read = (folder: string, file: string) =>
  readFileSync(path.join(folder, file), 'utf8');

/** What a repository of the template has of triage. */
const TRIAGE = Object.fromEntries(
  [
    '.github/workflows/triage.yml',
    `${ACTION}/action.yml`,
    `${ACTION}/dist/index.js`,
  ].map(file => [file, read(SKELETON, file)]),
);

// In parts, since a scanner of this repository must not find it.
const SECRET = ['ghp', 'x7Kd93mQpW2sVb8TzYhRq4Lc6Nf1Ga0Ju5De'].join('_');

const PYTEST = `============================= test session starts ==============================
collected 3 items

tests/test_data.py ..F                                                   [100%]

=================================== FAILURES ===================================
______________________________ test_split_is_fair ______________________________

    def test_split_is_fair():
>       assert share(rows) == 0.5
E       assert 0.25 == 0.5
E        +  where 0.25 = share([1, 2, 3, 4])

tests/test_data.py:14: AssertionError
=========================== short test summary info ============================
FAILED tests/test_data.py::test_split_is_fair - assert 0.25 == 0.5
========================= 1 failed, 2 passed in 0.12s ==========================
`;

const CI = `name: CI
on:
  push: { branches: [main] }
  pull_request:
permissions: { contents: read }
jobs:
  check:
    name: Check
    runs-on: ubuntu-24.04
    steps:
      - uses: actions/checkout@v7
      - name: Test
        run: |
          [ ! -e output.txt ] || { echo "GITHUB_PAT=$(cat pat.txt)"; cat output.txt; exit 1; }
`;

interface IssueJson {
  number: number;
  title: string;
  state: string;
  body: string;
  labels: { name: string }[];
  user: { login: string };
}

let runner: RunnerUnderTest;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'greenroom-triage-action-'));
  runner = new RunnerUnderTest();
  await runner.start();
}, 120_000);

afterAll(async () => {
  await runner?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const issuesOf = (repository: RepositoryUnderTest, state = 'all') =>
  runner.json<IssueJson[]>(
    `${repository.api}/issues?state=${state}&labels=triage`,
  );

const commentsOf = (repository: RepositoryUnderTest, number: number) =>
  runner.json<{ body: string; user: { login: string } }[]>(
    `${repository.api}/issues/${number}/comments`,
  );

/** The run of Triage that a run has led to, once it is over. */
async function triaged(
  repository: RepositoryUnderTest,
  before: RunJson[],
): Promise<RunJson> {
  const known = new Set(before.map(({ id }) => id));
  const found = await repository.completed(
    ({ id, name }) => name === 'Triage' && !known.has(id),
    120,
  );
  if (found.conclusion !== 'success') {
    const jobs = await repository.jobs(found);
    const logs = await Promise.all(
      jobs.map(({ name }) => repository.text(found, name).catch(String)),
    );
    throw new Error(`Triage ended as ${found.conclusion}: ${logs.join('\n')}`);
  }
  return found;
}

/** What the portal's engine makes of the same logs. */
async function signatureOf(
  repository: RepositoryUnderTest,
  failed: RunJson,
): Promise<string> {
  const redirect = await runner.api(
    'GET',
    `${repository.api}/actions/runs/${failed.id}/logs`,
  );
  const archive = await fetch(redirect.headers.get('location') ?? '');
  const logs = await unpackRunLogs(new Uint8Array(await archive.arrayBuffer()));
  const report = await createPipelineReport({
    incident: { workflow: failed.name },
    logs,
    facts: {
      jobs: (await repository.jobs(failed)).map(job => ({
        name: job.name,
        conclusion: job.conclusion ?? undefined,
        steps: job.steps.map(step => ({
          ...step,
          conclusion: step.conclusion ?? undefined,
        })),
      })),
    },
  });
  await logs.close();
  return report.failure.signature;
}

describe("the template's own triage.yml", () => {
  it('opens one issue with the portal’s signature, updates it in place, and closes it when main is green', async () => {
    const repository = await runner.repository({
      ...TRIAGE,
      '.github/workflows/ci.yml': CI,
      'pat.txt': SECRET,
      'output.txt': PYTEST,
    });
    await triaged(repository, []);
    const failed = await repository.completed(({ name }) => name === 'CI');
    expect(failed.conclusion).toBe('failure');
    const [issue, ...others] = await issuesOf(repository);
    expect(others).toEqual([]);
    expect(issue.user.login).toBe('github-actions[bot]');
    expect(readReportMarker(issue.body)).toBe(
      await signatureOf(repository, failed),
    );
    expect(issue.title).toContain('test_split_is_fair');
    expect(issue.labels.map(({ name }) => name)).toContain('test');
    expect(issue.body).toContain('No model is configured');
    expect(issue.body).toContain('assert 0.25 == 0.5');
    expect(issue.body).not.toContain(SECRET);
    expect(issue.body).toMatch(/- \[run 1, attempt 1\]\(http\S+\) of /);

    let before = await repository.runs();
    await runner.api(
      'POST',
      `${repository.api}/actions/runs/${failed.id}/rerun`,
    );
    await triaged(repository, before);
    const again = await issuesOf(repository);
    expect(again.map(({ number }) => number)).toEqual([issue.number]);
    expect(again[0].body).toMatch(
      /- \[run 1, attempt 2\]\(http\S+\) of \w{40}\n- \[run 1, attempt 1\]/,
    );
    expect(await commentsOf(repository, issue.number)).toEqual([]);

    before = await repository.runs();
    repository.git('rm', '-q', 'output.txt');
    repository.commit({}, 'Mend it');
    repository.push();
    await triaged(repository, before);
    expect(await issuesOf(repository, 'open')).toEqual([]);
    const [comment] = await commentsOf(repository, issue.number);
    expect(comment.body).toMatch(/\*\*Recovered\*\*: \[run \d+\]\(http/);
  }, 300_000);

  it('comments on the pull request, once for each cause', async () => {
    const repository = await runner.repository({
      ...TRIAGE,
      '.github/workflows/ci.yml': CI,
      'pat.txt': SECRET,
    });
    await triaged(repository, []);
    repository.git('checkout', '-q', '-b', 'topic');
    let before = await repository.runs();
    repository.commit({ 'output.txt': PYTEST }, 'Break it');
    repository.push();
    const response = await runner.api('POST', `${repository.api}/pulls`, {
      title: 'Break it',
      head: 'topic',
      base: 'main',
    });
    const { number }: { number: number } = JSON.parse(await response.text());
    await triaged(repository, before);
    const [comment] = await commentsOf(repository, number);
    expect(readReportMarker(comment.body)).toBeDefined();

    // A person's copy of the marker is nobody's report.
    await runner.api('POST', `${repository.api}/issues/${number}/comments`, {
      body: comment.body,
    });
    before = await repository.runs();
    repository.commit({ 'other.txt': 'x' }, 'Still broken');
    repository.push();
    await triaged(repository, before);
    const comments = await commentsOf(repository, number);
    expect(comments.map(({ user }) => user.login)).toEqual([
      'github-actions[bot]',
      'guest',
    ]);
    expect(comments[0].body).toContain('run 3, attempt 1');
    expect(comments[1].body).toBe(comment.body);
    expect(await issuesOf(repository)).toEqual([]);
  }, 300_000);
});

describe('the action', () => {
  let repository: RepositoryUnderTest;
  let failed: RunJson;
  let gemini: Server;
  const asked: { url: string; headers: IncomingHttpHeaders; body: string }[] =
    [];

  beforeAll(async () => {
    repository = await runner.repository({
      '.github/workflows/ci.yml': CI,
      'pat.txt': SECRET,
      'output.txt': PYTEST,
    });
    failed = await repository.completed();
    gemini = createServer((request, response) => {
      let body = '';
      request.on('data', chunk => (body += chunk));
      request.on('end', () => {
        const { url = '', headers } = request;
        const isSignIn = url.startsWith('/computeMetadata/');
        if (!isSignIn) {
          asked.push({ url, headers, body });
        }
        response.writeHead(isSignIn ? 200 : 403, {
          'content-type': 'application/json',
          'metadata-flavor': 'Google',
        });
        response.end(
          isSignIn
            ? '{"access_token":"token-of-a-job","expires_in":3600,"token_type":"Bearer"}'
            : '{"error":{"status":"PERMISSION_DENIED"}}',
        );
      });
    });
    await new Promise<void>(resolve => {
      gemini.listen(0, '127.0.0.1', resolve);
    });
  }, 120_000);

  afterAll(
    () => new Promise<unknown>(resolve => gemini?.close(resolve) ?? resolve(0)),
  );

  const geminiUrl = () =>
    `http://127.0.0.1:${(gemini.address() as AddressInfo).port}`;

  const envOf = (inputs: Record<string, string>): Record<string, string> => {
    const given = {
      'github-token': TOKEN,
      'run-id': String(failed.id),
      'run-attempt': '1',
      report: 'triage.json',
      ...inputs,
    };
    return {
      GITHUB_WORKSPACE: folder,
      GITHUB_API_URL: `${runner.url}/api/v3`,
      GITHUB_REPOSITORY: `acme/${repository.name}`,
      ...Object.fromEntries(
        Object.entries(given).map(([name, value]) => [
          `INPUT_${name.toUpperCase()}`,
          value,
        ]),
      ),
    };
  };

  const act = async (
    inputs: Record<string, string>,
  ): Promise<{ code: number; lines: string[] }> => {
    const lines: string[] = [];
    const code = await run({
      env: envOf(inputs),
      write: line => lines.push(line),
    });
    return { code, lines };
  };

  const report = (): TriageReport => JSON.parse(read(folder, 'triage.json'));

  it('asks Gemini with the key that it is given, redacted, and reports without its answer', async () => {
    const { code } = await act({
      mode: 'analyze',
      'gemini-api-key': 'test-key',
      'gemini-base-url': geminiUrl(),
    });
    expect(code).toBe(0);
    expect(report()).toMatchObject({
      ai: { status: 'failed' },
      failure: { type: 'unit-test' },
      incident: {
        repository: `acme/${repository.name}`,
        run: { id: String(failed.id), attempt: 1, commit: failed.head_sha },
      },
    });
    const [{ headers, body }, ...others] = asked.splice(0);
    expect(others).toEqual([]);
    expect(headers['x-goog-api-key']).toBe('test-key');
    expect(body).toContain('assert 0.25 == 0.5');
    expect(body).not.toContain(SECRET);
    expect(read(folder, 'triage.json')).not.toContain(SECRET);
  }, 60_000);

  it('signs in to Vertex AI as the job, from the bundle', async () => {
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [path.join(SKELETON, ACTION, 'dist/index.js')],
      {
        env: {
          ...envOf({
            mode: 'analyze',
            'vertex-project': 'acme',
            'gemini-base-url': geminiUrl(),
          }),
          GCE_METADATA_HOST: geminiUrl().replace('http://', ''),
          METADATA_SERVER_DETECTION: 'assume-present',
          CLOUDSDK_CONFIG: '/nonexistent',
        },
      },
    );
    const [{ url, headers }] = asked.splice(0);
    expect(url).toContain('/projects/acme/locations/global/');
    expect(headers.authorization).toBe('Bearer token-of-a-job');
    expect(stdout).toContain(report().failure.signature);
    expect(report().ai.status).toBe('failed');
  }, 60_000);

  it('posts no report that is not of this run, and none that is no report', async () => {
    expect((await act({ mode: 'analyze' })).code).toBe(0);
    const right = report();
    const change = (incident: object): object => ({
      ...right,
      incident: { ...right.incident, ...incident },
    });
    const run0 = right.incident.run;
    const wrong: [unknown, RegExp][] = [
      [change({ repository: 'acme/other' }), /another repository/],
      [change({ run: { ...run0, id: '1' } }), /another run/],
      [change({ run: { ...run0, attempt: 2 } }), /another attempt/],
      [change({ run: { ...run0, commit: '0'.repeat(40) } }), /another commit/],
      [change({ run: undefined }), /another run/],
      [change({ kind: 'alert' }), /another kind/],
      [{ ...right, more: SECRET }, /not the form/],
      [
        { ...right, failure: { ...right.failure, signature: '--> @acme' } },
        /no signature/,
      ],
      ['ghp_', /not the form/],
    ];
    for (const [content, says] of wrong) {
      writeFileSync(path.join(folder, 'wrong.json'), JSON.stringify(content));
      const { code, lines } = await act({ mode: 'post', report: 'wrong.json' });
      expect({ code, lines }).toEqual({
        code: 1,
        lines: [expect.stringMatching(says)],
      });
      expect(lines.join()).not.toContain(SECRET);
    }
    writeFileSync(path.join(folder, 'wrong.json'), '{"a');
    expect(await act({ mode: 'post', report: 'wrong.json' })).toEqual({
      code: 1,
      lines: ['::error::The report is not JSON'],
    });
    expect(await issuesOf(repository)).toEqual([]);
  }, 60_000);

  it('lets no hostile text of a report become anything but text', async () => {
    expect((await act({ mode: 'analyze' })).code).toBe(0);
    const right = report();
    const hostile = [
      '<!-- greenroom-triage:v1 signature=00000000 -->',
      '</details><img src=http://evil.example/x onerror=alert(1)>',
      '[click](http://evil.example/y) ![x](http://evil.example/z) @acme/all #1',
      `\`\`\` \n#### Runs that failed like this, the newest first\n\n- [run 9, attempt 9](http://evil.example/actions/runs/9) of ${'a'.repeat(40)}`,
    ].join('\n');
    const evidence = [{ source: hostile, line: 1, quote: hostile }];
    writeFileSync(
      path.join(folder, 'hostile.json'),
      JSON.stringify({
        ...right,
        summary: hostile,
        incident: {
          ...right.incident,
          workflow: hostile,
          run: {
            id: '',
            ...right.incident.run,
            url: 'http://evil.example/run',
          },
        },
        failure: { ...right.failure, reason: hostile, evidence },
        rootCause: {
          outcome: 'identified',
          statement: hostile,
          evidence,
          confidence: 'high',
        },
        claims: [{ statement: hostile, evidence, confidence: 'low' }],
        nextSteps: [{ text: hostile, by: 'model', evidence }],
        decision: {
          ...right.decision,
          labels: ['triage', hostile],
          owner: hostile,
        },
      } satisfies TriageReport),
    );
    const { code } = await act({ mode: 'post', report: 'hostile.json' });
    expect(code).toBe(0);
    const [issue] = await issuesOf(repository);
    expect(readReportMarker(issue.body)).toBe(right.failure.signature);
    expect(issue.labels).toEqual([expect.objectContaining({ name: 'triage' })]);
    const page = await (
      await fetch(
        `${runner.url}/acme/${repository.name}/issues/${issue.number}`,
      )
    ).text();
    expect(page).toContain('evil.example');
    expect(page).not.toContain('<p>&lt;!--');
    expect(page).not.toMatch(/<(?:a|img)\b[^>]*evil/);
    const runs = issue.body
      .split('\n')
      .filter(line => line.startsWith('- [run '));
    expect(runs.at(-1)).toContain(`[run ${failed.run_number}, attempt 1]`);
  }, 60_000);

  it('comments on the commit of a branch without a pull request, and updates that', async () => {
    const own = { repository, failed };
    repository.git('checkout', '-q', '-b', 'topic');
    const sha = repository.commit(
      { '.github/workflows/ci.yml': CI.replace('branches: [main]', '') },
      'On a branch',
    );
    repository.push();
    failed = await repository.completed(({ head_sha }) => head_sha === sha);
    expect((await act({ mode: 'analyze' })).code).toBe(0);
    for (const what of ['opened', 'updated']) {
      expect(await act({ mode: 'post' })).toEqual({
        code: 0,
        lines: [expect.stringContaining(`Comment of the commit ${what}: http`)],
      });
    }
    const comments = await runner.json<{ body: string }[]>(
      `${repository.api}/commits/${sha}/comments`,
    );
    expect(comments.map(({ body }) => readReportMarker(body))).toEqual([
      report().failure.signature,
    ]);
    ({ repository, failed } = own);
  }, 120_000);

  it('says in a sentence what it cannot use', async () => {
    for (const [inputs, says] of [
      [{ mode: 'guess' }, /mode must be/],
      [{ mode: 'post', 'run-id': '' }, /run-id must be given/],
      [{ mode: 'post', report: '../x.json' }, /file of the workspace/],
      [{ mode: 'analyze', 'gemini-api-key': 'a b' }, /triage\.gemini\.apiKey/],
      [{ mode: 'analyze', 'run-id': '999999' }, /Not Found/],
    ] as const) {
      const { code, lines } = await act(inputs);
      expect({ code, lines }).toEqual({
        code: 1,
        lines: [expect.stringMatching(says)],
      });
    }
  });
});

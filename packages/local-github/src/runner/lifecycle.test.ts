// SPDX-License-Identifier: Apache-2.0
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import sodium from 'libsodium-wrappers';
import { findProcesses } from './__testUtils__/findProcesses';
import { eventually, readIfThere } from './__testUtils__/RepositoryUnderTest';
import { RunnerUnderTest } from './__testUtils__/RunnerUnderTest';

jest.setTimeout(120_000);

const runner = new RunnerUnderTest();

beforeAll(() => runner.start(), 300_000);

afterAll(() => runner.stop());

const CI = '.github/workflows/ci.yml';

/** A workflow with one job of the given steps. */
function oneJob(head: string, ...runs: string[]): string {
  return `name: CI
${head}
jobs:
  main:
    runs-on: ubuntu-latest
    steps:
${runs.map(run => `      - run: ${run}`).join('\n')}
`;
}

/** The scripts of running steps. */
const scripts = () => findProcesses(path.join(runner.workDir, 'jobs'));

/** Waits for a file that a step writes: its content, whole lines only. */
function written(file: string): Promise<string> {
  return eventually(`the file ${file}`, async () => {
    const content = readIfThere(file);
    return content?.endsWith('\n') ? content.trim() : undefined;
  });
}

describe('triggers', () => {
  it('filters pushes by branch, path and tag, and obeys [skip ci]', async () => {
    const repository = await runner.repository({
      [CI]: oneJob(
        `on:
  push:
    branches: [main, 'release/**', '!release/old']
    paths: ['src/**', '!src/docs/**']`,
        'echo ran',
      ),
      '.github/workflows/tags.yml': oneJob(
        "on: { push: { tags: ['v*'] } }",
        'echo "$GITHUB_REF_TYPE $GITHUB_REF_NAME"',
      ).replace('name: CI', 'name: Tags'),
      'src/a.txt': '1',
    });
    await repository.completed();
    repository.commit({ 'README.md': 'x', 'src/docs/d.md': 'x' }, 'Docs only');
    repository.push();
    repository.commit({ 'src/a.txt': '2' }, 'Skipped [skip ci]');
    repository.push();
    repository.git('checkout', '-q', '-b', 'release/1.0');
    repository.commit({ 'src/a.txt': '3' }, 'On release');
    repository.push();
    repository.git('checkout', '-q', '-b', 'release/old');
    repository.commit({ 'src/a.txt': '4' }, 'On old');
    repository.push();
    repository.git('checkout', '-q', '-b', 'feature');
    repository.commit({ 'src/a.txt': '5' }, 'On feature');
    repository.push();
    repository.git('tag', 'v1');
    repository.push('v1');
    repository.git('tag', 'other');
    repository.push('other');
    const tagged = await repository.completed(run => run.name === 'Tags');
    expect(tagged).toMatchObject({ conclusion: 'success', head_branch: 'v1' });
    expect(await repository.text(tagged, 'main')).toContain('tag v1');
    expect((await repository.runs()).map(run => run.display_title)).toEqual([
      'On feature',
      'On release',
      'First commit',
    ]);
  });

  it('runs a pull request at its merge with the base, once per push to it', async () => {
    const repository = await runner.repository({
      [CI]: oneJob(
        'on: { pull_request: { branches: [main] } }',
        'echo "$GITHUB_REF $GITHUB_HEAD_REF $GITHUB_BASE_REF ${{ github.event.pull_request.number }}"; git --version',
      ).replace(
        '- run',
        '- uses: actions/checkout@v7\n      - run: cat one two\n      - run',
      ),
      one: 'one\n',
    });
    repository.git('checkout', '-q', '-b', 'topic');
    const head = repository.commit({ two: 'two\n' }, 'On topic');
    repository.push();
    const pull = await runner.api('POST', `${repository.api}/pulls`, {
      title: 'Add two',
      head: 'topic',
      base: 'main',
    });
    expect(pull.status).toBe(201);
    const run = await repository.completed();
    expect(run).toMatchObject({
      event: 'pull_request',
      conclusion: 'success',
      head_sha: head,
      head_branch: 'topic',
      display_title: 'Add two',
    });
    const text = await repository.text(run, 'main');
    expect(text).toContain('refs/pull/1/merge topic main 1');
    expect(text).toContain('one\ntwo\n');
  });

  it('dispatches with typed inputs, refuses bad ones, and chains workflow_run', async () => {
    const repository = await runner.repository({
      [CI]: oneJob(
        `run-name: Train \${{ inputs.model }} for \${{ github.actor }}
on:
  workflow_dispatch:
    inputs:
      model: { required: true, type: string }
      dry: { type: boolean, default: true }
      size: { type: choice, options: [small, large], default: small }
      epochs: { type: number, default: 3 }`,
        "echo \"${{ inputs.model }} ${{ inputs.dry && 'dry' || 'wet' }} ${{ inputs.size }} ${{ inputs.epochs }} ${{ github.event.inputs.dry }}\"",
        'exit 1',
      ),
      '.github/workflows/after.yml': `name: After
on: { workflow_run: { workflows: [CI], types: [completed] } }
jobs:
  triage:
    if: github.event.workflow_run.conclusion == 'failure'
    runs-on: ubuntu-latest
    steps:
      - run: echo "of \${{ github.event.workflow_run.name }} \${{ github.event.workflow_run.head_branch }}"
`,
      '.github/workflows/external.yml': oneJob(
        'on: { repository_dispatch: { types: [retrain] } }',
        'echo "payload ${{ github.event.client_payload.model }}"',
      ).replace('name: CI', 'name: External'),
    });
    const dispatch = (body: unknown) =>
      runner.api(
        'POST',
        `${repository.api}/actions/workflows/ci.yml/dispatches`,
        body,
      );
    for (const [body, message] of [
      [{ ref: 'main' }, "Required input 'model' not provided"],
      [
        { ref: 'main', inputs: { model: 'm', size: 'huge' } },
        "'huge' for input 'size' is not a valid choice",
      ],
      [
        { ref: 'main', inputs: { model: 'm', what: 1 } },
        'Unexpected inputs provided: ["what"]',
      ],
      [{ ref: 'nope', inputs: { model: 'm' } }, 'No ref found for: nope'],
    ] as const) {
      const response = await dispatch(body);
      expect(response.status).toBe(422);
      expect(await response.json()).toMatchObject({
        message: expect.stringContaining(message),
      });
    }
    const accepted = await dispatch({
      ref: 'main',
      inputs: { model: 'iris', dry: 'false' },
    });
    expect(accepted.status).toBe(204);
    const run = await repository.completed(each => each.name === 'CI');
    expect(run).toMatchObject({
      event: 'workflow_dispatch',
      display_title: 'Train iris for guest',
      conclusion: 'failure',
    });
    expect(await repository.text(run, 'main')).toContain(
      'iris wet small 3 false',
    );

    const after = await repository.completed(each => each.name === 'After');
    expect(after.conclusion).toBe('success');
    expect(await repository.text(after, 'triage')).toContain('of CI main');

    const external = await runner.api('POST', `${repository.api}/dispatches`, {
      event_type: 'retrain',
      client_payload: { model: 'wine' },
    });
    expect(external.status).toBe(204);
    const other = await repository.completed(each => each.name === 'External');
    expect(await repository.text(other, 'main')).toContain('payload wine');
  });

  it('shows a broken file as a failed run that says where, and runs no disabled workflow', async () => {
    const repository = await runner.repository({
      [CI]: `name: Broken
on: push
jobs:
  main:
    runs-on: ubuntu-latest
    steps:
      - run: |
          echo fine
      - runs: echo typo
`,
      '.github/workflows/good.yml': oneJob('on: push', 'echo ok').replace(
        'name: CI',
        'name: Good',
      ),
    });
    const broken = await repository.completed(run => run.name === 'Broken');
    expect(broken.conclusion).toBe('startup_failure');
    expect(await repository.jobs(broken)).toEqual([]);
    const page = await fetch(
      `${runner.url}/acme/${repository.name}/actions/runs/${broken.id}`,
    );
    expect(await page.text()).toContain('(Line: 9, Col: 9)');

    await repository.completed(run => run.name === 'Good');
    const disabled = await runner.api(
      'PUT',
      `${repository.api}/actions/workflows/good.yml/disable`,
    );
    expect(disabled.status).toBe(204);
    repository.commit({ [CI]: oneJob('on: push', 'echo ok') }, 'Mended');
    repository.push();
    await repository.completed(run => run.name === 'CI');
    const names = (await repository.runs()).map(run => run.name);
    expect(names.filter(name => name === 'Good')).toHaveLength(1);
  });
});

describe('cancelling, time limits and concurrency', () => {
  it('cancels the whole process group, runs always() and leaves no process', async () => {
    const begun = path.join(runner.exchange, 'cancel-begun');
    const repository = await runner.repository({
      [CI]: `on: push
jobs:
  main:
    runs-on: ubuntu-latest
    steps:
      - run: |
          (trap '' INT TERM; while true; do sleep 1; done) &
          echo begun > ${begun}
          sleep 600
      - if: always()
        run: echo "tidied \${{ job.status }}"
      - run: echo never
  next:
    needs: main
    runs-on: ubuntu-latest
    steps: [{ run: echo no }]
`,
    });
    await written(begun);
    expect(scripts().length).toBeGreaterThanOrEqual(2);
    const [run] = await repository.runs();
    const cancelled = await runner.api(
      'POST',
      `${repository.api}/actions/runs/${run.id}/cancel`,
    );
    expect(cancelled.status).toBe(202);
    const done = await repository.completed();
    expect(done.conclusion).toBe('cancelled');
    const text = await repository.text(done, 'main');
    expect(text).toContain('##[error]The operation was canceled.');
    expect(text).toContain('tidied cancelled');
    expect(text).not.toContain('\nnever\n');
    expect((await repository.jobs(done)).map(job => job.conclusion)).toEqual([
      'cancelled',
      'skipped',
    ]);
    expect(scripts()).toEqual([]);
    const again = await runner.api(
      'POST',
      `${repository.api}/actions/runs/${run.id}/cancel`,
    );
    expect(again.status).toBe(409);
  });

  it('ends a job whose time is over', async () => {
    const repository = await runner.repository({
      [CI]: `on: push
jobs:
  main:
    runs-on: ubuntu-latest
    timeout-minutes: 0.02
    steps:
      - run: sleep 600
      - run: echo never
`,
    });
    const run = await repository.completed();
    expect(run.conclusion).toBe('cancelled');
    const job = await repository.job(run, 'main');
    expect(job.conclusion).toBe('cancelled');
    const annotations = await runner.json<{ message: string }[]>(
      `${repository.api}/check-runs/${job.id}/annotations`,
    );
    expect(annotations.map(each => each.message)).toContain(
      'The job has exceeded the maximum execution time of 0.02 minutes.',
    );
  });

  it('keeps one run of a concurrency group, the newest waiting, and cancels in progress if told', async () => {
    const started = path.join(runner.exchange, 'concurrency-started');
    const release = path.join(runner.exchange, 'concurrency-release');
    const workflow = (cancel: boolean) => `on: push
concurrency: { group: "ci-\${{ github.ref }}", cancel-in-progress: ${cancel} }
jobs:
  main:
    runs-on: ubuntu-latest
    steps:
      - run: echo started >> ${started}; for i in $(seq 600); do test -e ${release} && exit 0; sleep 0.1; done; exit 1
`;
    const repository = await runner.repository({ [CI]: workflow(false) });
    await written(started);
    for (const title of ['Second', 'Third']) {
      repository.commit({}, title);
      repository.push();
      await eventually(`${title} waits`, async () =>
        (await repository.runs()).find(
          run => run.display_title === title && run.status === 'pending',
        ),
      );
    }
    repository.commit({ [CI]: workflow(true) }, 'Fourth');
    repository.push();
    await eventually('Fourth began', async () =>
      (await repository.runs()).find(
        run => run.display_title === 'Fourth' && run.status === 'in_progress',
      ),
    );
    writeFileSync(release, '');
    await repository.completed(run => run.display_title === 'Fourth');
    expect(
      Object.fromEntries(
        (await repository.runs()).map(run => [
          run.display_title,
          run.conclusion,
        ]),
      ),
    ).toEqual({
      'First commit': 'cancelled',
      Second: 'cancelled',
      Third: 'cancelled',
      Fourth: 'success',
    });
  });
});

describe('re-runs and restarts', () => {
  it('runs again what failed, keeps what succeeded, and keeps the attempts', async () => {
    const marker = path.join(runner.exchange, 'rerun-marker');
    const repository = await runner.repository({
      [CI]: `on: push
jobs:
  good:
    runs-on: ubuntu-latest
    outputs: { v: "\${{ steps.s.outputs.v }}" }
    steps: [{ id: s, run: 'echo "v=kept-$GITHUB_RUN_ATTEMPT" >> "$GITHUB_OUTPUT"; echo good ran' }]
  flaky:
    needs: good
    runs-on: ubuntu-latest
    steps:
      - run: "echo attempt $GITHUB_RUN_ATTEMPT \${{ needs.good.outputs.v }} > report; cat report"
      - uses: actions/upload-artifact@v7
        with: { name: report, path: report }
      - run: "test -e ${marker}"
`,
    });
    const first = await repository.completed();
    expect(first).toMatchObject({ conclusion: 'failure', run_attempt: 1 });
    writeFileSync(marker, '');
    const rerun = await runner.api(
      'POST',
      `${repository.api}/actions/runs/${first.id}/rerun-failed-jobs`,
    );
    expect(rerun.status).toBe(201);
    const second = await repository.completed(run => run.run_attempt === 2);
    expect(second).toMatchObject({ id: first.id, conclusion: 'success' });
    expect(await repository.text(second, 'flaky')).toContain(
      'attempt 2 kept-1',
    );
    expect(await repository.text(second, 'good')).toContain('good ran');
    const old = await runner.json<{ conclusion: string }>(
      `${repository.api}/actions/runs/${first.id}/attempts/1`,
    );
    expect(old.conclusion).toBe('failure');
    expect(await repository.jobs(second, '&filter=all')).toHaveLength(4);

    const whole = await runner.api(
      'POST',
      `${repository.api}/actions/runs/${first.id}/rerun`,
    );
    expect(whole.status).toBe(201);
    const third = await repository.completed(run => run.run_attempt === 3);
    expect(await repository.text(third, 'flaky')).toContain('attempt 3 kept-3');
  });

  it('concludes what was running when the runner died, kills its processes, and starts what waited', async () => {
    const begun = path.join(runner.exchange, 'restart-begun');
    const repository = await runner.repository({
      [CI]: `on: push
concurrency: only-one
jobs:
  main:
    runs-on: ubuntu-latest
    steps:
      - run: |
          test "\${{ github.event.head_commit.message }}" = Waiting && exit 0
          setsid sleep 6001.25 &
          echo begun > ${begun}
          sleep 600
`,
    });
    await written(begun);
    repository.commit({}, 'Waiting');
    repository.push();
    await eventually('a waiting run', async () =>
      (await repository.runs()).find(run => run.status === 'pending'),
    );
    await runner.end('SIGKILL');
    await runner.start();
    const dead = await repository.completed(
      run => run.display_title === 'First commit',
    );
    expect(dead.conclusion).toBe('failure');
    expect([...scripts(), ...findProcesses('sleep 6001.25')]).toEqual([]);
    const job = await repository.job(dead, 'main');
    expect(job).toMatchObject({ status: 'completed', conclusion: 'failure' });
    expect(job.steps.every(step => step.status === 'completed')).toBe(true);
    expect(await repository.text(dead, 'main')).toContain(
      '##[error]The runner was restarted\n',
    );
    const annotations = await runner.json<{ message: string }[]>(
      `${repository.api}/check-runs/${job.id}/annotations`,
    );
    expect(annotations).toEqual([
      expect.objectContaining({ message: 'The runner was restarted' }),
    ]);
    const waited = await repository.completed(
      run => run.display_title === 'Waiting',
    );
    expect(waited.conclusion).toBe('success');
  });

  it('ends its processes when it is told to stop', async () => {
    const begun = path.join(runner.exchange, 'stop-begun');
    const repository = await runner.repository({
      [CI]: oneJob('on: push', `echo begun > ${begun}; sleep 600`),
    });
    await written(begun);
    await runner.end('SIGTERM');
    expect(scripts()).toEqual([]);
    await runner.start();
    expect((await repository.completed()).conclusion).toBe('failure');
  });

  it('ends and forgets the runs of a repository that is deleted', async () => {
    const begun = path.join(runner.exchange, 'delete-begun');
    const repository = await runner.repository({
      [CI]: oneJob('on: push', `echo begun > ${begun}; sleep 600`),
    });
    await written(begun);
    const [run] = await repository.runs();
    expect((await runner.api('DELETE', repository.api)).status).toBe(204);
    await eventually('the end of its process', async () =>
      scripts().length > 0 ? undefined : true,
    );
    expect(
      (await runner.api('GET', `${repository.api}/actions/runs/${run.id}`))
        .status,
    ).toBe(404);
  });
});

describe('tokens, secrets and the machine', () => {
  it('gives the job a token with the permissions it asked for, and takes it back', async () => {
    const tokenFile = path.join(runner.exchange, 'token');
    const repository = await runner.repository({
      [CI]: `on: push
permissions: { contents: read, issues: write }
jobs:
  main:
    runs-on: ubuntu-latest
    steps:
      - env: { TOKEN: "\${{ github.token }}" }
        run: |
          api="$GITHUB_API_URL/repos/$GITHUB_REPOSITORY"
          ask() { curl -s -o /dev/null -w '%{http_code}' -H "Authorization: Bearer $TOKEN" "$@"; }
          echo "issue $(ask -X POST "$api/issues" -d '{"title":"From a job"}')"
          echo "variable $(ask -X POST "$api/actions/variables" -d '{"name":"A","value":"b"}')"
          echo "actions $(ask "$api/actions/runs")"
          echo "write $(ask -X PUT "$api/contents/x" -d '{"message":"m","content":"eA=="}')"
          echo "token $TOKEN"
          printf '%s\\n' "$TOKEN" > ${tokenFile}
`,
    });
    const run = await repository.completed();
    const text = await repository.text(run, 'main');
    expect(text).toContain('Contents: read\nIssues: write\nMetadata: read');
    expect(text).toContain(
      'issue 201\nvariable 403\nactions 403\nwrite 403\ntoken ***\n',
    );
    const token = readFileSync(tokenFile, 'utf8').trim();
    const late = await runner.api(
      'GET',
      repository.api,
      undefined,
      `Bearer ${token}`,
    );
    expect(late.status).toBe(401);
  });

  it('opens sealed secrets for jobs only, hides them everywhere, and serves variables', async () => {
    const repository = await runner.repository(
      {
        [CI]: `on: push
jobs:
  main:
    runs-on: ubuntu-latest
    steps:
      - env: { KEY: "\${{ secrets.API_KEY }}" }
        run: |
          test "$KEY" = 's3cret "value"' && echo "known"
          echo "plain $KEY encoded $(printf %s "$KEY" | base64)"
          echo "::warning::leaks $KEY"
          echo "# $KEY" >> "$GITHUB_STEP_SUMMARY"
      - run: echo "variable \${{ vars.REGION }}"
`,
      },
      false,
    );
    await sodium.ready;
    const key = await runner.json<{ key_id: string; key: string }>(
      `${repository.api}/actions/secrets/public-key`,
    );
    const seal = (value: string) =>
      Buffer.from(
        sodium.crypto_box_seal(value, Buffer.from(key.key, 'base64')),
      ).toString('base64');
    const put = (body: unknown) =>
      runner.api('PUT', `${repository.api}/actions/secrets/api_key`, body);
    expect(
      (await put({ key_id: key.key_id, encrypted_value: 'AAAA' })).status,
    ).toBe(422);
    expect(
      (
        await put({
          key_id: key.key_id,
          encrypted_value: seal('s3cret "value"'),
        })
      ).status,
    ).toBe(201);
    expect(
      (
        await runner.api('POST', `${repository.api}/actions/variables`, {
          name: 'region',
          value: 'eu',
        })
      ).status,
    ).toBe(201);
    repository.push();
    const run = await repository.completed();
    const text = await repository.text(run, 'main');
    expect(text).toContain('known');
    expect(text).toContain('plain *** encoded ***');
    expect(text).toContain('variable eu');
    expect(text).not.toContain('s3cret');
    const page = await (
      await fetch(
        `${runner.url}/acme/${repository.name}/actions/runs/${run.id}`,
      )
    ).text();
    expect(page).toContain('leaks ***');
    expect(page).not.toContain('s3cret');
    const stored = readFileSync(path.join(runner.root, 'forge', 'forge.db'));
    expect(stored.includes('s3cret')).toBe(false);
  });

  it('sets Python up with the environment of the lock file, and keeps caches', async () => {
    const python = `requests-nothing-${Date.now()}`;
    const steps = `
      - uses: actions/checkout@v7
      - uses: actions/setup-python@v7
        with: { python-version: '3.11' }
      - uses: astral-sh/setup-uv@v9
      - run: |
          echo "env $VIRTUAL_ENV"
          uv --version
          python -c 'import sys; print("prefix", sys.prefix)'
      - uses: actions/cache@v5
        id: cache
        with: { path: "kept\\n~/.home-kept", key: "k-\${{ hashFiles('requirements.lock') }}" }
`;
    const repository = await runner.repository({
      'requirements.lock': `# ${python}\n`,
      // No machine has it: uv is to take this machine's.
      '.python-version': '3.99\n',
      [CI]: `on: push
jobs:
  one:
    runs-on: ubuntu-latest
    steps:${steps}
      - run: echo "hit=\${{ steps.cache.outputs.cache-hit }}."; mkdir -p kept; echo cached > kept/file; echo home > ~/.home-kept
  two:
    needs: one
    runs-on: ubuntu-latest
    steps:${steps}
      - run: echo "hit=\${{ steps.cache.outputs.cache-hit }}."; cat kept/file ~/.home-kept
  three:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v7
      - uses: astral-sh/setup-uv@v9
      - run: uv venv --quiet made && echo "made $(made/bin/python -c 'import sys; print(sys.base_prefix)')"
`,
    });
    const run = await repository.completed(() => true, 100);
    const [one, two, three] = await Promise.all(
      ['one', 'two', 'three'].map(name => repository.text(run, name)),
    );
    expect({ conclusion: run.conclusion, one, three }).toMatchObject({
      conclusion: 'success',
    });
    const environment = /^env (\S+)$/m.exec(one)?.[1] ?? '';
    expect(environment).toMatch(/\/envs\/[0-9a-f]{64}$/);
    expect(one).toContain(`prefix ${environment}`);
    expect(two).toContain(`env ${environment}`);
    expect(existsSync(environment)).toBe(true);
    expect(one).toContain('hit=.');
    expect(one).toContain('Cache saved with key: k-');
    expect(two).toContain('hit=true.\ncached\nhome\n');
    expect(three).toContain('Python 3.99 is not installed on this machine');
    expect(three).toMatch(/^made \//m);
  });

  it('gives jobs that run at once an environment each, and the first one to the next', async () => {
    const name = `requests-nothing-${Date.now()}-at-once`;
    const steps = `
      - uses: actions/checkout@v7
      - uses: astral-sh/setup-uv@v9
      - uses: actions/setup-python@v7
        with: { python-version: '3.11' }
      - run: |
          echo "env $VIRTUAL_ENV"
          echo "$GITHUB_JOB" > "$VIRTUAL_ENV/owner"
          meeting="$RUNNER_TOOL_CACHE/${name}"
          mkdir -p "$meeting"
          touch "$meeting/$GITHUB_JOB"
          for _ in $(seq 300); do [ "$(ls "$meeting" | wc -l)" -ge 2 ] && break; sleep 0.1; done
          sleep 0.2
          echo "owner $(cat "$VIRTUAL_ENV/owner")"
`;
    const repository = await runner.repository({
      'requirements.lock': `# ${name}\n`,
      [CI]: `on: push
jobs:
  one:
    runs-on: ubuntu-latest
    steps:${steps}
  two:
    runs-on: ubuntu-latest
    steps:${steps}
  three:
    needs: [one, two]
    runs-on: ubuntu-latest
    steps:${steps}
`,
    });
    const run = await repository.completed(() => true, 100);
    const texts = await Promise.all(
      ['one', 'two', 'three'].map(job => repository.text(run, job)),
    );
    const [one, two, three] = texts.map(
      text => /^env (\S+)$/m.exec(text)?.[1] ?? text,
    );
    expect(one).not.toBe(two);
    expect([one, two]).toContain(three);
    expect(texts[0]).toContain('owner one');
    expect(texts[1]).toContain('owner two');
  });

  it('sets this machine’s Go up, if it has one, and shares the tool cache', async () => {
    const tool = `tool-${Date.now()}`;
    const repository = await runner.repository({
      [CI]: `on: push
jobs:
  one:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/setup-go@v6
        id: go
        with: { go-version: '1.1' }
      - run: |
          echo "go \${{ steps.go.outputs.go-version }}"
          echo "caches $GOMODCACHE $GOCACHE $GOFLAGS"
      - run: mkdir -p "$RUNNER_TOOL_CACHE" && echo kept > "$RUNNER_TOOL_CACHE/${tool}"
  two:
    needs: one
    runs-on: ubuntu-latest
    steps:
      - run: cat "\${{ runner.tool_cache }}/${tool}" && rm "$RUNNER_TOOL_CACHE/${tool}"
`,
    });
    const run = await repository.completed(() => true, 100);
    const [one, two] = await Promise.all(
      ['one', 'two'].map(name => repository.text(run, name)),
    );
    expect({ conclusion: run.conclusion, two }).toMatchObject({
      conclusion: 'success',
      two: expect.stringContaining('kept'),
    });
    const said = (version: string) => [
      `Successfully set up Go ${version}`,
      `Go 1.1 is not installed on this machine; Go ${version} is used instead`,
      `go ${version}`,
      '/go/build -modcacherw',
    ];
    const { stdout, status } = spawnSync('go', ['env', 'GOVERSION'], {
      encoding: 'utf8',
    });
    for (const text of status === 0
      ? said(stdout.trim().replace(/^go/, ''))
      : ['Skipped: actions/setup-go needs Go, which is not installed']) {
      expect(one).toContain(text);
    }
  });
});

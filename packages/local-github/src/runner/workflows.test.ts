// SPDX-License-Identifier: Apache-2.0
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { RunnerUnderTest } from './__testUtils__/RunnerUnderTest';

jest.setTimeout(120_000);

const runner = new RunnerUnderTest();

beforeAll(async () => {
  await runner.start({
    PORTAL_SECRET: 'must-not-be-seen',
    AWS_PROFILE: 'mine',
  });
}, 300_000);

afterAll(() => runner.stop());

const CI = '.github/workflows/ci.yml';

/** A workflow's steps as one job `main`, and what its run must be. */
interface Case {
  title: string;
  workflow: string;
  files?: Record<string, string>;
  conclusion: string;
  jobs?: Record<string, string>;
  /** Lines that a job's log must hold, by job. */
  log?: Record<string, (string | RegExp)[]>;
  notInLog?: Record<string, string[]>;
}

const cases: Case[] = [
  {
    title: 'jobs in order of needs, outputs, env at three levels, defaults.run',
    workflow: `
on: push
env: { LEVEL: workflow, ONLY_WORKFLOW: w }
defaults: { run: { working-directory: sub } }
jobs:
  first:
    runs-on: ubuntu-latest
    env: { LEVEL: job }
    outputs: { answer: "\${{ steps.give.outputs.answer }}", both: "\${{ steps.give.outputs.multi }}" }
    steps:
      - uses: actions/checkout@v7
      - id: give
        env: { LEVEL: step }
        run: |
          echo "level=$LEVEL $ONLY_WORKFLOW in $(basename "$PWD")"
          echo "answer=42" >> "$GITHUB_OUTPUT"
          { echo 'multi<<END'; echo one; echo two; echo END; } >> "$GITHUB_OUTPUT"
          echo "FROM_FILE=written" >> "$GITHUB_ENV"
          mkdir -p "$RUNNER_TEMP/bin"; printf '#!/bin/sh\\necho my-tool ran\\n' > "$RUNNER_TEMP/bin/my-tool"; chmod +x "$RUNNER_TEMP/bin/my-tool"
          echo "$RUNNER_TEMP/bin" >> "$GITHUB_PATH"
      - run: echo "level=$LEVEL file=$FROM_FILE \${{ env.FROM_FILE }}"; my-tool
      - working-directory: .
        shell: python
        run: |
          import os
          print("python in", os.path.basename(os.getcwd()))
      - shell: sh
        run: echo "shell \$0" | sed 's/.*/sh ran/'
  second:
    needs: first
    runs-on: ubuntu-latest
    defaults: { run: { working-directory: . , shell: bash } }
    steps:
      - run: |
          echo "answer \${{ needs.first.outputs.answer }} result \${{ needs.first.result }}"
          echo "json \${{ toJSON(needs.first.outputs.both) }}"
          false | true
        continue-on-error: true
      - run: echo after
      - uses: actions/checkout@v7
        with: { fetch-depth: 0 }
      - run: echo "shallow $(git rev-parse --is-shallow-repository) on $(git branch --show-current)"
`,
    files: { 'sub/file.txt': 'x' },
    conclusion: 'success',
    jobs: { first: 'success', second: 'success' },
    log: {
      first: [
        'level=step w in sub',
        'level=job file=written written',
        'my-tool ran',
        /^python in repo-/m,
        'sh ran',
        'shell: /usr/bin/bash -e {0}',
      ],
      second: [
        'answer 42 result success',
        'shallow false on main',
        'json "one\\ntwo"',
        /shell: \S*bash --noprofile --norc -e -o pipefail \{0\}/,
        '##[error]Process completed with exit code 1.',
        'after',
      ],
    },
  },
  {
    title:
      'a failing step: later steps by condition, dependants skipped, always() runs',
    workflow: `
on: push
jobs:
  test:
    runs-on: ubuntu-latest
    steps:
      - run: exit 3
        id: broken
      - run: echo must not run
      - if: failure()
        run: echo "outcome \${{ steps.broken.outcome }} \${{ job.status }}"
      - if: always() && steps.broken.conclusion == 'failure'
        run: echo cleaned up
      - if: success()
        run: echo neither
  after:
    needs: test
    runs-on: ubuntu-latest
    steps: [{ run: echo no }]
  report:
    needs: [test, after]
    if: always()
    runs-on: ubuntu-latest
    steps: [{ run: "echo results \${{ needs.test.result }} \${{ needs.after.result }}" }]
  alarm:
    needs: test
    if: failure()
    runs-on: ubuntu-latest
    steps: [{ run: echo alarm }]
`,
    conclusion: 'failure',
    jobs: {
      test: 'failure',
      after: 'skipped',
      report: 'success',
      alarm: 'success',
    },
    log: {
      test: [
        '##[error]Process completed with exit code 3.',
        'outcome failure failure',
        'cleaned up',
      ],
      report: ['results failure skipped'],
    },
    notInLog: { test: ['\nmust not run', '\nneither'] },
  },
  {
    title:
      'matrix with include and exclude, job-level continue-on-error, max-parallel',
    workflow: `
on: push
jobs:
  test:
    runs-on: ubuntu-latest
    continue-on-error: \${{ matrix.may-fail == true }}
    strategy:
      fail-fast: false
      max-parallel: 1
      matrix:
        python: ['3.11', '3.12']
        os: [a, b]
        exclude: [{ python: '3.12', os: b }]
        include:
          - { python: '3.11', os: a, extra: yes-extra }
          - { python: '3.13', os: c, may-fail: true }
    steps:
      - run: echo "\${{ matrix.python }} \${{ matrix.os }} \${{ matrix.extra }} \${{ strategy.job-index }}/\${{ strategy.job-total }}"
      - if: matrix.may-fail
        run: exit 1
`,
    conclusion: 'success',
    jobs: {
      'test (3.11, a, yes-extra)': 'success',
      'test (3.11, b)': 'success',
      'test (3.12, a)': 'success',
      'test (3.13, c, true)': 'failure',
    },
    log: { 'test (3.11, a, yes-extra)': ['3.11 a yes-extra 0/4'] },
  },
  {
    title: 'a matrix out of another job, and fail-fast',
    workflow: `
on: push
jobs:
  plan:
    runs-on: ubuntu-latest
    outputs: { list: "\${{ steps.p.outputs.list }}" }
    steps: [{ id: p, run: 'echo "list=[1,2,3]" >> $GITHUB_OUTPUT' }]
  work:
    needs: plan
    runs-on: ubuntu-latest
    strategy:
      max-parallel: 1
      matrix: { n: "\${{ fromJSON(needs.plan.outputs.list) }}" }
    steps: [{ run: "echo number \${{ matrix.n }}; test \${{ matrix.n }} != 1" }]
`,
    conclusion: 'failure',
    log: { 'work (1)': ['\nnumber 1\n', 'exit code 1'] },
    jobs: {
      plan: 'success',
      'work (1)': 'failure',
      'work (2)': 'cancelled',
      'work (3)': 'cancelled',
    },
  },
  {
    title: 'artifacts between jobs: names, patterns, merge-multiple; hashFiles',
    workflow: `
on: push
jobs:
  one:
    runs-on: ubuntu-latest
    steps:
      - run: mkdir -p out/deep && echo model > out/deep/model.txt && echo hidden > out/.secret && echo m > metrics.json
      - uses: actions/upload-artifact@v7
        id: up
        with: { name: dist-model, path: out }
      - run: echo "artifact \${{ steps.up.outputs.artifact-id != '' }}"
      - uses: actions/upload-artifact@v7
        with: { name: dist-metrics, path: "*.json" }
      - uses: actions/upload-artifact@v7
        with: { name: nothing, path: "*.nope" }
      - uses: actions/upload-artifact@v7
        continue-on-error: true
        with: { name: nothing, path: "*.nope", if-no-files-found: error }
      - uses: actions/upload-artifact@v7
        continue-on-error: true
        with: { name: dist-model, path: out }
  two:
    needs: one
    runs-on: ubuntu-latest
    steps:
      - uses: actions/download-artifact@v8
        with: { name: dist-model, path: got }
      - run: find got -type f | sort
      - uses: actions/download-artifact@v8
        with: { pattern: "dist-*", path: all }
      - run: find all -type f | sort
      - uses: actions/download-artifact@v8
        with: { pattern: "dist-*", path: merged, merge-multiple: true }
      - run: find merged -type f | sort
      - run: test "\${{ hashFiles('merged/*.json', '!merged/deep') }}" = "$(sha256sum merged/metrics.json | cut -d' ' -f1 | xxd -r -p | sha256sum | cut -d' ' -f1)" && echo hash agrees
      - run: test -z "\${{ hashFiles('nope/**') }}"
`,
    conclusion: 'success',
    log: {
      one: [
        'artifact true',
        '##[warning]No files were found with the provided path: *.nope. No artifacts will be uploaded.',
        '##[error]No files were found with the provided path: *.nope. No artifacts will be uploaded.',
        '409) Conflict: an artifact with this name already exists',
      ],
      two: [
        '\ngot/deep/model.txt\n',
        '\nall/dist-metrics/metrics.json\nall/dist-model/deep/model.txt\n',
        '\nmerged/deep/model.txt\nmerged/metrics.json\n',
        'hash agrees',
      ],
    },
    notInLog: { two: ['.secret'] },
  },
  {
    title:
      'workflow commands: annotations, groups, masks, debug, stop-commands',
    workflow: `
on: push
jobs:
  main:
    runs-on: ubuntu-latest
    steps:
      - run: |
          echo "::group::My group"
          echo "::error file=src/a.py,line=3,endLine=4,title=Bad%3A%2C::It broke%0Aon two lines"
          echo "::warning::careful"
          echo "::notice title=Note::look"
          echo "::debug::not shown"
          echo "::endgroup::"
          echo "::add-mask::hunter2"
          echo "password hunter2 aHVudGVyMg=="
          echo "::stop-commands::token9"
          echo "::error::only text"
          echo "::token9::"
          echo "::set-output name=old::value"
        id: s
      - run: echo "old \${{ steps.s.outputs.old }}"
      - run: |
          echo "# Report" >> "$GITHUB_STEP_SUMMARY"
          echo "<script>alert(1)</script> hunter2" >> "$GITHUB_STEP_SUMMARY"
`,
    conclusion: 'success',
    log: {
      main: [
        '##[group]My group',
        '##[error]It broke\non two lines',
        '##[warning]careful',
        '##[notice]look',
        '##[endgroup]',
        'password *** ***\n',
        '::error::only text',
        'old value',
      ],
    },
    notInLog: { main: ['hunter2\n', '##[debug]'] },
  },
  {
    title:
      'what needs Docker, a cloud or a secret is skipped, and what depends on that too',
    workflow: `
on: push
jobs:
  image:
    runs-on: ubuntu-latest
    outputs: { digest: "\${{ steps.push.outputs.digest }}" }
    steps:
      - run: echo before
      - uses: docker/build-push-action@v7
        id: push
        with: { push: true }
      - run: echo "sign \${{ steps.push.outputs.digest }}"
      - uses: someone/unknown-action@v1
      - run: docker build .
      - run: echo "\${{ secrets.NOT_THERE }}"
      - run: echo "fallback \${{ secrets.NOT_THERE || 'none' }}"
      - uses: actions/setup-node@v7
      - uses: actions/upload-artifact@v7
        with: { name: image-amd64, path: image/, if-no-files-found: error }
      - run: echo after
  scan:
    needs: image
    runs-on: ubuntu-latest
    steps:
      - uses: actions/download-artifact@v8
        with: { name: image-amd64 }
      - uses: actions/download-artifact@v8
        with: { pattern: image-*, path: images }
      - run: echo scanned
  hand-off:
    needs: image
    runs-on: ubuntu-latest
    steps:
      - env: { DIGEST: "\${{ needs.image.outputs.digest }}" }
        run: echo "hand off $DIGEST"
      - run: echo still here
  contained:
    runs-on: ubuntu-latest
    container: python:3.12
    steps: [{ run: echo no }]
  served:
    runs-on: ubuntu-latest
    services: { db: { image: postgres } }
    steps: [{ run: echo no }]
  windows:
    runs-on: windows-latest
    steps: [{ run: echo no }]
`,
    conclusion: 'success',
    jobs: {
      image: 'success',
      scan: 'success',
      'hand-off': 'success',
      contained: 'skipped',
      served: 'skipped',
      windows: 'skipped',
    },
    log: {
      image: [
        'Skipped: docker/build-push-action needs a Docker engine, which the local platform does not have',
        'Skipped: steps.push.outputs.digest would come from a step that the local platform skipped',
        'Skipped: someone/unknown-action has no local equivalent',
        'Skipped: `docker` needs a Docker engine',
        'Skipped: the secret NOT_THERE is not set in this repository',
        'fallback none',
        'Skipped: its files would come from a step that the local platform skipped',
        '\nafter',
      ],
      scan: [
        /(Skipped: the artifact image-amd64 would come from a step that the local platform skipped[^]*){2}/,
        'scanned',
      ],
      'hand-off': [
        'Skipped: needs.image.outputs.digest would come from a step that the local platform skipped',
        'still here',
      ],
      contained: ['Skipped: the job runs in a container'],
      windows: ['Skipped: the job asks for windows-latest'],
    },
  },
  {
    title:
      'composite actions of the repository, nested, with inputs and outputs',
    workflow: `
on: push
jobs:
  main:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v7
      - id: greet
        uses: ./.github/actions/greet
        with: { who: World }
        env: { TONE: loud }
      - run: echo "said \${{ steps.greet.outputs.said }} tone=$TONE."
      - id: fails
        uses: ./.github/actions/fails
        continue-on-error: true
      - run: echo "outcome \${{ steps.fails.outcome }}"
      - uses: ./.github/actions/none
`,
    files: {
      '.github/actions/greet/action.yml': `
name: Greet
description: Says hello
inputs: { who: { description: Whom }, greeting: { description: How, default: Hello } }
outputs: { said: { description: What, value: "\${{ steps.say.outputs.said }}" } }
runs:
  using: composite
  steps:
    - id: say
      shell: bash
      run: |
        echo "said=\${{ inputs.greeting }} \${{ inputs.who }}" >> "$GITHUB_OUTPUT"
        echo "tone $TONE path $(basename "$GITHUB_ACTION_PATH")"
    - uses: ./.github/actions/inner
`,
      '.github/actions/inner/action.yml': `
name: Inner
description: Inner
runs: { using: composite, steps: [{ run: echo inner ran, shell: bash }] }
`,
      '.github/actions/fails/action.yml': `
name: Fails
description: Fails
runs:
  using: composite
  steps:
    - { run: exit 5, shell: bash }
    - { run: echo not reached, shell: bash }
    - { if: failure(), run: echo inside on failure, shell: bash }
`,
    },
    conclusion: 'failure',
    log: {
      main: [
        'tone loud path greet',
        'inner ran',
        'said Hello World tone=.',
        'inside on failure',
        'outcome failure',
        "##[error]Can't find 'action.yml' or 'action.yaml'",
      ],
    },
    notInLog: { main: ['\nnot reached'] },
  },
  {
    title:
      'JavaScript actions of the repository: inputs, outputs, state, post, failure',
    workflow: `
on: push
jobs:
  main:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v7
      - id: greet
        uses: ./.github/actions/greet
        with: { who: World, Max-Length: '9', secret: "\${{ secrets.NOT_THERE }}" }
        env: { TONE: loud }
      - run: echo "said \${{ steps.greet.outputs.said }} then $FROM_ACTION"
      - id: fails
        uses: ./.github/actions/fails
        continue-on-error: true
      - run: echo "outcome \${{ steps.fails.outcome }} with \${{ steps.fails.outputs.reason }}"
      - uses: ./.github/actions/slow
        timeout-minutes: 0.02
`,
    files: {
      '.github/actions/greet/action.yml': `
name: Greet
description: Says hello
inputs:
  who: { description: Whom, required: true }
  max-length: { description: How much }
  secret: { description: A secret }
  repository: { description: Where, default: "\${{ github.repository }}" }
outputs: { said: { description: What } }
runs: { using: node24, main: dist/main.js, post: dist/post.js }
`,
      '.github/actions/greet/dist/main.js': `
const fs = require('node:fs');
const { env } = process;
console.log('::group::inside');
console.log(JSON.stringify([env.INPUT_WHO, env['INPUT_MAX-LENGTH'], env.INPUT_SECRET, env.INPUT_REPOSITORY.slice(0, 5), env.TONE]));
console.log('::endgroup::');
console.log('here ' + (process.cwd() === env.GITHUB_WORKSPACE) + ' home ' + fs.existsSync(require('node:path').join(env.HOME, '.ssh')));
fs.appendFileSync(env.GITHUB_OUTPUT, 'said<<END\\nHello ' + env.INPUT_WHO + '\\nEND\\n');
fs.appendFileSync(env.GITHUB_ENV, 'FROM_ACTION=all\\n');
fs.appendFileSync(env.GITHUB_STATE, 'kept=for later\\n');
`,
      '.github/actions/greet/dist/post.js': `
console.log('post of ' + process.env.INPUT_WHO + ' kept ' + process.env.STATE_kept);
`,
      '.github/actions/fails/action.yml': `
name: Fails
description: Fails
outputs: { reason: { description: Why } }
runs: { using: node20, main: index.js }
`,
      '.github/actions/fails/index.js': `
require('node:fs').appendFileSync(process.env.GITHUB_OUTPUT, 'reason=mine\\n');
console.log('::error::It says why');
process.exitCode = 3;
`,
      '.github/actions/slow/action.yml': `
name: Slow
description: Slow
runs: { using: node24, main: index.js }
`,
      '.github/actions/slow/index.js': `setTimeout(() => {}, 60_000);`,
    },
    conclusion: 'failure',
    log: {
      main: [
        /^\["World","9","",".*","loud"\]$/m,
        'here true home false',
        'said Hello World then all',
        '##[error]It says why',
        'outcome failure with mine',
        /has timed out after 0\.02 minutes/,
        'post of World kept for later',
      ],
    },
    notInLog: { main: ['Process completed', 'The operation was canceled'] },
  },
  {
    title:
      'a called workflow: inputs, outputs, its own jobs, lower permissions',
    workflow: `
on: push
permissions: { contents: read }
jobs:
  call:
    uses: ./.github/workflows/called.yml
    with: { level: 7 }
    secrets: inherit
  after:
    needs: call
    runs-on: ubuntu-latest
    steps: [{ run: "echo from call \${{ needs.call.outputs.result }}" }]
  elsewhere:
    uses: other/repository/.github/workflows/x.yml@v1
`,
    files: {
      '.github/workflows/called.yml': `
on:
  workflow_call:
    inputs: { level: { type: number, required: true }, mode: { type: string, default: quiet } }
    outputs: { result: { value: "\${{ jobs.inner.outputs.r }}" } }
permissions: { contents: write, issues: write }
jobs:
  inner:
    runs-on: ubuntu-latest
    outputs: { r: "\${{ steps.s.outputs.r }}" }
    steps: [{ id: s, run: 'echo "r=\${{ inputs.level }}-\${{ inputs.mode }}" >> "$GITHUB_OUTPUT"' }]
`,
    },
    conclusion: 'failure',
    jobs: {
      'call / inner': 'success',
      after: 'success',
      elsewhere: 'failure',
    },
    log: {
      after: ['from call 7-quiet'],
      'call / inner': ['Contents: read'],
    },
    notInLog: { 'call / inner': ['Issues: write', 'Contents: write'] },
  },
  {
    title: 'hostile text in expressions is text, and the environment is clean',
    workflow: `
on: push
run-name: "Run of \${{ github.event.head_commit.message }}"
jobs:
  main:
    runs-on: ubuntu-latest
    steps:
      - env: { MESSAGE: "\${{ github.event.head_commit.message }}" }
        run: |
          printf 'message: %s\\n' "$MESSAGE"
          env | sort
      - run: echo '\${{ github.constructor }}\${{ env.__proto__ }}\${{ github.event['__proto__'] }}|\${{ fromJSON('{"__proto__":{"x":1}}').x }}|'
      - run: echo "\${{ format('{0}{{0}}', 'a') }} \${{ contains('Hello', 'ELL') }} \${{ 1 == '1' }} \${{ join(github.event.commits.*.message, '-') != '' }}"
      - run: echo "\${{ fromJSON('not json') }}"
        continue-on-error: true
      - run: |
          cat <<'TEXT'
          quotes '\${{ github.event_name }}' "it's" ''two'' {0} \${{ '}}' }}
            indented \${{ github.ref_name }}
          TEXT
      - shell: python
        run: |
          if True:
              print('folded', '\${{ github.ref_name }}')
      - run: >
          echo folded
          \${{ github.ref_name }}
          into one line
      - if: "\${{ fromJSON('nope') }}"
        run: echo no
`,
    conclusion: 'failure',
    log: {
      main: [
        'message: $(touch /tmp/x) `id` "; exit 1 ${{ secrets.GITHUB_TOKEN }}',
        '\n||\n',
        'a{0} true true true',
        "\nquotes 'push' \"it's\" ''two'' {0} }}\n  indented main\n",
        '\nfolded main\n',
        '\nfolded main into one line\n',
        '##[error]Error parsing JSON when evaluating fromJson',
      ],
    },
    notInLog: { main: ['must-not-be-seen', 'AWS_PROFILE', 'PORTAL_SECRET'] },
  },
  {
    title: 'step time limits, hidden outputs, bad file commands, a long line',
    workflow: `
on: push
jobs:
  main:
    runs-on: ubuntu-latest
    timeout-minutes: 50000
    outputs: { leak: "\${{ steps.mask.outputs.v }}", fine: ok }
    steps:
      - run: sleep 60
        timeout-minutes: 0.01
        continue-on-error: true
      - run: echo "no equals sign" >> "$GITHUB_OUTPUT"
        continue-on-error: true
      - run: echo "NODE_OPTIONS=--inspect" >> "$GITHUB_ENV"
        continue-on-error: true
      - run: echo "GITHUB_TOKEN=x" >> "$GITHUB_ENV"
        continue-on-error: true
      - id: mask
        timeout-minutes: 50000
        run: echo "::add-mask::topsecret"; echo "v=topsecret" >> "$GITHUB_OUTPUT"
      - run: head -c 200000 /dev/zero | tr '\\0' x
      - run: echo no shell
        shell: nosuchshell {0}
        continue-on-error: true
      - run: (sleep 300 & echo "left $!" )
`,
    conclusion: 'success',
    log: {
      main: [
        /##\[error\]The action 'Run sleep 60' has timed out after 0\.01 minutes\./,
        "##[error]Invalid format 'no equals sign'",
        "##[error]Can't store NODE_OPTIONS",
        "##[error]Can't store GITHUB_TOKEN",
        "##[warning]Skip output 'leak' since it may contain secret.",
        '##[error]nosuchshell: command not found',
        /Terminate orphan process: pid \(\d+\) \(sleep\)/,
      ],
    },
  },
];

describe('workflows', () => {
  it.each(cases)(
    '$title',
    async ({ workflow, files, conclusion, jobs, log, notInLog }) => {
      const repository = await runner.repository(
        { ...files, [CI]: `name: CI${workflow}` },
        false,
      );
      repository.commit(
        {},
        '$(touch /tmp/x) `id` "; exit 1 ${{ secrets.GITHUB_TOKEN }}',
      );
      repository.push();
      const run = await repository.completed();
      const found = await repository.jobs(run);
      const conclusions =
        jobs &&
        Object.fromEntries(found.map(job => [job.name, job.conclusion]));
      const isExpected =
        run.conclusion === conclusion && isDeepStrictEqual(conclusions, jobs);
      const outcome = {
        conclusion: run.conclusion,
        jobs: conclusions,
        // What a failure needs to be understood.
        logs: isExpected
          ? ''
          : await Promise.all(found.map(job => repository.text(run, job.name))),
      };
      expect(outcome).toEqual({ conclusion, jobs, logs: '' });
      for (const [name, lines] of Object.entries(log ?? {})) {
        const text = await repository.text(run, name);
        for (const line of lines) {
          expect(text).toMatch(line);
        }
      }
      for (const [name, lines] of Object.entries(notInLog ?? {})) {
        const text = await repository.text(run, name);
        lines.forEach(line => expect(text).not.toContain(line));
      }
      expect(readdirSync(path.join(runner.workDir, 'jobs'))).toEqual([]);
    },
  );
});

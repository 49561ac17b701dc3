// SPDX-License-Identifier: Apache-2.0
import { execFileSync } from 'node:child_process';
import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import {
  changeSchema,
  suspectSchema,
  type Change,
} from '@greenroom/plugin-triage-common';
import { compareRuns } from './compareRuns';
import { fileRoles } from './fileRoles';
import { testSubject } from './testSubject';
import type { CommitFacts, CompareRunsInput } from './types';

const NOTHING: CompareRunsInput = {
  failureType: 'unit-test',
  evidence: [],
  findings: [],
  excerpt: [],
};

const lines = (text: string) =>
  text.split('\n').map((line, index) => ({ number: index + 1, text: line }));

const commit = (
  sha: string,
  files: Array<string | CommitFacts['files'][number]>,
  message = sha,
): CommitFacts => ({
  sha,
  message,
  files: files.map(file =>
    typeof file === 'string' ? { path: file, status: 'modified' } : file,
  ),
});

const kind = (changes: Change[], wanted: Change['kind']) =>
  changes
    .filter(change => change.kind === wanted)
    .map(({ kind: _, ...rest }) => rest);

/** Dependencies that differ between two texts of one file. */
function dependencies(file: string, before: string, after: string) {
  const { changes } = compareRuns({
    ...NOTHING,
    green: { files: { [file]: before } },
    failed: { files: { [file]: after } },
  });
  return kind(changes, 'dependency').map(
    ({ name, before: was = '–', after: is = '–' }) => `${name} ${was} → ${is}`,
  );
}

describe('compareRuns', () => {
  it.each([
    [
      'requirements.lock',
      'numpy==2.1.0 \\\n    --hash=sha256:00\nScikit_Learn[all]==1.5.1 ; python_version > "3.9"\n# old==1\n-r base.txt\n',
      'numpy==2.1.0 \\\n    --hash=sha256:11\nscikit-learn==1.5.2\nfastapi>=0.110,<1\n',
      ['fastapi – → >=0.110,<1', 'scikit-learn 1.5.1 → 1.5.2'],
    ],
    [
      'requirements/dev.txt',
      'pytest~=8.0 # tests\r\nmodel @ https://example.com/model-1.whl\r\n',
      'pytest~=8.1\r\nmodel @ https://example.com/model-2.whl\r\n',
      [
        'model https://example.com/model-1.whl → https://example.com/model-2.whl',
        'pytest ~=8.0 → ~=8.1',
      ],
    ],
    [
      'pyproject.toml',
      '[project]\nname = "churn"\nversion = "0.1.0"\ndependencies = [\n  "pandas>=2.1",\n  "uvicorn[standard]==0.30", # server\n]\n[project.optional-dependencies]\ndev = ["ruff==0.5.0"]\n[tool.x]\nnumpy = "1"\n',
      '[project]\nname = "churn"\nversion = "0.2.0"\ndependencies = [\n  "pandas>=2.2",\n  "uvicorn[standard]==0.31",\n]\n[project.optional-dependencies]\ndev = ["ruff==0.6.0"]\n[tool.x]\nnumpy = "2"\n',
      ['pandas >=2.1 → >=2.2', 'ruff 0.5.0 → 0.6.0', 'uvicorn 0.30 → 0.31'],
    ],
    [
      'pyproject.toml',
      '[tool.poetry.dependencies]\npython = "^3.10"\nrequests = {version = "^2.31", extras = ["socks"]}\n',
      '[tool.poetry.dependencies]\npython = "^3.11"\nrequests = {version = "^2.32", extras = ["socks"]}\n',
      ['requests ^2.31 → ^2.32'],
    ],
    [
      'uv.lock',
      'version = 1\n[[package]]\nname = "torch"\nversion = "2.3.0"\n\n[[package]]\nname = "six"\nversion = "1.16"\n',
      'version = 2\n[[package]]\nname = "torch"\nversion = "2.4.0"\n\n[[package]]\nname = "six"\nversion = "1.16"\n',
      ['torch 2.3.0 → 2.4.0'],
    ],
    [
      'Pipfile.lock',
      '{"default": {"flask": {"version": "==3.0.0"}}, "develop": {}}',
      '{"default": {"flask": {"version": "==3.0.3"}}, "develop": {}}',
      ['flask 3.0.0 → 3.0.3'],
    ],
    [
      'web/package.json',
      '{"version": "1.0.0", "dependencies": {"react": "^18.2.0"}, "devDependencies": {"jest": "29"}}',
      '{"version": "1.1.0", "dependencies": {"react": "^18.3.0"}, "devDependencies": {"jest": "29"}}',
      ['react ^18.2.0 → ^18.3.0'],
    ],
    [
      'package-lock.json',
      '{"packages": {"": {"version": "1"}, "node_modules/a": {"version": "1.0.0"}, "node_modules/@x/b/node_modules/a": {"version": "0.9.0"}}}',
      '{"packages": {"": {"version": "2"}, "node_modules/a": {"version": "1.0.1"}, "node_modules/@x/b/node_modules/a": {"version": "0.9.0"}}}',
      ['a 0.9.0, 1.0.0 → 0.9.0, 1.0.1'],
    ],
    [
      'yarn.lock',
      '"@babel/core@npm:^7.0.0, @babel/core@npm:^7.1.0":\n  version: 7.24.0\n  resolution: x\n\n"app@workspace:.":\n  version: 0.0.0-use.local\n',
      '"@babel/core@npm:^7.0.0, @babel/core@npm:^7.1.0":\n  version: 7.25.0\n  resolution: x\n\n"app@workspace:.":\n  version: 0.0.0-use.local\n',
      ['@babel/core 7.24.0 → 7.25.0'],
    ],
    [
      'yarn.lock',
      'lodash@^4.17.0, lodash@^4.17.21:\n  version "4.17.20"\n  resolved "x"\n',
      'lodash@^4.17.0, lodash@^4.17.21:\n  version "4.17.21"\n  resolved "x"\n',
      ['lodash 4.17.20 → 4.17.21'],
    ],
    [
      'pnpm-lock.yaml',
      "lockfileVersion: '9.0'\npackages:\n  '@types/node@20.1.0':\n    resolution: {}\n  ms@2.1.2:\n    resolution: {}\n",
      "lockfileVersion: '9.0'\npackages:\n  '@types/node@20.2.0':\n    resolution: {}\n  ms@2.1.2:\n    resolution: {}\n",
      ['@types/node 20.1.0 → 20.2.0'],
    ],
    [
      'go.mod',
      'module example.com/x\n\ngo 1.22\n\nrequire (\n\tk8s.io/api v0.30.0\n\tgithub.com/a/b/v2 v2.1.0 // indirect\n)\n',
      'module example.com/x\n\ngo 1.23\n\nrequire (\n\tk8s.io/api v0.31.0\n\tgithub.com/a/b/v2 v2.1.0 // indirect\n)\n',
      ['go 1.22 → 1.23', 'k8s.io/api v0.30.0 → v0.31.0'],
    ],
    [
      'deploy/serve.Dockerfile',
      'ARG VERSION=3.11\nFROM python:${VERSION}-slim AS base\nFROM base\nFROM ghcr.io:443/acme/tools@sha256:aaaaaaaaaaaaaaaaaaaa\n',
      'ARG VERSION=3.12\nFROM --platform=linux/amd64 python:${VERSION}-slim AS base\nFROM base\nFROM ghcr.io:443/acme/tools@sha256:aaaaaaaaaaaaaaaaaaaa\n',
      ['python 3.11-slim → 3.12-slim'],
    ],
    [
      'pom.xml',
      '<project><properties><jackson.version>2.16.0</jackson.version></properties><dependencies><dependency><groupId>org.x</groupId><artifactId>y</artifactId><version>1.0</version></dependency></dependencies></project>',
      '<project><properties><jackson.version>2.17.0</jackson.version></properties><dependencies><dependency><groupId>org.x</groupId><artifactId>y</artifactId><version>1.1</version></dependency></dependencies></project>',
      ['jackson.version 2.16.0 → 2.17.0', 'org.x:y 1.0 → 1.1'],
    ],
    [
      'app/build.gradle.kts',
      'implementation("com.google.guava:guava:32.0-jre")\ntestImplementation("junit:junit:4.13")',
      'implementation("com.google.guava:guava:33.0-jre")\ntestImplementation("junit:junit:4.13")',
      ['com.google.guava:guava 32.0-jre → 33.0-jre'],
    ],
    [
      'environment.yml',
      'dependencies:\n  - python=3.10\n  - numpy=1.26=py310\n  - pip:\n      - mlflow==3.0.0\n',
      'dependencies:\n  - python=3.11\n  - numpy=1.26=py310\n  - pip:\n      - mlflow==3.1.0\n',
      ['mlflow 3.0.0 → 3.1.0', 'python 3.10 → 3.11'],
    ],
    [
      'models/churn/overlays/dev/kustomization.yaml',
      'images:\n  - name: model\n    newName: ghcr.io/acme/churn\n    digest: sha256:aaaaaaaaaaaaaaaaaaaa\n',
      'images:\n  - name: model\n    newName: ghcr.io/acme/churn\n    digest: sha256:bbbbbbbbbbbbbbbbbbbb\n',
      ['ghcr.io/acme/churn sha256:aaaaaaaaaaaa → sha256:bbbbbbbbbbbb'],
    ],
    ['package.json', '{"dependencies": {"a": "1"}', '{', []],
    ['poetry.lock', '', '\u0000\u0001[[package', []],
  ])('reads the dependencies of %s', (file, before, after, expected) => {
    expect(dependencies(file, before, after)).toEqual(expected);
    expect(dependencies(file, after, after)).toEqual([]);
  });

  it('reads dependencies from patches where the files are not given', () => {
    const patch = (text: string) => ({
      path: 'requirements.txt',
      status: 'modified',
      patch: text,
    });
    const { changes } = compareRuns({
      ...NOTHING,
      commits: [
        commit('a', [
          patch(
            '@@ -1,3 +1,3 @@\n numpy==2.0\n-pandas==2.1\n+pandas==2.2\n-old==1',
          ),
        ]),
        commit('b', [
          patch(
            '@@ -1,2 +1,3 @@\n numpy==2.0\n-pandas==2.2\n+pandas==2.3\n+new==1',
          ),
        ]),
        commit('c', [
          {
            path: 'web/package.json',
            patch:
              '@@ -4,1 +4,1 @@\n-    "vite": "^5.1.0",\n+    "vite": "^5.2.0",',
          },
        ]),
      ],
    });
    expect(kind(changes, 'dependency')).toEqual([
      { name: 'new', after: '1' },
      { name: 'old', before: '1' },
      { name: 'pandas', before: '2.1', after: '2.3' },
      { name: 'vite', before: '^5.1.0', after: '^5.2.0' },
    ]);
  });

  it('tells a package once that several files name in the same versions', () => {
    const files = (version: string) => ({
      'pyproject.toml': `[project]\ndependencies = ["pandas==${version}"]\n`,
      'requirements.lock': `pandas==${version}\n`,
      'serving/requirements.lock': `pandas==2.0\n`,
    });
    const { changes } = compareRuns({
      ...NOTHING,
      green: { files: files('2.1') },
      failed: { files: files('2.2') },
    });
    expect(changes).toEqual([
      { kind: 'dependency', name: 'pandas', before: '2.1', after: '2.2' },
    ]);
  });

  it('compares workflows: versions of actions, and each other value where it stands', () => {
    const workflow = (
      pin: string,
      version: string,
      runner: string,
      extra: string,
    ) => `
name: CI
on: {push: {branches: [main]}}
jobs:
  test:
    runs-on: ${runner}
    timeout-minutes: 20
    steps:
      - uses: actions/checkout@${pin} # v${version}
      - uses: ./.github/actions/set-up
      - uses: docker://alpine:3.${version.length}
      - name: Test
        run: make test${extra}
`;
    const old = '8e8c483db84b4bee98b60c0593521ed34d9990e8';
    const now = '3d3c42e5aac5ba805825da76410c181273ba90b1';
    const file = '.github/workflows/ci.yml';
    const { changes } = compareRuns({
      ...NOTHING,
      commits: [commit('a', [file, '.github/workflows/new.yml', 'README.md'])],
      green: {
        files: {
          [file]: workflow(old, '7.0.0', 'ubuntu-22.04', ''),
          '.github/actions/set-up/action.yml':
            'runs:\n  steps:\n    - uses: actions/setup-python@v5\n',
          '.github/workflows/broken.yml': 'uses: [',
        },
      },
      failed: {
        files: {
          [file]: workflow(now, '7.0.1', 'ubuntu-24.04', ' -j4'),
          '.github/actions/set-up/action.yml':
            'runs:\n  steps:\n    - uses: actions/setup-python@v6\n',
          '.github/workflows/broken.yml': 'jobs: {a: {uses: x/y@v1}}',
        },
      },
    });
    expect(kind(changes, 'action')).toEqual([
      {
        name: 'actions/checkout',
        before: 'v7.0.0 (8e8c483)',
        after: 'v7.0.1 (3d3c42e)',
      },
      { name: 'actions/setup-python', before: 'v5', after: 'v6' },
    ]);
    expect(kind(changes, 'workflow')).toEqual([
      {
        name: `${file}: jobs.test.runs-on`,
        before: 'ubuntu-22.04',
        after: 'ubuntu-24.04',
      },
      {
        name: `${file}: jobs.test.steps[Test].run`,
        before: 'make test',
        after: 'make test -j4',
      },
      { name: '.github/workflows/new.yml', after: 'modified' },
    ]);
    expect(kind(changes, 'file')).toEqual([
      { name: 'README.md', after: 'modified' },
    ]);
  });

  it('says which jobs and steps took far longer', () => {
    const { changes } = compareRuns({
      ...NOTHING,
      green: {
        durations: {
          test: 40,
          'test / Run': 20,
          'test / Set up': 1,
          build: 600,
          gone: 5,
        },
      },
      failed: {
        durations: {
          test: 340,
          'test / Run': 310,
          'test / Set up': 20,
          build: 1100,
          added: 900,
        },
      },
    });
    expect(changes).toEqual([
      { kind: 'duration', name: 'test', before: '40 s', after: '5 min 40 s' },
      {
        kind: 'duration',
        name: 'test / Run',
        before: '20 s',
        after: '5 min 10 s',
      },
    ]);
  });

  it('compares a candidate with the champion: the metric of the gate first, then what moved most', () => {
    const { changes } = compareRuns({
      ...NOTHING,
      failureType: 'gate',
      findings: [
        {
          tool: 'gate',
          kind: 'gate',
          rule: 'gate-threshold',
          message: 'Gate FAILED',
          severity: 'high',
          extra: { metric: 'f1_macro' },
        },
      ],
      champion: {
        params: { depth: '12', seed: '7' },
        metrics: {
          f1_macro: 0.84,
          accuracy: 0.9,
          recall_churned: 0.8,
          rmse: 0,
          same: 1,
        },
        dataDigest: '8f14',
        libraries: { numpy: '2.0', pandas: '2.1' },
      },
      candidate: {
        params: { depth: '3', seed: '7', extra: 'x' },
        metrics: {
          f1_macro: 0.84,
          accuracy: 0.88,
          recall_churned: 0.4,
          constructor: NaN,
          same: 1,
        },
        dataDigest: 'c9f0',
        libraries: { numpy: '2.0', pandas: '2.2' },
      },
    });
    expect(changes).toEqual([
      { kind: 'metric', name: 'f1_macro', before: '0.84', after: '0.84' },
      { kind: 'metric', name: 'recall_churned', before: '0.8', after: '0.4' },
      { kind: 'metric', name: 'accuracy', before: '0.9', after: '0.88' },
      { kind: 'metric', name: 'constructor', after: 'NaN' },
      { kind: 'metric', name: 'rmse', before: '0' },
      { kind: 'data', name: 'digest', before: '8f14', after: 'c9f0' },
      { kind: 'parameter', name: 'depth', before: '12', after: '3' },
      { kind: 'parameter', name: 'extra', after: 'x' },
      { kind: 'library', name: 'pandas', before: '2.1', after: '2.2' },
    ]);
  });

  it('says what became of each file in the end', () => {
    const { changes } = compareRuns({
      ...NOTHING,
      commits: [
        commit('a', [
          { path: 'src/new.py', status: 'added' },
          { path: 'src/short.py', status: 'added' },
          { path: 'src/old.py', status: 'modified' },
        ]),
        commit('b', [
          { path: 'src/new.py', status: 'modified' },
          { path: 'src/short.py', status: 'removed' },
          { path: 'src/old.py', status: 'removed' },
        ]),
      ],
    });
    expect(kind(changes, 'file')).toEqual([
      { name: 'src/new.py', after: 'added' },
      { name: 'src/old.py', after: 'removed' },
    ]);
  });

  it('caps what is told of a kind and says how much more there is', () => {
    const { changes, suspects } = compareRuns({
      ...NOTHING,
      commits: Array.from({ length: 300 }, (_, index) =>
        commit(`c${index}`, [`src/f${index}.py`]),
      ),
    });
    expect(changes).toHaveLength(201);
    expect(changes.at(-1)).toEqual({ kind: 'file', name: 'and 100 more' });
    expect(suspects).toHaveLength(50);
  });
});

describe('suspects', () => {
  const traceback = lines(`Traceback (most recent call last):
  File "/home/runner/work/churn/churn/src/churn/train.py", line 88, in main
    frame = load(path)
  File "/home/runner/work/churn/churn/src/churn/data.py", line 42, in load
    return pd.read_csv(path)
  File "/opt/venv/lib/python3.12/site-packages/pandas/io/parsers/readers.py", line 1026, in read_csv
ValueError: could not convert string to float: 'n/a'`);

  it('ranks by what commits touch of what fails', () => {
    const { suspects } = compareRuns({
      ...NOTHING,
      failureType: 'data-loading',
      evidence: [
        { source: 'log', line: 4, quote: traceback[3].text },
        { source: 'log', line: 7, quote: traceback[6].text },
      ],
      excerpt: traceback,
      commits: [
        commit('docs', ['README.md', 'docs/index.md'], 'Say more\n\nbody'),
        commit('other', ['src/serving/app.py']),
        commit('beside', ['src/churn/features.py']),
        commit('config', ['data/churn.csv']),
        commit('library', [
          {
            path: 'requirements.lock',
            patch: '@@ -9,1 +9,1 @@\n-pandas==2.2.3\n+pandas==3.0.0',
          },
        ]),
        commit('frame', ['src/churn/train.py']),
        commit('elsewhere', [
          {
            path: 'src/churn/data.py',
            patch: '@@ -1,3 +1,4 @@\n import os\n+import sys',
          },
        ]),
        commit('culprit', [
          {
            path: 'src/churn/data.py',
            patch: '@@ -38,6 +38,9 @@ def load(path)\n+x',
          },
        ]),
        commit('merge', []),
      ],
    });
    expect(suspects.map(({ sha, score }) => [sha, score])).toEqual([
      ['culprit', 1],
      ['library', 0.93],
      ['elsewhere', 0.85],
      ['frame', 0.7],
      ['config', 0.6],
      ['beside', 0.4],
      ['other', 0.05],
      ['merge', 0],
      ['docs', 0],
    ]);
    expect(suspects[0].reasons[0]).toBe(
      'changes src/churn/data.py around line 42, which the failure names',
    );
    expect(suspects[1].reasons).toEqual([
      'changes pandas in requirements.lock, which the failure names',
      'changes versions of dependencies (requirements.lock), a usual cause of this type of failure',
    ]);
    expect(suspects[8]).toEqual({
      sha: 'docs',
      message: 'Say more',
      score: 0,
      reasons: ['changes documentation'],
    });
    expect(suspects[7].reasons).toEqual([
      'which files it changes is not known',
    ]);
  });

  it.each([
    [
      'pytest',
      'FAILED tests/test_data.py::test_it - KeyError',
      'src/churn/data.py',
    ],
    [
      'Go',
      '--- FAIL: TestParse (0.00s)\n    parse_test.go:12: wrong',
      'pkg/parse.go',
    ],
    ['Jest', 'FAIL src/cart.test.ts\n  ● adds', 'src/cart.ts'],
    [
      'Java',
      'at org.acme.CartTest.adds(CartTest.java:12)\nat org.acme.Cart.add(Cart.java:7)',
      'src/main/java/org/acme/Cart.java',
    ],
    [
      'a dotted name',
      'ERROR in churn.features.ratios: division by zero',
      'src/churn/features.py',
    ],
    ['tsc', 'src/api/client.ts(12,5): error TS2322: no', 'src/api/client.ts'],
    [
      'Windows',
      'File "D:\\a\\churn\\churn\\src\\churn\\data.py", line 4',
      'src/churn/data.py',
    ],
    ['make', 'Makefile:12: *** missing separator.  Stop.', 'Makefile'],
    [
      'a container',
      'File "/app/churn/data.py", line 4, in load',
      'src/churn/data.py',
    ],
  ])('finds the file that %s names', (_, text, file) => {
    const { suspects } = compareRuns({
      ...NOTHING,
      excerpt: lines(text),
      commits: [
        commit('named', [file]),
        commit('generic', ['web/src/index.ts', 'other/__init__.py']),
        commit('word', ['wrong', 'error', 'at', 'main.go']),
      ],
    });
    expect(suspects[0].sha).toBe('named');
    expect(suspects[0].score).toBeGreaterThanOrEqual(0.6);
    expect(suspects.slice(1).every(({ score }) => score < 0.5)).toBe(true);
  });

  it('counts the findings of the scan that failed, not of another', () => {
    const finding = (toolKind: 'sca' | 'lint', file: string) => ({
      tool: 'sarif' as const,
      kind: toolKind,
      rule: 'r',
      message: 'm',
      severity: 'high' as const,
      file,
      line: 3,
      package: toolKind === 'sca' ? 'jinja2' : undefined,
    });
    const { suspects } = compareRuns({
      ...NOTHING,
      failureType: 'sca',
      findings: [
        finding('sca', 'requirements.lock'),
        finding('lint', 'src/a.py'),
      ],
      commits: [
        commit('lint', ['src/a.py']),
        commit('lock', [
          {
            path: 'requirements.lock',
            patch: '@@ -1 +1 @@\n-jinja2==3.1.6\n+jinja2==3.1.2',
          },
        ]),
      ],
    });
    expect(suspects.map(({ sha }) => sha)).toEqual(['lock', 'lint']);
    expect(suspects[1].score).toBe(0.05);
  });

  it('finds the commit in a real history', () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'compare-'));
    const git = (...args: string[]) =>
      execFileSync('git', args, {
        cwd: folder,
        encoding: 'utf8',
        env: {
          PATH: process.env.PATH,
          HOME: folder,
          GIT_CONFIG_NOSYSTEM: '1',
          GIT_AUTHOR_NAME: 'Ada',
          GIT_AUTHOR_EMAIL: 'ada@example.com',
          GIT_COMMITTER_NAME: 'Ada',
          GIT_COMMITTER_EMAIL: 'ada@example.com',
        },
      });
    const save = (message: string, files: Record<string, string>) => {
      for (const [name, text] of Object.entries(files)) {
        mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
        writeFileSync(path.join(folder, name), text);
      }
      git('add', '.');
      git('commit', '-q', '-m', message);
      return git('rev-parse', 'HEAD').trim();
    };
    const source = (divisor: string) =>
      `${'# a line\n'.repeat(39)}def ratio(frame):\n    return frame["tenure"] / ${divisor}\n`;
    try {
      git('init', '-q', '-b', 'main');
      const green = save('Begin', {
        'src/churn/features.py': source('12'),
        'requirements.lock': 'pandas==2.2.3\nnumpy==2.1.0\n',
        'README.md': '# churn\n',
      });
      save('Say who owns it', { 'README.md': '# churn\n\nOwned by us.\n' });
      const culprit = save('Years, not months', {
        'src/churn/features.py': source('0'),
      });
      save('Newer libraries', {
        'requirements.lock': 'pandas==2.3.1\nnumpy==2.1.0\n',
      });
      const commits = git('rev-list', '--reverse', `${green}..HEAD`)
        .trim()
        .split('\n')
        .map((sha): CommitFacts => {
          const names = git(
            'diff-tree',
            '--no-commit-id',
            '--name-only',
            '-r',
            sha,
          )
            .trim()
            .split('\n');
          return {
            sha,
            message: git('log', '-1', '--format=%B', sha),
            author: git('log', '-1', '--format=%an', sha).trim(),
            files: names.map(name => {
              const patch = git('show', '--format=', sha, '--', name);
              return {
                path: name,
                status: 'modified',
                patch: patch.slice(patch.indexOf('@@')),
              };
            }),
          };
        });
      const input: CompareRunsInput = {
        ...NOTHING,
        commits,
        excerpt: lines(
          'src/churn/features.py:41: in ratio\nE   ZeroDivisionError: division by zero',
        ),
      };
      const { changes, suspects } = compareRuns(input);
      expect(suspects.map(({ message }) => message)).toEqual([
        'Years, not months',
        'Newer libraries',
        'Say who owns it',
      ]);
      expect(suspects[0]).toMatchObject({
        sha: culprit,
        author: 'Ada',
        score: 1,
      });
      expect(changes).toEqual([
        { kind: 'dependency', name: 'pandas', before: '2.2.3', after: '2.3.1' },
        { kind: 'file', name: 'README.md', after: 'modified' },
        { kind: 'file', name: 'requirements.lock', after: 'modified' },
        { kind: 'file', name: 'src/churn/features.py', after: 'modified' },
      ]);
      expect(compareRuns(input)).toEqual({ changes, suspects });
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

describe('any input', () => {
  const FILES = [
    'requirements.txt',
    'pyproject.toml',
    'poetry.lock',
    'package.json',
    'package-lock.json',
    'yarn.lock',
    'pnpm-lock.yaml',
    'go.mod',
    'pom.xml',
    'build.gradle',
    'environment.yml',
    'kustomization.yaml',
    'Dockerfile',
    '.github/workflows/ci.yml',
    '__proto__',
    'constructor',
  ];
  const file = fc.constantFrom(...FILES);

  it('gives a valid comparison', () => {
    const text = fc.string({ unit: 'binary', maxLength: 200 });
    fc.assert(
      fc.property(file, text, text, fc.string(), (name, before, after, sha) => {
        const { changes, suspects } = compareRuns({
          ...NOTHING,
          excerpt: lines(before),
          evidence: [{ source: 's', line: 1, quote: after }],
          green: { files: { [name]: before }, durations: { [name]: 1 } },
          failed: { files: { [name]: after }, durations: { [name]: 1e9 } },
          commits: [
            commit(sha, [
              { path: name, patch: before },
              { path: after, patch: after },
            ]),
          ],
        });
        expect(changes).toEqual(
          changes.map(change => changeSchema.parse(change)),
        );
        expect(suspects).toEqual(
          suspects.map(suspect => suspectSchema.parse(suspect)),
        );
      }),
      { numRuns: 300 },
    );
  });

  it.each([
    'a',
    ' ',
    '.',
    '=',
    '0',
    '[',
    '/',
    '-',
    '"',
    '<',
    '$',
    '${a',
    '@a',
    'a.',
    'a/',
    'a=',
    'a:1',
    'a-',
    '\n',
    '\n  ',
    '\na: ',
    '\nFROM a:',
    '\n[a',
    '\n"a": "1',
    '<properties>',
    '<dependency>',
    'File "',
    'require a.b',
    'site-packages/',
    '@@ -1 +1',
    '&a *a',
  ])(
    'does not hang on many %j',
    part => {
      const hostile = part.repeat(Math.ceil(65_536 / part.length));
      // The YAML parser is slow in Jest's sandbox.
      const text = hostile.slice(0, 6000);
      const commits = FILES.map(name =>
        commit('a', [{ path: name, patch: text }, hostile]),
      );
      const files = Object.fromEntries(FILES.map(name => [name, text]));
      const { suspects } = compareRuns({
        ...NOTHING,
        failureType: 'sca',
        excerpt: [{ number: 1, text: hostile }],
        evidence: [{ source: 's', line: 1, quote: hostile }],
        commits,
        green: { files },
        failed: {
          files: Object.fromEntries(
            FILES.map(name => [name, `${text}\nx==1\n`]),
          ),
        },
      });
      expect(suspects).toHaveLength(FILES.length);
      expect(fileRoles(hostile)).not.toEqual([]);
      expect(testSubject(hostile)).toBeUndefined();
    },
    60_000,
  );
});

// SPDX-License-Identifier: Apache-2.0

// `npm run template`, through its own command line: what it renders, what it refuses with which
// sentence, what its check finds, and the tools that the check needs.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { findPython } from '../packages/local-platform/bootstrap/python.mjs';
import {
  greenroom,
  makePath,
  root,
  temporaryFolder,
  withEnv,
} from './testing/helpers.mjs';

/**
 * @param {string[]} args
 * @param {{ input?: string | object, cwd?: string }} [options]
 * @returns {Promise<{ code: number | null, stdout: string, stderr: string }>}
 */
function template(args, { input = '', cwd = root } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [greenroom, 'template', ...args], {
      cwd,
      env: withEnv({ INIT_CWD: cwd }),
    });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', chunk => (stdout += chunk));
    child.stderr.on('data', chunk => (stderr += chunk));
    child.on('error', reject);
    child.on('close', code => resolve({ code, stdout, stderr }));
    child.stdin.on('error', () => {});
    child.stdin.end(typeof input === 'string' ? input : JSON.stringify(input));
  });
}

/** @param {string} name */
async function defaultsOf(name) {
  const { code, stdout, stderr } = await template([
    'render',
    name,
    '--defaults',
  ]);
  assert.equal(code, 0, stderr);
  return JSON.parse(stdout);
}

const filesIn = (/** @type {string} */ folder) =>
  fs
    .readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry =>
      path.relative(folder, path.join(entry.parentPath, entry.name)),
    );

/** @param {string} text */
const dataUrl = text =>
  `data:text/csv;base64,${Buffer.from(text).toString('base64')}`;

const CSV = `alter;umsatz;größe;ziel\n${Array.from(
  { length: 220 },
  (_, row) =>
    `${20 + (row % 50)};${row},5;${row % 3 ? 'S' : ''};${row % 2 ? 'ja' : 'nein'}`,
).join('\n')}\n`;

describe('render', () => {
  /** @type {string} */
  let folder;
  /** @type {any} */
  let defaults;
  before(async () => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'greenroom-template-'));
    defaults = await defaultsOf('model-service');
  });
  after(() => fs.rmSync(folder, { recursive: true }));

  for (const name of ['model-service', 'infra-manifests']) {
    test(`${name}: what --defaults prints renders as it is, from standard input`, async () => {
      const out = path.join(folder, name);
      const { code, stdout, stderr } = await template(
        ['render', name, '--values', '-', '--out', name],
        { input: await defaultsOf(name), cwd: folder },
      );
      assert.equal(code, 0, stderr);
      const files = filesIn(out);
      assert.match(stdout, new RegExp(`${files.length} files in ${out}`));
      assert.ok(files.includes('catalog-info.yaml'));
      const record = JSON.parse(
        fs.readFileSync(path.join(out, '.greenroom/template.json'), 'utf8'),
      );
      assert.equal(record.template, `template:default/${name}`);

      const again = await template(
        ['render', name, '--values', '-', '--out', out],
        { input: await defaultsOf(name) },
      );
      assert.equal(again.code, 2);
      assert.match(
        again.stderr,
        /--out: .* is not empty; name an empty folder/,
      );
      assert.deepEqual(filesIn(out), files);
    });
  }

  test("a person's own table, as the form sends it, arrives byte for byte", async () => {
    const values = path.join(folder, 'values.json');
    fs.writeFileSync(
      values,
      JSON.stringify({
        ...defaults,
        data: {
          dataset: 'csv',
          target: 'ziel',
          task: 'classification',
          csvName: 'kunden.csv',
          csvUpload: dataUrl(CSV),
        },
      }),
    );
    const out = path.join(folder, 'csv');
    const { code, stderr } = await template([
      'render',
      'model-service',
      '--values',
      values,
      '--out',
      out,
    ]);
    assert.equal(code, 0, stderr);
    assert.equal(
      fs.readFileSync(path.join(out, 'data/churn-model.csv'), 'utf8'),
      CSV,
    );
  });

  /** @type {Array<[string, (values: any) => unknown, RegExp]>} */
  const REFUSED = [
    [
      'a name that is none, in the words of the schema',
      values => ({ ...values, name: 'Churn Model' }),
      /^name: Start with a lower-case letter and use only a-z, 0-9/m,
    ],
    [
      'what is missing, each by its own sentence',
      ({ name: _name, owner: _owner, ...values }) => values,
      /^name: Give the model a name\.\nowner: Choose the group that answers for the model\.$/m,
    ],
    [
      'a nested value, with its place',
      values => ({
        ...values,
        repository: { ...values.repository, owner: '-x-' },
      }),
      /^repository\.owner: Give the GitHub organisation or user by its login/m,
    ],
    [
      'a parameter that the form does not have',
      values => ({ ...values, framwork: 'xgboost' }),
      /^framwork: The form has no such parameter; it has name, description/m,
    ],
    [
      'choices that do not fit, in the words of the action',
      values => ({
        ...values,
        model: { framework: 'xgboost', format: 'native' },
        delivery: { ...values.delivery, gpu: true },
      }),
      /delivery\.gpu: Only PyTorch in its own format uses the GPU here/,
    ],
    [
      'a name that Python has',
      values => ({ ...values, name: 'mlflow' }),
      /name: .*has a module 'mlflow' already/,
    ],
    [
      'a table with one class',
      values => ({
        ...values,
        data: {
          dataset: 'csv',
          target: 'ziel',
          task: 'classification',
          csvUpload: dataUrl(CSV.replaceAll('nein', 'ja')),
        },
      }),
      /data\.target: /,
    ],
    [
      'what is not JSON',
      () => '{"name": ',
      /--values: standard input is not JSON/,
    ],
    ['what is no object', () => '[]', /--values: .* one JSON object/],
  ];
  for (const [what, change, sentence] of REFUSED) {
    test(`refuses ${what}`, async () => {
      const out = path.join(folder, 'refused');
      const { code, stdout, stderr } = await template(
        ['render', 'model-service', '--values', '-', '--out', out],
        { input: /** @type {any} */ (change(structuredClone(defaults))) },
      );
      assert.match(stderr, sentence);
      assert.equal(code, 2);
      assert.equal(stdout, '');
      assert.ok(!fs.existsSync(out));
    });
  }

  test('refuses a command line that says too little, with what is missing', async () => {
    const cases = /** @type {Array<[string[], RegExp]>} */ ([
      [['render'], /render takes one template: .*model-service/],
      [
        ['render', 'model-service'],
        /takes --values FILE\.json .* and --out DIR/,
      ],
      [
        ['render', 'no-such', '--defaults'],
        /no template "no-such": give .*model-service/,
      ],
      [['render', 'model-service', '--valus', 'x'], /--valus/],
      [['rander'], /no command "rander"; there are render, check and upgrade/],
      [
        ['render', 'model-service', '--values', 'none.json', '--out', 'x'],
        /--values: none\.json cannot be read/,
      ],
    ]);
    for (const [args, sentence] of cases) {
      const { code, stderr } = await template(args, { cwd: folder });
      assert.match(stderr, sentence);
      assert.equal(code, 2, args.join(' '));
    }
    const help = await template(['--help']);
    assert.equal(help.code, 0);
    assert.match(help.stdout, /--defaults/);
  });

  test('renders a template from anywhere, with its executables and large files', async () => {
    const own = path.join(folder, 'own');
    fs.mkdirSync(path.join(own, 'content/bin'), { recursive: true });
    fs.writeFileSync(
      path.join(own, 'template.yaml'),
      `apiVersion: scaffolder.backstage.io/v1beta3
kind: Template
metadata: { name: own }
spec:
  type: service
  parameters:
    required: [who]
    properties:
      who: { type: string, default: world, pattern: '^[a-z]+$', errorMessage: { pattern: Write it small. } }
      loud: { type: boolean, default: false }
  steps:
    - action: fetch:template
      input:
        url: ./content
        templateFileExtension: true
        values: { who: '\${{ parameters.who }}' }
`,
    );
    const large = 'x'.repeat(40_000);
    fs.writeFileSync(path.join(own, 'content/large.txt'), large);
    fs.writeFileSync(
      path.join(own, 'content/bin/hello.njk'),
      '#!/bin/sh\necho hello ${{ values.who }}\n',
      { mode: 0o755 },
    );
    const rendered = await template(
      ['render', './own', '--values', '-', '--out', 'made'],
      { input: { who: 'moon' }, cwd: folder },
    );
    assert.equal(rendered.code, 0, rendered.stderr);
    const out = path.join(folder, 'made');
    assert.deepEqual(filesIn(out).sort(), ['bin/hello', 'large.txt']);
    assert.equal(fs.readFileSync(path.join(out, 'large.txt'), 'utf8'), large);
    assert.match(
      fs.readFileSync(path.join(out, 'bin/hello'), 'utf8'),
      /echo hello moon/,
    );
    assert.ok(fs.statSync(path.join(out, 'bin/hello')).mode & 0o100);

    const file = path.join(own, 'template.yaml');
    const defaulted = await template(['render', file, '--defaults']);
    assert.deepEqual(JSON.parse(defaulted.stdout), {
      who: 'world',
      loud: false,
    });
    const refused = await template(
      ['render', file, '--values', '-', '--out', path.join(folder, 'no')],
      { input: { who: 'MOON' } },
    );
    assert.match(refused.stderr, /^who: Write it small\.$/m);
    assert.equal(refused.code, 2);
  });

  test('check names each fault that was planted, by linter and file', async () => {
    const out = path.join(folder, 'planted');
    const made = await template(
      ['render', 'model-service', '--values', '-', '--out', out],
      { input: defaults },
    );
    assert.equal(made.code, 0, made.stderr);
    const write = (/** @type {string} */ file, /** @type {string} */ text) =>
      fs.appendFileSync(path.join(out, file), text);
    fs.rmSync(path.join(out, 'mkdocs.yml'));
    write('leftover.txt', 'nothing');
    write('README.md', '\n${{ values.name }}\n');
    write('config.yaml', '\n: [\n');
    write('Dockerfile', '\nRUN cd /tmp && sudo apt-get install curl\n');
    write('src/churn_model/model.py', '\nx = eval( "1" )\n');
    write(
      '.github/workflows/planted.yml',
      'name: Planted\non: [push]\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: actions/checkout@v4\n      - run: echo ${{ github.event.issue.title }} ${{ nothing.here }}\n',
    );
    write('deploy/overlays/prod/kustomization.yaml', '\nnonsense: true\n');
    const { code, stdout } = await template(['check', 'planted'], {
      cwd: folder,
    });
    assert.equal(code, 1, stdout);
    // A linter's lines: its own, and those that are indented below it.
    const said = (/** @type {string} */ linter) =>
      new RegExp(`^✗ ${linter}.*\\n((?: {4}.*\\n)*)`, 'm').exec(stdout)?.[1] ??
      '';
    assert.match(said('exact set of files'), /mkdocs\.yml: is missing/);
    assert.match(said('exact set of files'), /leftover\.txt: does not belong/);
    assert.match(said('nothing left unrendered'), /README\.md: .*values\.name/);
    assert.match(said('YAML and JSON'), /config\.yaml/);
    if (!/- actionlint.*skipped/.test(stdout)) {
      assert.match(said('actionlint'), /planted\.yml:8.*untrusted/);
    }
    assert.match(said('zizmor'), /planted\.yml/);
    assert.match(said('hadolint'), /Dockerfile:\d+ DL/);
    assert.match(said('ruff format'), /model\.py/);
    assert.match(said('flake8'), /model\.py:\d+:\d+: E201/);
    assert.match(said('bandit'), /model\.py/);
    assert.ok(said('promises of the template'));
    if (!/- kustomize.*skipped/.test(stdout)) {
      assert.match(said('kustomize'), /deploy\/overlays\/prod.*nonsense/);
    }
  });

  test('check refuses a folder that no template has made', async () => {
    const { code, stderr } = await template(['check', folder]);
    assert.equal(code, 2);
    assert.match(stderr, /has no \.greenroom\/template\.json/);
    const none = await template(['check', path.join(folder, 'nowhere')]);
    assert.equal(none.code, 2);
    assert.match(none.stderr, /There is no folder/);
  });
});

describe('the tools', () => {
  /**
   * Asks for kubeconform in a process of its own, as two suites at once do.
   *
   * @param {NodeJS.ProcessEnv} env
   * @returns {Promise<{ path?: string, reason?: string }>}
   */
  const getKubeconform = env =>
    new Promise((resolve, reject) => {
      const child = spawn(
        process.execPath,
        [
          '--input-type=module',
          '-e',
          `import { getTool } from './scripts/lib/tools.mjs';
           console.log(JSON.stringify(await getTool('kubeconform')));`,
        ],
        {
          cwd: root,
          // A shim on this machine's PATH would not find what it stands for.
          env: withEnv({ ...env, GREENROOM_PYTHON: findPython().command }),
          stdio: ['ignore', 'pipe', 'inherit'],
        },
      );
      let stdout = '';
      child.stdout.on('data', chunk => (stdout += chunk));
      child.on('error', reject);
      child.on('close', () => resolve(JSON.parse(stdout)));
    });

  const REAL = ['sh', 'env', 'sleep'];

  test('say why one cannot be had, without Go and when a build fails', async t => {
    const folder = temporaryFolder(t);
    const cache = path.join(folder, 'cache');
    const without = await getKubeconform({
      GREENROOM_CACHE_DIR: cache,
      PATH: makePath(path.join(folder, 'none'), {}, REAL),
    });
    assert.equal(without.path, undefined);
    assert.match(without.reason ?? '', /needs Go/);

    const broken = await getKubeconform({
      GREENROOM_CACHE_DIR: cache,
      PATH: makePath(
        path.join(folder, 'broken'),
        { go: 'test "$1" = version || { echo no network >&2; exit 1; }' },
        REAL,
      ),
    });
    assert.equal(broken.path, undefined);
    assert.match(broken.reason ?? '', /could not be built: .*no network/);
  });

  test('are built once when two ask, and whole', async t => {
    const folder = temporaryFolder(t);
    const module = path.join(folder, 'module');
    fs.mkdirSync(module);
    const count = path.join(folder, 'count');
    const env = {
      GREENROOM_CACHE_DIR: path.join(folder, 'cache'),
      PATH: makePath(
        path.join(folder, 'bin'),
        {
          go: `case "$1" in
            mod) echo '{"Dir": "${module}"}' ;;
            build)
              echo built >> '${count}'
              while [ "$1" != -o ]; do shift; done
              sleep 1
              echo '#!/bin/sh' > "$2" ;;
          esac`,
        },
        REAL,
      ),
    };
    const [one, two] = await Promise.all([
      getKubeconform(env),
      getKubeconform(env),
    ]);
    assert.ok(one.path && fs.existsSync(one.path), `${one.reason}`);
    assert.equal(two.path, one.path);
    assert.equal(fs.readFileSync(count, 'utf8'), 'built\n');
    assert.match(one.path, /tools\/kubeconform-[\d.]+\/kubeconform$/);
  });
});

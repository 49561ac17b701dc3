// SPDX-License-Identifier: Apache-2.0

// Downloads that fail, break or are interrupted: the real npm, Yarn, pip and uv against a registry on
// loopback that can be cut off.
import assert from 'node:assert/strict';
import { execFile, execFileSync, spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { Problem } from '../packages/local-platform/bootstrap/Problem.mjs';
import {
  ensureNode,
  isSupportedNode,
} from '../packages/local-platform/bootstrap/node.mjs';
import {
  isAlive,
  killLeftBehind,
  startTimeOf,
} from '../packages/local-platform/bootstrap/processes.mjs';
import { findPython } from '../packages/local-platform/bootstrap/python.mjs';
import {
  discardPythonEnvironment,
  ensurePythonEnvironment,
} from '../packages/local-platform/bootstrap/pythonEnvironment.mjs';
import { ensureWorkspace } from '../packages/local-platform/bootstrap/workspace.mjs';
import {
  pidOf,
  root,
  temporaryFolder,
  waitFor,
  withEnv,
} from './testing/helpers.mjs';
import { startMiniRegistry } from './testing/miniRegistry.mjs';

const DEAD = 'http://127.0.0.1:9';
const cacheDir =
  process.env.GREENROOM_CACHE_DIR ?? path.join(root, '.greenroom', 'cache');
const locksDir = path.join(root, 'packages', 'local-platform', 'python');

/** @type {Awaited<ReturnType<typeof startMiniRegistry>>} */
let registry;
before(async () => {
  registry = await startMiniRegistry();
});
after(() => registry.close());

/** Problems are told apart from defects by what they carry. @param {RegExp} message @param {RegExp} remedy */
const problem = (message, remedy) => (/** @type {unknown} */ error) => {
  assert.ok(error instanceof Problem, String(error));
  assert.match(error.message, message);
  assert.match(error.remedy.join(' '), remedy);
  return true;
};

test('Node is fetched through npm when the running one will not do, and a broken fetch leaves nothing', async t => {
  assert.ok(isSupportedNode('24.21.0') && isSupportedNode('22.14.0'));
  assert.ok(
    !isSupportedNode('22.3.0') &&
      !isSupportedNode('20.19.0') &&
      !isSupportedNode('23.1.0'),
  );
  const cache = temporaryFolder(t);
  const running = { command: '/usr/bin/old-node', version: '20.1.0' };
  const npm = (/** @type {string} */ registryUrl) => ({
    ...process.env,
    npm_config_registry: registryUrl,
    npm_config_cache: path.join(cache, 'npm'),
    npm_config_offline: 'false',
  });
  const fetch = (/** @type {string} */ url) =>
    ensureNode({ cacheDir: cache, running, env: npm(url) });
  const nothingLeft = () =>
    assert.deepEqual(
      fs.existsSync(path.join(cache, 'node'))
        ? fs.readdirSync(path.join(cache, 'node'))
        : [],
      [],
    );

  await assert.rejects(
    fetch(DEAD),
    problem(
      /Node 24 is needed \(this is 20\.1\.0\)/,
      /connection to the npm registry/,
    ),
  );
  nothingLeft();

  const prefix =
    process.platform === 'darwin' && process.arch === 'arm64'
      ? 'node-bin'
      : 'node';
  registry.addNpm(`${prefix}-${process.platform}-${process.arch}`, '24.99.0', {
    'bin/node': '#!/bin/sh\necho v24.99.0\n',
  });
  registry.cut(true);
  await assert.rejects(
    fetch(registry.url),
    problem(/could not be fetched/, /npm start/),
  );
  nothingLeft();

  registry.cut(false);
  const runtime = await fetch(registry.url);
  assert.equal(runtime.version, '24.99.0');
  assert.ok(runtime.command.startsWith(cache));
  // Later starts need no network.
  assert.deepEqual(await fetch(DEAD), runtime);
  // A file that was cut short is found out and fetched again.
  fs.writeFileSync(runtime.command, '');
  assert.equal((await fetch(registry.url)).version, '24.99.0');
  // The running one is taken when it will do.
  const own = { command: process.execPath, version: '24.1.0' };
  assert.equal(
    await ensureNode({ cacheDir: cache, running: own, env: npm(DEAD) }),
    own,
  );
});

test('the packages: no network, a changed package.json, and nothing to do', async t => {
  const project = temporaryFolder(t);
  const global = temporaryFolder(t);
  fs.mkdirSync(path.join(project, '.yarn'));
  fs.symlinkSync(
    path.join(root, '.yarn', 'releases'),
    path.join(project, '.yarn', 'releases'),
  );
  const manifest = (/** @type {Record<string, string>} */ dependencies) => {
    fs.writeFileSync(
      path.join(project, 'package.json'),
      JSON.stringify({ name: 'probe', private: true, dependencies }),
    );
  };
  fs.writeFileSync(
    path.join(project, '.yarnrc.yml'),
    'nodeLinker: node-modules\n',
  );
  const yarn = path.join(
    root,
    '.yarn',
    'releases',
    fs.readdirSync(path.join(root, '.yarn', 'releases'))[0],
  );
  const env = (/** @type {string} */ url) =>
    withEnv({
      YARN_GLOBAL_FOLDER: global,
      YARN_NPM_REGISTRY_SERVER: url,
      YARN_UNSAFE_HTTP_WHITELIST: '127.0.0.1',
      YARN_HTTP_RETRY: '0',
      YARN_ENABLE_IMMUTABLE_INSTALLS: 'false',
      CI: undefined,
    });
  const ensure = (/** @type {string} */ url) =>
    ensureWorkspace({
      root: project,
      node: process.execPath,
      env: env(url),
      logsDir: path.join(project, 'logs'),
    });
  registry.addNpm('probe-dependency', '1.0.0', {
    'index.js': 'module.exports = 42;\n',
  });
  registry.addNpm('probe-other', '1.0.0', { 'index.js': '' });
  manifest({ 'probe-dependency': '1.0.0' });
  // Not synchronously: the registry answers from this process.
  await promisify(execFile)(
    process.execPath,
    [yarn, 'install', '--mode=update-lockfile'],
    {
      cwd: project,
      env: env(registry.url),
    },
  );
  fs.rmSync(global, { recursive: true, force: true });
  fs.rmSync(path.join(project, 'node_modules'), {
    recursive: true,
    force: true,
  });

  await assert.rejects(
    ensure(DEAD),
    problem(
      /packages could not be installed/,
      /connection to the npm registry.*npm start/,
    ),
  );
  registry.cut(true);
  await assert.rejects(
    ensure(registry.url),
    problem(/packages could not be installed/, /npm start/),
  );
  registry.cut(false);
  assert.equal(await ensure(registry.url), true);
  assert.equal(
    fs.readFileSync(
      path.join(project, 'node_modules', 'probe-dependency', 'index.js'),
      'utf8',
    ),
    'module.exports = 42;\n',
  );
  const before = registry.requests.length;
  assert.equal(await ensure(registry.url), false);
  assert.equal(registry.requests.length, before);

  // An archive in Yarn's cache that a crash cut short is dropped and fetched again.
  const archives = path.join(global, 'cache');
  const [archive] = fs
    .readdirSync(archives)
    .filter(name => name.startsWith('probe-dependency-npm-'));
  fs.writeFileSync(path.join(archives, archive), 'broken');
  fs.rmSync(path.join(project, 'node_modules'), { recursive: true });
  assert.equal(await ensure(registry.url), true);
  assert.ok(
    fs.existsSync(
      path.join(project, 'node_modules', 'probe-dependency', 'index.js'),
    ),
  );

  manifest({ 'probe-dependency': '1.0.0', 'probe-other': '1.0.0' });
  await assert.rejects(
    ensure(registry.url),
    problem(/yarn\.lock does not fit/, /yarn install/),
  );
  manifest({ 'probe-dependency': '1.0.0' });
  assert.equal(await ensure(registry.url), true);
});

test('the Python environment is whole or absent: no network, a cut connection, damage, two at once', async t => {
  const cache = temporaryFolder(t);
  const locks = temporaryFolder(t);
  const python = findPython();
  fs.copyFileSync(
    path.join(locksDir, 'toolchain.lock'),
    path.join(locks, 'toolchain.lock'),
  );
  const hash = registry.addWheel('greenroom_probe', '1.0');
  fs.writeFileSync(
    path.join(locks, 'probe.lock'),
    `greenroom-probe==1.0 --hash=sha256:${hash}\n`,
  );
  const envs = path.join(cache, 'envs');
  const saved = { ...process.env };
  t.after(() => {
    process.env = saved;
  });
  const ensure = async (/** @type {string} */ index) => {
    process.env = withEnv({
      UV_DEFAULT_INDEX: index,
      PIP_INDEX_URL: index,
      PIP_FIND_LINKS: undefined,
      UV_FIND_LINKS: undefined,
      UV_HTTP_RETRIES: '0',
      PIP_NO_CACHE_DIR: '1',
    });
    return ensurePythonEnvironment({
      name: 'probe',
      python,
      locksDir: locks,
      cacheDir: cache,
    });
  };
  const answers = (/** @type {{ python: string }} */ environment) =>
    execFileSync(
      environment.python,
      ['-c', 'import greenroom_probe; print(greenroom_probe.ANSWER)'],
      {
        encoding: 'utf8',
      },
    ).trim();

  await assert.rejects(
    ensure(DEAD),
    problem(/uv could not be installed from PyPI/, /connection to PyPI/),
  );
  assert.deepEqual(
    fs.existsSync(path.join(cache, 'uv'))
      ? fs.readdirSync(path.join(cache, 'uv'))
      : [],
    [],
  );

  // uv itself is the one that `npm test` has prepared.
  fs.cpSync(path.join(cacheDir, 'uv'), path.join(cache, 'uv'), {
    recursive: true,
  });
  await assert.rejects(
    ensure(DEAD),
    problem(/environment of probe could not be made/, /connection to PyPI/),
  );
  registry.cut(true);
  await assert.rejects(
    ensure(`${registry.url}/simple`),
    problem(/could not be made/, /npm start/),
  );
  registry.cut(false);
  assert.deepEqual(
    fs.readdirSync(envs).filter(name => !name.endsWith('.lock')),
    [],
  );

  // A start that was killed half-way has left its temporary folder.
  const made = await ensure(`${registry.url}/simple`);
  assert.equal(answers(made), '42');
  const folder = path.dirname(path.dirname(made.python));
  fs.mkdirSync(`${folder}.tmp/bin`, { recursive: true });
  assert.deepEqual(
    await ensure(DEAD),
    made,
    'a whole environment needs no network',
  );

  const damage = {
    'a package is gone': () => {
      const lib = path.join(
        folder,
        'lib',
        fs.readdirSync(path.join(folder, 'lib'))[0],
        'site-packages',
      );
      fs.rmSync(path.join(lib, 'greenroom_probe'), { recursive: true });
    },
    'the interpreter is gone': () => fs.rmSync(made.python),
    'the stamp was cut short': () =>
      fs.writeFileSync(path.join(folder, 'greenroom.json'), '{"lock"'),
    'MLflow could not import it': () => discardPythonEnvironment(made.python),
  };
  for (const [what, doDamage] of Object.entries(damage)) {
    doDamage();
    await assert.doesNotReject(ensure(`${registry.url}/simple`), what);
    assert.equal(answers(made), '42', what);
  }

  fs.rmSync(folder, { recursive: true });
  const both = await Promise.all([
    ensure(`${registry.url}/simple`),
    ensure(`${registry.url}/simple`),
  ]);
  assert.deepEqual(both, [made, made]);
  assert.equal(answers(made), '42');
  assert.deepEqual(fs.readdirSync(envs), [path.basename(folder)]);
});

test('what a killed start has left running is ended by the next one, and nothing else', async t => {
  const records = path.join(temporaryFolder(t), 'run');
  const start = (/** @type {string} */ command) =>
    spawn(
      process.execPath,
      [
        '--input-type=module',
        '-e',
        `import { keepRecords, run } from ${JSON.stringify(path.join(root, 'packages/local-platform/bootstrap/processes.mjs'))};
         keepRecords(${JSON.stringify(records)});
         await run('sh', ['-c', ${JSON.stringify(command)}]);`,
      ],
      { stdio: 'ignore' },
    );
  const killed = start('sleep 300 & sleep 300');
  const alive = start('sleep 300');
  t.after(() => [killed, alive].forEach(child => child.kill('SIGKILL')));
  await waitFor(
    () => fs.existsSync(records) && fs.readdirSync(records).length === 2,
  );
  const recordOf = (
    /** @type {import('node:child_process').ChildProcess} */ owner,
  ) => {
    const [name] = fs
      .readdirSync(records)
      .filter(file => file.startsWith(`${owner.pid}-`));
    return JSON.parse(fs.readFileSync(path.join(records, name), 'utf8'));
  };
  await waitFor(() => recordOf(killed).startTime && recordOf(alive).startTime);
  const left = recordOf(killed);
  const kept = recordOf(alive);
  killed.kill('SIGKILL');
  await waitFor(() => !startTimeOf(pidOf(killed)));
  assert.ok(isAlive(left), 'yarn and uv outlive a parent that is killed');

  killLeftBehind(records);
  await waitFor(() => !isAlive(left));
  assert.ok(isAlive(kept));
  assert.equal(fs.readdirSync(records).length, 1);
  process.kill(-kept.pid, 'SIGKILL');
});

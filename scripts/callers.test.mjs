// SPDX-License-Identifier: Apache-2.0

// Who is followed: what a package manager has started ends with it, however it goes; what a person
// has left behind goes on.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { startTimeOf } from '../packages/local-platform/bootstrap/processes.mjs';
import {
  greenroom,
  pidOf,
  root,
  temporaryFolder,
  waitFor,
} from './testing/helpers.mjs';

const callers = path.join(
  root,
  'packages/local-platform/bootstrap/callers.mjs',
);

/** Follows its callers and says who they are; ends when it is told to. */
const FOLLOWER = `
import fs from 'node:fs';
import { findCallers, watchCallers } from ${JSON.stringify(callers)};
const found = findCallers(process.ppid);
watchCallers(found, () => process.exit());
const file = process.env.FOLLOWER_FILE;
fs.writeFileSync(file + '.new', JSON.stringify({ pid: process.pid, found: found.map(({ pid }) => pid) }));
fs.renameSync(file + '.new', file);
setTimeout(() => {}, 60_000);
`;

/** Runs what is in its arguments as a script, as package managers do. */
const MANAGER = `
const { spawn } = require('node:child_process');
const [way, ...command] = process.argv.slice(2);
if (way === 'shell') {
  // A second command keeps the shell from giving its place to the first.
  spawn('sh', ['-c', command.join(' ') + '; true'], { stdio: 'inherit' });
} else {
  spawn(command[0], command.slice(1), { stdio: 'inherit' });
}
`;

const isRunning = (/** @type {number} */ pid) => startTimeOf(pid) !== undefined;

/** @param {import('node:test').TestContext} t */
function makeProject(t) {
  const folder = temporaryFolder(t);
  const file = path.join(folder, 'follower.json');
  fs.writeFileSync(path.join(folder, 'follower.mjs'), FOLLOWER);
  fs.writeFileSync(
    path.join(folder, 'package.json'),
    JSON.stringify({
      name: 'x',
      scripts: { start: 'node follower.mjs; true', outer: 'npm start; true' },
    }),
  );
  for (const name of ['pnpm.cjs', 'yarn-4.13.0.cjs', 'yarn.js', 'build.js']) {
    fs.writeFileSync(path.join(folder, name), MANAGER);
  }
  return {
    folder,
    /**
     * @param {string} command
     * @param {string[]} args
     * @param {import('node:child_process').SpawnOptions} [options]
     */
    run: async (command, args, options = {}) => {
      const child = spawn(command, args, {
        cwd: folder,
        env: { ...process.env, FOLLOWER_FILE: file },
        stdio: 'ignore',
        detached: true,
        ...options,
      });
      t.after(() => {
        try {
          process.kill(-pidOf(child), 'SIGKILL');
        } catch {
          // It has ended.
        }
      });
      await waitFor(() => fs.existsSync(file), 120_000);
      const follower = JSON.parse(fs.readFileSync(file, 'utf8'));
      fs.rmSync(file);
      return { child, follower };
    },
  };
}

const node = process.execPath;

for (const [
  name,
  command,
  args,
  depth,
] of /** @type {Array<[string, string, string[], number]>} */ ([
  ['npm', 'npm', ['start'], 2],
  ['npm in npm', 'npm', ['run', 'outer'], 4],
  ['pnpm', node, ['pnpm.cjs', 'shell', 'node', 'follower.mjs'], 2],
  [
    'yarn, which needs no shell',
    node,
    ['yarn-4.13.0.cjs', 'direct', 'node', 'follower.mjs'],
    1,
  ],
  [
    'yarn that hands over to the one of the project',
    node,
    [
      'yarn.js',
      'direct',
      'node',
      'yarn-4.13.0.cjs',
      'shell',
      'node',
      'follower.mjs',
    ],
    3,
  ],
])) {
  test(`kill -9 of ${name} ends what it has started`, async t => {
    const { run } = makeProject(t);
    const { child, follower } = await run(command, args);
    assert.equal(follower.found.length, depth);
    assert.equal(follower.found.at(-1), child.pid);
    assert.ok(isRunning(follower.pid));
    child.kill('SIGKILL');
    await waitFor(() => !isRunning(follower.pid), 10_000);
  });
}

test('kill -9 of the shell between ends it, too', async t => {
  const { run } = makeProject(t);
  const { follower } = await run('npm', ['start']);
  process.kill(follower.found[0], 'SIGKILL');
  await waitFor(() => !isRunning(follower.pid), 10_000);
});

test('what was left behind goes on when the shell that started it is gone', async t => {
  const { run } = makeProject(t);
  const { child, follower } = await run('sh', [
    '-c',
    'nohup npm start > /dev/null 2>&1 & sleep 60; true',
  ]);
  assert.equal(follower.found.length, 2);
  child.kill('SIGKILL');
  await new Promise(resolve => setTimeout(resolve, 3000));
  assert.ok(isRunning(follower.pid));
});

test('a program that is no package manager is not followed', async t => {
  const { run } = makeProject(t);
  const { follower } = await run(node, [
    'build.js',
    'shell',
    'node',
    'follower.mjs',
  ]);
  assert.deepEqual(follower.found, []);
});

test('kill -9 of npm ends what greenroom.mjs runs', async t => {
  const { folder, run } = makeProject(t);
  fs.writeFileSync(
    path.join(folder, 'second-half.mjs'),
    `process.on('message', () => process.exit());\n${FOLLOWER.replace(
      /const found = .*;\nwatchCallers.*;/,
      'const found = [];',
    )}`,
  );
  fs.writeFileSync(
    path.join(folder, 'package.json'),
    JSON.stringify({
      name: 'x',
      scripts: {
        start: `node ${JSON.stringify(greenroom)} exec -- node second-half.mjs; true`,
      },
    }),
  );
  const { child, follower } = await run('npm', ['start'], {
    env: {
      ...process.env,
      FOLLOWER_FILE: path.join(folder, 'follower.json'),
      INIT_CWD: folder,
    },
  });
  child.kill('SIGKILL');
  await waitFor(() => !isRunning(follower.pid), 10_000);
});

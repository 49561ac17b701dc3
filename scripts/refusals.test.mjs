// SPDX-License-Identifier: Apache-2.0

// What `npm start` refuses, through its own command line: one message, a remedy, an exit code, and
// nothing half made.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { test } from 'node:test';
import { findFreePort } from '../packages/local-platform/bootstrap/ports.mjs';
import { ownRecord } from '../packages/local-platform/bootstrap/processes.mjs';
import {
  greenroom,
  makePath,
  root,
  runGreenroom,
  temporaryFolder,
} from './testing/helpers.mjs';

const REAL = ['sh', 'env', 'ps', 'uname', 'npm', 'node'];

test('the help names every option; what is not an option is refused with those there are', async () => {
  const help = await runGreenroom(['start', '--help']);
  assert.equal(help.code, 0);
  for (const option of ['--port', '--state', '--no-demo', '--help']) {
    assert.match(help.stdout, new RegExp(`${option}\\b`));
  }

  const unknown = await runGreenroom(['start', '--prot', '3001']);
  assert.equal(unknown.code, 2);
  assert.match(
    unknown.stderr,
    /start has no option "--prot"; it has --port, --state, --no-demo/,
  );

  for (const value of ['0', '70000', 'http', '-1', '3000.5']) {
    const refused = await runGreenroom(['start', `--port=${value}`]);
    assert.equal(refused.code, 2, value);
    assert.match(
      refused.stderr,
      /--port takes a number from 1 to 65535/,
      value,
    );
  }
  const command = await runGreenroom(['stat']);
  assert.equal(command.code, 2);
  assert.match(command.stderr, /no command "stat"/);
  const reset = await runGreenroom(['reset', '--port', '3000']);
  assert.equal(reset.code, 2);
});

test('a folder that cannot be made is named, with what to do, and no stack', async t => {
  const file = path.join(temporaryFolder(t), 'file');
  fs.writeFileSync(file, '');
  const refused = await runGreenroom(['reset'], {
    env: { ...process.env, GREENROOM_CACHE_DIR: file },
  });
  assert.equal(refused.code, 1);
  assert.ok(refused.stderr.includes(file));
  assert.match(refused.stderr, /name another folder \(--state/);
  assert.doesNotMatch(refused.stderr, /nobody foresaw|\n +at /);
});

test('a port in use is named with who has it, before anything is made', async t => {
  const server = net.createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  const { port } = /** @type {net.AddressInfo} */ (server.address());
  const state = path.join(temporaryFolder(t), 'state');
  const cache = path.join(temporaryFolder(t), 'cache');

  const refused = await runGreenroom(
    ['start', '--port', `${port}`, '--state', state],
    {
      env: { GREENROOM_CACHE_DIR: cache },
    },
  );

  assert.equal(refused.code, 1);
  assert.match(
    refused.stderr,
    new RegExp(`Port ${port}, which the portal needs, is in use`),
  );
  assert.match(refused.stderr, /npm start -- --port \d+/);
  assert.equal(fs.existsSync(state), false);
  assert.equal(fs.existsSync(path.join(cache, 'envs')), false);
});

test('a missing or old Python is named with the range and the remedy', async t => {
  const folder = temporaryFolder(t);
  const port = `${await findFreePort()}`;
  const start = (/** @type {string} */ bin) =>
    runGreenroom(
      ['start', '--port', port, '--state', path.join(folder, 'state')],
      {
        env: {
          PATH: bin,
          GREENROOM_PYTHON: undefined,
          GREENROOM_CACHE_DIR: path.join(folder, 'cache'),
        },
      },
    );
  const git = { git: 'echo git version 2.39.5' };

  const missing = await start(makePath(path.join(folder, 'none'), git, REAL));
  assert.equal(missing.code, 1);
  assert.match(
    missing.stderr,
    /needs Python 3\.10 to 3\.13, but there is no Python on the PATH/,
  );
  assert.match(missing.stderr, /apt install python3/);

  const answer = (/** @type {string} */ version) =>
    `echo /usr/bin/python3; echo ${version}`;
  const old = await start(
    makePath(
      path.join(folder, 'old'),
      { ...git, python3: answer('3.8.18') },
      REAL,
    ),
  );
  assert.equal(old.code, 1);
  assert.match(
    old.stderr,
    /needs Python 3\.10 to 3\.13, but python3 is 3\.8\.18/,
  );

  const tooNew = await start(
    makePath(
      path.join(folder, 'new'),
      { ...git, python3: answer('3.14.1') },
      REAL,
    ),
  );
  assert.equal(tooNew.code, 1);
  assert.match(tooNew.stderr, /python3 is 3\.14\.1/);
  assert.match(tooNew.stderr, /GREENROOM_PYTHON=/);

  // Neither pip nor venv, as in a bare Debian.
  const bare = `case "$*" in *sys.executable*) echo "$0"; echo 3.11.2;; *) echo "No module named $2" >&2; exit 1;; esac`;
  const noPip = await start(
    makePath(path.join(folder, 'bare'), { ...git, python3: bare }, REAL),
  );
  assert.equal(noPip.code, 1);
  assert.match(noPip.stderr, /has neither pip nor venv/);
  assert.match(noPip.stderr, /apt install python3-venv/);
  assert.equal(fs.existsSync(path.join(folder, 'state')), false);
});

test('a missing or old git is named', async t => {
  const folder = temporaryFolder(t);
  const port = `${await findFreePort()}`;
  const start = (/** @type {string} */ bin) =>
    runGreenroom(
      ['start', '--port', port, '--state', path.join(folder, 'state')],
      { env: { PATH: bin } },
    );

  const missing = await start(makePath(path.join(folder, 'none'), {}, REAL));
  assert.equal(missing.code, 1);
  assert.match(missing.stderr, /needs git 2\.28 or newer, but there is none/);
  assert.match(missing.stderr, /apt install git/);

  const old = await start(
    makePath(
      path.join(folder, 'old'),
      { git: 'echo git version 1.8.3.1' },
      REAL,
    ),
  );
  assert.equal(old.code, 1);
  assert.match(old.stderr, /but this is 1\.8\.3/);
});

test('the entry refuses a Node before 18 itself, with no import that such a Node could not read', () => {
  const source = fs.readFileSync(greenroom, 'utf8');
  const check = source.indexOf('major < 18');
  assert.ok(
    check > 0 &&
      check <
        source.indexOf(
          "import('../packages/local-platform/bootstrap/main.mjs')",
        ),
  );
  assert.doesNotMatch(source, /^import .* from '\.\//m);
});

test('a state folder that somebody uses, or that is not ours, is left alone by start and reset', async t => {
  const folder = temporaryFolder(t);
  const used = path.join(folder, 'used');
  fs.mkdirSync(path.join(used, 'run'), { recursive: true });
  fs.writeFileSync(
    path.join(used, 'greenroom.json'),
    JSON.stringify({ version: 1, ports: { portal: 3777 } }),
  );
  const lock = path.join(used, 'run', 'platform.lock');
  fs.writeFileSync(
    lock,
    JSON.stringify({ ...ownRecord(), url: 'http://localhost:3777' }),
  );

  const second = await runGreenroom(['start', '--state', used]);
  assert.equal(second.code, 1);
  assert.match(
    second.stderr,
    new RegExp(
      `already running .*http://localhost:3777 \\(pid ${process.pid}\\)`,
    ),
  );
  assert.match(second.stderr, /--state DIR/);
  const reset = await runGreenroom(['reset', '--state', used]);
  assert.equal(reset.code, 1);
  assert.match(reset.stderr, /is running with this state folder/);
  assert.ok(fs.existsSync(lock));

  // The owner is gone, and its process id belongs to somebody else now.
  fs.writeFileSync(lock, JSON.stringify({ pid: process.pid, startTime: '1' }));
  const done = await runGreenroom(['reset', '--state', used]);
  assert.equal(done.code, 0, done.stderr);
  assert.equal(fs.existsSync(used), false);
  const nothing = await runGreenroom(['reset', '--state', used]);
  assert.equal(nothing.code, 0);
  assert.match(nothing.stdout, /Nothing to reset/);

  const foreign = path.join(folder, 'documents');
  fs.mkdirSync(foreign);
  fs.writeFileSync(path.join(foreign, 'thesis.txt'), 'years of work');
  for (const command of ['start', 'reset']) {
    const refused = await runGreenroom([command, '--state', foreign]);
    assert.equal(refused.code, 1, command);
    assert.match(refused.stderr, /is not a state folder of Greenroom/);
  }
  assert.ok(fs.existsSync(path.join(foreign, 'thesis.txt')));
});

test('a relative --state is relative to where the person typed it', async t => {
  const folder = temporaryFolder(t);
  fs.mkdirSync(path.join(folder, 'mine'));
  fs.writeFileSync(path.join(folder, 'mine', 'x'), '');
  const refused = await runGreenroom(['reset', '--state', 'mine'], {
    env: { INIT_CWD: folder },
  });
  assert.equal(refused.code, 1);
  assert.ok(refused.stderr.includes(path.join(folder, 'mine')), refused.stderr);
  assert.ok(!refused.stderr.includes(path.join(root, 'mine')));
});

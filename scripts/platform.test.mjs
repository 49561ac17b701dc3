// SPDX-License-Identifier: Apache-2.0

// The whole platform, started for real: what the first and the second start say, and that nothing of
// it stays, however it ends. The journey in e2e/ covers the demo model.
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import {
  findFreePort,
  isPortFree,
} from '../packages/local-platform/bootstrap/ports.mjs';
import {
  instanceLock,
  readState,
} from '../packages/local-platform/bootstrap/state.mjs';
import { canListSockets } from './testing/doors/listeningSockets.mjs';
import { walkDoors } from './testing/doors/walkDoors.mjs';
import {
  greenroom,
  pidOf,
  root,
  runGreenroom,
  temporaryFolder,
  waitFor,
  withEnv,
} from './testing/helpers.mjs';

const READY_MS = 8 * 60_000;

/** Every process with the state folder in its command line or working directory, and their children. @param {string} stateDir */
function processesOf(stateDir) {
  const table = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,args='], {
    encoding: 'utf8',
  })
    .trim()
    .split('\n')
    .map(line => /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line)?.slice(1) ?? []);
  const found = new Map(
    table
      .filter(([, , args]) => args?.includes(stateDir))
      .map(row => [row[0], row[2]]),
  );
  for (let before = -1; before !== found.size;) {
    before = found.size;
    for (const [pid, parent, args] of table) {
      if (found.has(parent) && args !== 'ps -A -o pid=,ppid=,args=') {
        found.set(pid, args);
      }
    }
  }
  return [...found].map(([pid, args]) => ({ pid: Number(pid), args }));
}

/** @param {string} stateDir @param {number} port */
function start(stateDir, port) {
  const child = spawn(
    process.execPath,
    [
      greenroom,
      'start',
      '--state',
      stateDir,
      '--port',
      `${port}`,
      '--no-demo',
      '--no-cluster',
    ],
    {
      cwd: root,
      env: withEnv({}),
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    },
  );
  const started = {
    child,
    output: '',
    ended: new Promise(resolve => child.once('exit', code => resolve(code))),
  };
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', chunk => (started.output += chunk));
  }
  return started;
}

/** @param {ReturnType<typeof start>} started */
async function untilReady(started) {
  await waitFor(
    () => /is ready/.test(started.output) || started.child.exitCode !== null,
    READY_MS,
  );
  assert.match(
    started.output,
    /^Greenroom is ready: http:\/\/localhost:\d+$/m,
    started.output,
  );
}

test('the platform starts, refuses a second start, survives kill -9 and ends with Ctrl-C', async t => {
  const stateDir = path.join(temporaryFolder(t), 'state');
  const port = await findFreePort();
  let running = start(stateDir, port);
  t.after(() => running.child.kill('SIGKILL'));

  await untilReady(running);
  for (const step of [
    'Node',
    'Python environment',
    'Packages',
    'MLflow',
    'forge and runner',
    'App',
    'Backend',
  ]) {
    assert.match(running.output, new RegExp(`^✓ ${step} .*\\d s$`, 'm'));
  }
  assert.ok(
    running.output.includes(`Greenroom is ready: http://localhost:${port}\n`),
  );
  const ports = readState(stateDir)?.ports;
  assert.ok(ports);
  const page = await fetch(`http://localhost:${port}/`);
  assert.match(await page.text(), /id="root"/);
  assert.equal(
    (await fetch(`http://localhost:${ports.mlflow}/health`)).status,
    200,
  );
  assert.equal(
    (await fetch(`http://localhost:${ports.forge}/api/v3/meta`)).status,
    200,
  );

  await t.test(
    'opens doors to its own pages and hosts only',
    { skip: canListSockets ? false : 'sockets are listed on Linux only' },
    async () => {
      const { sockets, faults, report } = await walkDoors(pidOf(running.child));
      fs.mkdirSync(path.join(root, 'artifacts'), { recursive: true });
      fs.writeFileSync(path.join(root, 'artifacts', 'doors.md'), report);
      assert.deepEqual(faults, []);
      assert.ok(sockets >= Object.keys(ports).length, report);
    },
  );

  const secrets = JSON.parse(
    fs.readFileSync(path.join(stateDir, 'secrets.json'), 'utf8'),
  );
  for (const folder of ['config', 'logs']) {
    for (const name of fs.readdirSync(path.join(stateDir, folder))) {
      const file = path.join(stateDir, folder, name);
      if (fs.readFileSync(file, 'utf8').includes(secrets.forgeToken)) {
        assert.equal(folder, 'config', `${name} holds a token`);
        assert.equal(
          fs.statSync(file).mode & 0o077,
          0,
          `${name} can be read by others`,
        );
      }
    }
  }

  const second = await runGreenroom(['start', '--state', stateDir]);
  assert.equal(second.code, 1);
  assert.match(
    second.stderr,
    new RegExp(`already running .*http://localhost:${port} `),
  );

  // Killed as a whole, first half and second: the servers notice, or the next start ends them.
  const owner = JSON.parse(fs.readFileSync(instanceLock(stateDir), 'utf8')).pid;
  const servers = processesOf(stateDir).filter(
    ({ pid }) => ![owner, pidOf(running.child)].includes(pid),
  );
  assert.ok(servers.length >= 3);
  process.kill(owner, 'SIGKILL');
  process.kill(pidOf(running.child), 'SIGKILL');
  await running.ended;

  running = start(stateDir, port);
  await untilReady(running);
  const left = new Set(processesOf(stateDir).map(({ pid }) => pid));
  assert.deepEqual(
    servers.filter(({ pid }) => left.has(pid)),
    [],
  );
  assert.deepEqual(readState(stateDir)?.ports, ports);

  // Ctrl-C reaches the whole foreground group.
  process.kill(-pidOf(running.child), 'SIGINT');
  assert.equal(await running.ended, 0);
  assert.deepEqual(processesOf(stateDir), []);
  for (const used of Object.values(ports)) {
    assert.ok(await isPortFree(used), `port ${used} is still in use`);
  }

  // A supervisor such as systemd signals one process only, and may do so at any time.
  running = start(stateDir, port);
  await waitFor(
    () => fs.existsSync(path.join(stateDir, 'run', 'mlflow.json')),
    60_000,
  );
  process.kill(pidOf(running.child), 'SIGTERM');
  assert.equal(await running.ended, 143);
  assert.deepEqual(processesOf(stateDir), []);

  const reset = await runGreenroom(['reset', '--state', stateDir]);
  assert.equal(reset.code, 0);
  assert.equal(fs.existsSync(stateDir), false);
});

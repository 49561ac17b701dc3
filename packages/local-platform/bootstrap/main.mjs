// SPDX-License-Identifier: Apache-2.0
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { reportFailure } from './Problem.mjs';
import { Steps } from './Steps.mjs';
import { findCallers, watchCallers } from './callers.mjs';
import { lockPython } from './lockPython.mjs';
import { HELP, UsageError, readOptions } from './options.mjs';
import { requireFreePort } from './ports.mjs';
import {
  cacheDirOf,
  locksDirOf,
  prepare,
  requireSupportedSystem,
} from './prepare.mjs';
import { keepRecords, killLeftBehind, killRunning } from './processes.mjs';
import { findPython } from './python.mjs';
import { ensurePythonEnvironment } from './pythonEnvironment.mjs';
import {
  alreadyRunning,
  findRunning,
  readState,
  requireStateFolder,
} from './state.mjs';

/** Commands that start faster, and on more machines, without MLflow's environment. */
const WITHOUT_PYTHON = ['triage', 'serving', 'eval'];

/** Asked first of all: later, one that was killed meanwhile could not be found. */
const callers = findCallers(process.ppid);

const SIGNALS = /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']);

/**
 * Runs one command of `npm start` and its siblings.
 *
 * @param {string[]} args
 * @param {string} root
 * @returns {Promise<number>} The exit code.
 */
export async function main(args, root) {
  let options;
  try {
    options = readOptions(args, root);
  } catch (error) {
    if (error instanceof UsageError) {
      process.stderr.write(`${error.message}\n\nSee: npm start -- --help\n`);
      return 2;
    }
    throw error;
  }
  if (options.help) {
    process.stdout.write(HELP);
    return 0;
  }
  const interrupted = onSignals(signal => {
    killRunning();
    process.stderr.write('\nStopped before it was ready.\n');
    process.exit(signal === 'SIGINT' ? 130 : 143);
  });
  try {
    requireSupportedSystem();
    const records = path.join(cacheDirOf(root), 'run');
    killLeftBehind(records);
    keepRecords(records);
    return await runCommand(options, root, interrupted);
  } catch (error) {
    killRunning();
    return reportFailure(error);
  } finally {
    interrupted();
  }
}

/**
 * @param {import('./options.mjs').Options} options
 * @param {string} root
 * @param {() => void} release Gives the signals to what is started last.
 * @returns {Promise<number>}
 */
async function runCommand(options, root, release) {
  const cacheDir = cacheDirOf(root);
  const locksDir = locksDirOf(root);
  switch (options.command) {
    case 'environment': {
      const environment = await ensurePythonEnvironment({
        name: 'mlflow',
        python: findPython(),
        locksDir,
        cacheDir,
      });
      process.stdout.write(`${JSON.stringify({ ...environment, cacheDir })}\n`);
      return 0;
    }
    case 'lock-python':
      return lockPython({ locksDir, cacheDir });
    case 'reset': {
      const { resetState } = await import('./reset.mjs');
      return resetState(options.stateDir);
    }
    case 'start':
    case 'dev':
      return start(options, root, release);
    default:
      return runPrepared(options, root, release);
  }
}

/**
 * The first half of a start, in plain Node: what can be refused is refused before minutes of
 * downloads, then the tools are made, then the second half takes over.
 *
 * @param {import('./options.mjs').Options} options
 * @param {string} root
 * @param {() => void} release
 */
async function start(options, root, release) {
  const { stateDir } = options;
  requireStateFolder(stateDir);
  const running = findRunning(stateDir);
  if (running) {
    throw alreadyRunning(running, stateDir);
  }
  const port = options.port ?? readState(stateDir)?.ports?.portal ?? 3000;
  await requireFreePort(
    port,
    'the portal',
    `End that program, or take another port: npm start -- --port ${port < 60_000 ? port + 1000 : 3000}`,
  );

  const steps = new Steps();
  const prepared = await prepare({ root, steps });
  const { node, env, cacheDir, uv, python } = prepared;
  const request = {
    command: options.command,
    root,
    stateDir,
    port,
    demo: options.demo,
    cluster: options.cluster,
    monitoring: options.monitoring,
    kubeconfig: options.kubeconfig,
    wait: options.wait,
    cacheDir,
    uv,
    python,
  };
  release();
  return handOver(
    node,
    [
      '--import',
      'tsx',
      path.join(root, 'packages', 'local-platform', 'src', 'cli.ts'),
      JSON.stringify(request),
    ],
    { cwd: root, env },
  );
}

/**
 * @param {import('./options.mjs').Options} options
 * @param {string} root
 * @param {() => void} release
 */
async function runPrepared(options, root, release) {
  const { command, rest } = options;
  if (command === 'exec' && rest.length === 0) {
    process.stderr.write(
      'exec needs a command: node scripts/greenroom.mjs exec -- CMD …\n',
    );
    return 2;
  }
  // The command's own output must stay clean.
  const steps = new Steps({ stream: process.stderr, quietAfterMs: 1500 });
  const prepared = await prepare({
    root,
    steps,
    withPython: !WITHOUT_PYTHON.includes(command),
  });
  const { node } = prepared;
  const env = {
    ...prepared.env,
    ...(prepared.uv && { GREENROOM_UV: prepared.uv }),
    // Where the person typed a relative path.
    INIT_CWD: process.env.INIT_CWD ?? process.cwd(),
  };
  release();
  if (command === 'exec') {
    return handOver(rest[0], rest.slice(1), {
      cwd: env.INIT_CWD,
      env,
    });
  }
  const script = path.join(root, 'scripts', `${command}.mjs`);
  if (!fs.existsSync(script)) {
    process.stderr.write(
      `${script} is missing: restore it with git checkout.\n`,
    );
    return 1;
  }
  return handOver(node, [script, ...rest], { cwd: root, env });
}

/**
 * Runs the second half with our terminal. Signals that reach only us are handed on, once; if we
 * are killed, the channel closes, which the second half takes as the sign to go.
 *
 * @param {string} command
 * @param {string[]} args
 * @param {{ cwd: string, env: NodeJS.ProcessEnv }} options
 * @returns {Promise<number>}
 */
function handOver(command, args, { cwd, env }) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd,
      env,
      stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    });
    let asked = false;
    /** @param {NodeJS.Signals} signal */
    const pass = signal => {
      asked = true;
      if (child.connected) {
        child.send({ stop: signal });
      } else {
        child.kill(signal);
      }
    };
    const release = onSignals(pass);
    const unwatch = watchCallers(callers, () => pass('SIGTERM'));
    const done = () => {
      release();
      unwatch();
    };
    child.on('error', error => {
      done();
      reject(error);
    });
    child.on('exit', (code, signal) => {
      done();
      if (signal && !asked) {
        process.stderr.write(
          `\n✗ ${path.basename(command)} was ended by ${signal}.\n  What it had started ends with it; run the command again.\n`,
        );
      }
      resolve(code ?? (signal === 'SIGINT' ? 130 : 1));
    });
  });
}

/**
 * @param {(signal: NodeJS.Signals) => void} handler
 * @returns {() => void} Takes the handlers away.
 */
function onSignals(handler) {
  for (const signal of SIGNALS) {
    process.on(signal, handler);
  }
  return () => SIGNALS.forEach(signal => process.off(signal, handler));
}

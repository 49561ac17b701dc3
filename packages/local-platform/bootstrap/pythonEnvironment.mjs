// SPDX-License-Identifier: Apache-2.0
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { hashText, readJsonIfValid } from './files.mjs';
import { withLock } from './lock.mjs';
import { run } from './processes.mjs';
import { uvSettings } from './python.mjs';
import { downloadProblem, ensureUv } from './uv.mjs';

/** Names of what is installed; a folder that went missing shows at once. @param {string} environment */
function installedNames(environment) {
  const lib = path.join(environment, 'lib');
  const version = fs.readdirSync(lib).find(name => name.startsWith('python3'));
  return fs
    .readdirSync(path.join(lib, version ?? '', 'site-packages'))
    .filter(name => name !== '__pycache__')
    .sort();
}

/** @param {string} environment */
function isComplete(environment) {
  const stamp = readJsonIfValid(path.join(environment, 'greenroom.json'));
  if (!stamp) {
    return false;
  }
  try {
    if (hashText(...installedNames(environment)) !== stamp.installed) {
      return false;
    }
  } catch {
    return false;
  }
  const python = path.join(environment, 'bin', 'python');
  return spawnSync(python, ['-c', 'pass'], { timeout: 20_000 }).status === 0;
}

/**
 * The environment of one lock file. It is made in a temporary folder, stamped there and then put
 * in place by one rename, so that it is either whole or absent; one that was damaged is made anew.
 *
 * @param {{ name: string, python: import('./python.mjs').Python, locksDir: string, cacheDir: string, onWait?: () => void,
 *   onLine?: (line: string) => void }} options `name` is the lock's name without `.lock`.
 * @returns {Promise<{ uv: string, python: string }>} Absolute paths.
 */
export async function ensurePythonEnvironment(options) {
  const { name, python, locksDir, cacheDir, onWait } = options;
  const uv = await ensureUv({ python, locksDir, cacheDir, onWait });
  const lock = path.join(locksDir, `${name}.lock`);
  const environment = await ensureLockedEnvironment({ ...options, uv, lock });
  return { uv, python: path.join(environment, 'bin', 'python') };
}

/**
 * The environment of a lock file that need not be the platform's own; see {@link ensurePythonEnvironment}.
 *
 * @param {{ name: string, lock: string, uv: string, python: import('./python.mjs').Python, cacheDir: string, onWait?: () => void,
 *   onLine?: (line: string) => void }} options `name` begins the folder's name.
 * @returns {Promise<string>} The environment's folder.
 */
export async function ensureLockedEnvironment(options) {
  const { name, lock, python, cacheDir, onWait } = options;
  const key = hashText(
    fs.readFileSync(lock, 'utf8'),
    python.command,
    python.version,
    process.platform,
    process.arch,
  );
  const target = path.join(cacheDir, 'envs', `${name}-${key.slice(0, 16)}`);
  if (!isComplete(target)) {
    await withLock(
      path.join(cacheDir, 'envs', `${name}.lock`),
      async () => {
        if (!isComplete(target)) {
          await build({ ...options, target });
        }
      },
      onWait,
    );
  }
  return target;
}

/**
 * @param {{ name: string, python: import('./python.mjs').Python, cacheDir: string, uv: string, lock: string, target: string,
 *   onLine?: (line: string) => void }} options
 */
async function build({ name, python, cacheDir, uv, lock, target, onLine }) {
  const temporary = `${target}.tmp`;
  const log = path.join(cacheDir, 'logs', `python-${name}.log`);
  fs.rmSync(temporary, { recursive: true, force: true });
  const env = {
    ...process.env,
    ...uvSettings(python),
    UV_CACHE_DIR: path.join(cacheDir, 'uv-cache'),
    UV_PYTHON_DOWNLOADS: 'never',
    UV_NO_CONFIG: '1',
    UV_LINK_MODE: process.env.UV_LINK_MODE ?? 'hardlink',
    VIRTUAL_ENV: temporary,
  };
  /** @param {string[]} args */
  const uvRun = async args => {
    // What a lock names by `./` lies beside it.
    const cwd = path.dirname(lock);
    const result = await run(uv, args, { cwd, env, log, onLine });
    if (result.code !== 0) {
      fs.rmSync(temporary, { recursive: true, force: true });
      throw downloadProblem(
        `The Python environment of ${name} could not be made`,
        result,
        log,
        'Free some space, or give this user the right to write there.',
      );
    }
  };
  // Relocatable, because it is moved into place when it is whole.
  await uvRun([
    'venv',
    '--quiet',
    '--relocatable',
    '--python',
    python.command,
    temporary,
  ]);
  await uvRun([
    'pip',
    'sync',
    '--no-progress',
    '--require-hashes',
    '--only-binary',
    ':all:',
    lock,
  ]);
  fs.writeFileSync(
    path.join(temporary, 'greenroom.json'),
    JSON.stringify({
      lock: path.basename(lock),
      python: python.version,
      installed: hashText(...installedNames(temporary)),
    }),
  );
  fs.rmSync(target, { recursive: true, force: true });
  fs.renameSync(temporary, target);
}

/**
 * Marks an environment as damaged, so that the next start makes it anew.
 *
 * @param {string} python Path of the environment's interpreter.
 */
export function discardPythonEnvironment(python) {
  const environment = path.dirname(path.dirname(python));
  fs.rmSync(path.join(environment, 'greenroom.json'), { force: true });
}

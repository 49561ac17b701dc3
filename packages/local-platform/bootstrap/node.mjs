// SPDX-License-Identifier: Apache-2.0
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { Problem } from './Problem.mjs';
import { withLock } from './lock.mjs';
import { run } from './processes.mjs';

/** The release that is fetched; the portal runs on 22 and 24. */
const FETCHED_MAJOR = 24;

/** @param {string} version For example `22.14.0`. */
export function isSupportedNode(version) {
  const [major, minor] = version.split('.').map(Number);
  return (major === 22 && minor >= 12) || major === 24;
}

/** Where npm keeps the executable itself; the `node` package is a script around these. */
function platformPackage() {
  const prefix =
    process.platform === 'darwin' && process.arch === 'arm64'
      ? 'node-bin'
      : 'node';
  return `${prefix}-${process.platform}-${process.arch}`;
}

/**
 * @typedef {object} NodeRuntime
 * @property {string} command Absolute path of the executable.
 * @property {string} version For example `24.21.0`.
 */

/**
 * @param {string} command
 * @returns {NodeRuntime | undefined}
 */
function probe(command) {
  const result = spawnSync(command, ['--version'], {
    encoding: 'utf8',
    timeout: 20_000,
  });
  const version =
    result.status === 0 ? result.stdout.trim().replace(/^v/, '') : '';
  return isSupportedNode(version) ? { command, version } : undefined;
}

/**
 * A Node that the portal runs on: the running one, or Node 24 fetched through npm. The package
 * with the executable is installed without running any script, since newer npm blocks those.
 *
 * @param {{ cacheDir: string, running?: NodeRuntime, env?: NodeJS.ProcessEnv, onWait?: () => void }} options
 * @returns {Promise<NodeRuntime>}
 */
export async function ensureNode({
  cacheDir,
  running,
  env = process.env,
  onWait,
}) {
  const current = running ?? {
    command: process.execPath,
    version: process.versions.node,
  };
  if (isSupportedNode(current.version)) {
    return current;
  }
  const name = platformPackage();
  const target = path.join(cacheDir, 'node', `${FETCHED_MAJOR}`);
  const command = path.join(target, 'node_modules', name, 'bin', 'node');
  const log = path.join(cacheDir, 'logs', 'node.log');
  const fetched = probe(command);
  if (fetched) {
    return fetched;
  }
  return withLock(
    path.join(cacheDir, 'node.lock'),
    async () => {
      const made = probe(command);
      if (made) {
        return made;
      }
      const temporary = `${target}.tmp`;
      fs.rmSync(temporary, { recursive: true, force: true });
      fs.mkdirSync(temporary, { recursive: true });
      const result = await run(
        'npm',
        [
          'install',
          '--prefix',
          temporary,
          '--no-save',
          '--ignore-scripts',
          '--no-audit',
          '--no-fund',
          '--fetch-retries=2',
          '--fetch-retry-mintimeout=500',
          '--fetch-retry-maxtimeout=3000',
          `${name}@${FETCHED_MAJOR}`,
        ],
        { cwd: temporary, env: withoutNpmState(env), log },
      );
      const inPlace = path.join(temporary, 'node_modules', name, 'bin', 'node');
      if (result.code !== 0 || !probe(inPlace)) {
        fs.rmSync(temporary, { recursive: true, force: true });
        throw new Problem(
          `Node ${FETCHED_MAJOR} is needed (this is ${current.version}) and could not be fetched through npm${
            result.error ? `: ${result.error.message}` : '.'
          }`,
          [
            'Check the connection to the npm registry (proxy: HTTPS_PROXY, mirror: npm config set registry …),',
            `or install Node ${FETCHED_MAJOR} yourself; then run \`npm start\` again.`,
          ],
          {
            detail: result.lines
              .filter(line => /npm (error|ERR!)/.test(line))
              .slice(0, 4),
            log,
          },
        );
      }
      fs.rmSync(target, { recursive: true, force: true });
      fs.renameSync(temporary, target);
      return /** @type {NodeRuntime} */ (probe(command));
    },
    onWait,
  );
}

/**
 * What `npm start` tells its scripts would make a second npm believe it belonged to the first.
 *
 * @param {NodeJS.ProcessEnv} env
 */
function withoutNpmState(env) {
  return Object.fromEntries(
    Object.entries(env).filter(
      ([name]) =>
        !/^npm_(lifecycle|package|command|execpath|node_execpath|config_local_prefix|config_prefix)/.test(
          name,
        ),
    ),
  );
}

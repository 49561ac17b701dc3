// SPDX-License-Identifier: Apache-2.0
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { Problem } from './Problem.mjs';
import { hashText } from './files.mjs';
import { withLock } from './lock.mjs';
import { run } from './processes.mjs';

/**
 * Why something from PyPI is not there, and whether that is the network or this machine.
 *
 * @param {string} what
 * @param {{ lines: string[], error?: Error }} result
 * @param {string} log
 * @param {string} [localRemedy] What helps when it is not the network.
 */
export function downloadProblem(what, result, log, localRemedy) {
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
 * @param {{ python: import('./python.mjs').Python, locksDir: string, cacheDir: string, onWait?: () => void }} options
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
 * @param {import('./python.mjs').Python} python
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

// SPDX-License-Identifier: Apache-2.0
import { spawnSync } from 'node:child_process';
import { Problem } from './Problem.mjs';

/** `git init --initial-branch` and protocol v2 over smart HTTP. */
const OLDEST = [2, 28];

/**
 * Checks that git is there, new enough, and brings the server that forge uses.
 *
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {string} Its version.
 */
export function requireGit(env = process.env) {
  const remedy = [
    'Install git (Debian, Ubuntu: apt install git; macOS: xcode-select --install or brew install git),',
    'then run `npm start` again.',
  ];
  const result = spawnSync('git', ['--version'], {
    env,
    encoding: 'utf8',
    timeout: 20_000,
  });
  const version = /git version (\d+\.\d+(?:\.\d+)?)/.exec(
    result.stdout ?? '',
  )?.[1];
  if (result.status !== 0 || !version) {
    throw new Problem(
      `Greenroom needs git ${OLDEST.join('.')} or newer, but there is none on the PATH.`,
      remedy,
    );
  }
  const [major, minor] = version.split('.').map(Number);
  if (major < OLDEST[0] || (major === OLDEST[0] && minor < OLDEST[1])) {
    throw new Problem(
      `Greenroom needs git ${OLDEST.join('.')} or newer, but this is ${version}.`,
      remedy,
    );
  }
  return version;
}

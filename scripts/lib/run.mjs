// SPDX-License-Identifier: Apache-2.0
import { spawn } from 'node:child_process';
import path from 'node:path';

export const root = path.resolve(import.meta.dirname, '../..');

/** @typedef {{ cwd?: string, env?: NodeJS.ProcessEnv, quiet?: boolean, hideStdout?: boolean }} RunOptions */

/**
 * Runs a command in the repository and resolves with its exit code and all it
 * printed. Its output is shown as it comes, unless `quiet`; `hideStdout` shows
 * only what it prints as errors.
 *
 * @param {string} command
 * @param {string[]} args
 * @param {RunOptions} [options]
 * @returns {Promise<{ code: number, output: string }>}
 */
export function run(command, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: options.cwd ?? root,
      env: { ...process.env, FORCE_COLOR: '0', ...options.env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    /**
     * @param {import('node:stream').Readable} stream
     * @param {NodeJS.WriteStream} target
     * @param {boolean} shown
     */
    const collect = (stream, target, shown) => {
      stream.setEncoding('utf8');
      stream.on('data', text => {
        output += text;
        if (shown) {
          target.write(text);
        }
      });
    };
    collect(
      child.stdout,
      process.stdout,
      !options.quiet && !options.hideStdout,
    );
    collect(child.stderr, process.stderr, !options.quiet);
    child.on('error', reject);
    child.on('close', code => resolve({ code: code ?? 1, output }));
  });
}

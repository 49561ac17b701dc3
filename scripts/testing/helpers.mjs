// SPDX-License-Identifier: Apache-2.0
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

export const root = path.resolve(import.meta.dirname, '../..');
export const greenroom = path.join(root, 'scripts', 'greenroom.mjs');

/** A folder that goes with the test. @param {import('node:test').TestContext} t */
export function temporaryFolder(t) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'greenroom-start-'));
  t.after(() =>
    fs.rmSync(folder, { recursive: true, force: true, maxRetries: 3 }),
  );
  return folder;
}

/**
 * Runs `greenroom.mjs` to its end, as a person would.
 *
 * @param {string[]} args
 * @param {{ env?: NodeJS.ProcessEnv, node?: string }} [options] `env` is added to ours; undefined removes.
 * @returns {Promise<{ code: number | null, stdout: string, stderr: string }>}
 */
export function runGreenroom(args, { env = {}, node = process.execPath } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(node, [greenroom, ...args], {
      cwd: root,
      env: withEnv(env),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', chunk => (stdout += chunk));
    child.stderr.on('data', chunk => (stderr += chunk));
    child.on('error', reject);
    child.on('close', code => resolve({ code, stdout, stderr }));
  });
}

/** @param {NodeJS.ProcessEnv} env */
export function withEnv(env) {
  const merged = { ...process.env, INIT_CWD: root, ...env };
  return Object.fromEntries(
    Object.entries(merged).filter(([, value]) => value !== undefined),
  );
}

/**
 * A PATH with only stand-ins for the named programs and the real ones that are asked for.
 *
 * @param {string} folder
 * @param {Record<string, string>} scripts Name to the body of a shell script.
 * @param {string[]} [real] Names of programs to link from this machine's PATH.
 */
export function makePath(folder, scripts, real = []) {
  fs.mkdirSync(folder, { recursive: true });
  for (const [name, body] of Object.entries(scripts)) {
    fs.writeFileSync(path.join(folder, name), `#!/bin/sh\n${body}\n`, {
      mode: 0o755,
    });
  }
  for (const name of real) {
    const found = (process.env.PATH ?? '')
      .split(path.delimiter)
      .map(dir => path.join(dir, name))
      .find(file => fs.existsSync(file));
    if (found) {
      fs.symlinkSync(found, path.join(folder, name));
    }
  }
  return folder;
}

/**
 * The id of a process that was started, which Node leaves out only if it could not be.
 *
 * @param {import('node:child_process').ChildProcess} child
 */
export function pidOf({ pid, spawnfile }) {
  if (pid === undefined) {
    throw new Error(`${spawnfile} was not started`);
  }
  return pid;
}

/** Waits for something that another process brings about. @param {() => unknown} condition */
export async function waitFor(condition, timeoutMs = 20_000) {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const value = await condition();
    if (value) {
      return value;
    }
    if (Date.now() > deadline) {
      throw new Error(`Waited ${timeoutMs} ms in vain for: ${condition}`);
    }
    await new Promise(resolve => setTimeout(resolve, 50));
  }
}

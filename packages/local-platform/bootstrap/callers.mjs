// SPDX-License-Identifier: Apache-2.0
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { isAlive, startTimeOf } from './processes.mjs';

/** @typedef {{ pid: number, startTime?: string }} ProcessRecord */

const PACKAGE_MANAGER =
  /^(npm|npx|yarn|yarnpkg|pnpm|pnpx|corepack|bun|bunx)(-cli)?(-?v?\d[\w.-]*)?(\.[cm]?js)?$/;

const SHELL = /^-?(a|ba|da|k|z|fi)?sh$/;

/** Longer chains of scripts that call scripts nobody has. */
const MAX_DEPTH = 20;

/**
 * What a process was started as, and by whom.
 *
 * @param {number} pid
 * @returns {{ parent: number, args: string[] } | undefined}
 */
function inspect(pid) {
  try {
    if (process.platform === 'linux') {
      const stat = fs.readFileSync(`/proc/${pid}/stat`, 'utf8');
      const parent = Number(
        stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1],
      );
      // npm writes a title over its arguments: words with blanks between.
      const args = fs
        .readFileSync(`/proc/${pid}/cmdline`, 'utf8')
        .split(/[\0 ]/)
        .filter(Boolean);
      return { parent, args };
    }
    const line = execFileSync('ps', ['-o', 'ppid=,args=', '-p', String(pid)], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
    const [parent, ...args] = line.split(/\s+/);
    return { parent: Number(parent), args };
  } catch {
    return undefined;
  }
}

/** @param {string[]} args @returns {'manager' | 'shell' | undefined} */
function kindOf(args) {
  const names = args.map(arg => path.basename(arg));
  // The program itself, or the script that Node runs after its own options.
  const script = names
    .slice(1)
    .find((_, index) => !args[index + 1].startsWith('-'));
  if (
    PACKAGE_MANAGER.test(names[0] ?? '') ||
    (/^node(js)?$/.test(names[0] ?? '') && PACKAGE_MANAGER.test(script ?? ''))
  ) {
    return 'manager';
  }
  return SHELL.test(names[0] ?? '') && /^-\w*c$/.test(args[1] ?? '')
    ? 'shell'
    : undefined;
}

/**
 * The package managers on whose behalf we run, with the shells (`sh -c`) that
 * stand between them and us, nearest first. They are ours to follow: what `npm
 * start` has started ends with it. Whoever is above the outermost of them, such
 * as a terminal's shell, is not: who leaves `nohup npm start &` behind wants it
 * to go on. Without a package manager there is nobody to follow.
 *
 * @param {number} parent
 * @returns {ProcessRecord[]}
 */
export function findCallers(parent) {
  /** @type {ProcessRecord[]} */
  const chain = [];
  let length = 0;
  let pid = parent;
  while (pid > 1 && chain.length < MAX_DEPTH) {
    const found = inspect(pid);
    const kind = found && kindOf(found.args);
    if (!kind) {
      break;
    }
    chain.push({ pid, startTime: startTimeOf(pid) });
    if (kind === 'manager') {
      length = chain.length;
    }
    pid = found.parent;
  }
  return chain.slice(0, length);
}

/**
 * Tells when one of the callers is gone: killed, it could not say so itself.
 *
 * @param {ProcessRecord[]} callers
 * @param {() => void} onGone Called once.
 * @returns {() => void} Ends the watch.
 */
export function watchCallers(callers, onGone) {
  if (callers.length === 0) {
    return () => {};
  }
  const timer = setInterval(() => {
    if (!callers.every(isAlive)) {
      clearInterval(timer);
      onGone();
    }
  }, 1000);
  timer.unref();
  return () => clearInterval(timer);
}

// SPDX-License-Identifier: Apache-2.0
import { execFileSync, spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { readJsonIfValid } from './files.mjs';

/**
 * When a process was started, in a form that is only good for comparing. A process id alone is
 * reused by the system; with its start time it names one process for ever.
 *
 * @param {number} pid
 * @returns {string | undefined} undefined when there is no such process.
 */
export function startTimeOf(pid) {
  if (process.platform === 'linux') {
    try {
      const stat = fs.readFileSync(`/proc/${pid}/stat`, 'utf8');
      // The second field is the command in parentheses and may hold spaces.
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      return fields[0] === 'Z' ? undefined : fields[19];
    } catch {
      return undefined;
    }
  }
  try {
    const out = execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
      env: { ...process.env, LC_ALL: 'C' },
    });
    return out.trim() || undefined;
  } catch {
    return undefined;
  }
}

/** @param {{ pid: number, startTime?: string } | undefined} record */
export function isAlive(record) {
  return (
    record?.startTime !== undefined &&
    startTimeOf(record.pid) === record.startTime
  );
}

/** The record that makes this process recognisable later. */
export function ownRecord() {
  return { pid: process.pid, startTime: startTimeOf(process.pid) };
}

/** @param {number} ms @returns {Promise<void>} */
export function sleep(ms) {
  return new Promise(resolve => {
    setTimeout(resolve, ms);
  });
}

/** @type {Set<number>} */
const running = new Set();

/** @type {string | undefined} */
let recordsDir;

/**
 * From now on `run` writes down what it starts, so that a later start can end it if we are killed.
 *
 * @param {string} dir
 */
export function keepRecords(dir) {
  fs.mkdirSync(dir, { recursive: true });
  recordsDir = dir;
}

/** @param {number} pid */
function recordFile(pid) {
  return recordsDir && path.join(recordsDir, `${process.pid}-${pid}.json`);
}

/**
 * Ends what somebody who kept records and was killed has left running.
 *
 * @param {string} dir
 */
export function killLeftBehind(dir) {
  for (const name of fs.existsSync(dir) ? fs.readdirSync(dir) : []) {
    const file = path.join(dir, name);
    const record = readJsonIfValid(file);
    if (record && isAlive(record.owner)) {
      continue;
    }
    if (record && isAlive(record)) {
      try {
        process.kill(-record.pid, 'SIGKILL');
      } catch {
        // It ended in the meantime.
      }
    }
    fs.rmSync(file, { force: true });
  }
}

/** Ends what `run` has started and not yet finished; for the way out. */
export function killRunning() {
  for (const pid of running) {
    try {
      process.kill(-pid, 'SIGKILL');
    } catch {
      // It ended in the meantime.
    }
  }
}

/**
 * Runs a command to its end with its output kept in a log file.
 *
 * @param {string} command
 * @param {string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, log?: string, onLine?: (line: string) => void, signal?: AbortSignal }} [options]
 *   Aborting the signal kills it with all it started.
 * @returns {Promise<{ code: number | null, lines: string[], error?: NodeJS.ErrnoException }>} `lines` are the last 200.
 */
export function run(command, args, options = {}) {
  if (options.log) {
    fs.mkdirSync(path.dirname(options.log), { recursive: true });
  }
  const log = options.log ? fs.openSync(options.log, 'w') : undefined;
  return new Promise(resolve => {
    /** @type {string[]} */
    const lines = [];
    let rest = '';
    const child = spawn(command, args, {
      cwd: options.cwd,
      env: options.env ?? process.env,
      stdio: ['ignore', 'pipe', 'pipe'],
      // Its own group, so that a Ctrl-C reaches it once, through us, with all it started.
      detached: true,
    });
    if (child.pid) {
      running.add(child.pid);
      const file = recordFile(child.pid);
      if (file) {
        const startTime = startTimeOf(child.pid);
        fs.writeFileSync(
          file,
          JSON.stringify({ pid: child.pid, startTime, owner: ownRecord() }),
        );
      }
    }
    /** @param {string} chunk */
    const take = chunk => {
      if (log !== undefined) {
        fs.writeSync(log, chunk);
      }
      const parts = (rest + chunk).split(/\r?\n|\r/);
      rest = parts.pop() ?? '';
      for (const line of parts.filter(Boolean)) {
        lines.push(line);
        options.onLine?.(line);
      }
      lines.splice(0, Math.max(0, lines.length - 200));
    };
    child.stdout.setEncoding('utf8').on('data', take);
    child.stderr.setEncoding('utf8').on('data', take);
    const onAbort = () => {
      try {
        process.kill(-(child.pid ?? NaN), 'SIGKILL');
      } catch {
        // It ended in the meantime, or never started.
      }
    };
    options.signal?.addEventListener('abort', onAbort);
    let done = false;
    /** @param {number | null} code @param {NodeJS.ErrnoException} [error] */
    const finish = (code, error) => {
      if (done) {
        return;
      }
      done = true;
      options.signal?.removeEventListener('abort', onAbort);
      if (child.pid) {
        running.delete(child.pid);
        const file = recordFile(child.pid);
        if (file) {
          fs.rmSync(file, { force: true });
        }
      }
      take('\n');
      if (log !== undefined) {
        fs.closeSync(log);
      }
      resolve({ code, lines, error });
    };
    child.on('error', error => finish(null, error));
    child.on('close', code => finish(code));
  });
}

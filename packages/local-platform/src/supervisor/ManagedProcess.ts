// SPDX-License-Identifier: Apache-2.0
import { ChildProcess, spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import {
  findDescendants,
  killRecorded,
  signalQuietly,
} from '../../bootstrap/partRecords.mjs';
import { startTimeOf } from '../../bootstrap/processes.mjs';

/** A process that cannot be mistaken for a later one with the same id. */
export interface ProcessRecord {
  pid: number;
  startTime: string;
}

/** How one part of the platform is run. */
export interface ProcessSpec {
  /** For messages, for example `MLflow`. */
  name: string;
  command: string;
  args: string[];
  cwd?: string;
  env: NodeJS.ProcessEnv;
  /** Written to its standard input, which stays open: for what `ps` must not show. */
  input?: string;
  /** Takes both output streams; the run before is kept as `<logFile>.1`. */
  logFile: string;
}

/** How a process ended. */
export interface ProcessExit {
  code: number | null;
  signal: NodeJS.Signals | null;
  error?: Error;
}

/**
 * A child in its own process group, whose standard input is a pipe that we hold: it closes however
 * we end, and the children take that as the sign to go.
 */
export class ManagedProcess {
  /** Settles once, when the process has ended or could not be started. */
  readonly exited: Promise<ProcessExit>;
  readonly spec: ProcessSpec;
  readonly #child: ChildProcess;
  #exit: ProcessExit | undefined;

  private constructor(spec: ProcessSpec, child: ChildProcess) {
    this.spec = spec;
    this.#child = child;
    // A child that goes first must not end us with EPIPE.
    child.stdin?.on('error', () => {});
    this.exited = new Promise(resolve => {
      const settle = (exit: ProcessExit) => {
        this.#exit ??= exit;
        resolve(this.#exit);
      };
      child.once('error', error => settle({ code: null, signal: null, error }));
      child.once('exit', (code, signal) => settle({ code, signal }));
    });
  }

  static start(spec: ProcessSpec): ManagedProcess {
    fs.mkdirSync(path.dirname(spec.logFile), { recursive: true });
    if (fs.existsSync(spec.logFile)) {
      fs.renameSync(spec.logFile, `${spec.logFile}.1`);
    }
    const log = fs.openSync(spec.logFile, 'a', 0o600);
    try {
      const child = spawn(spec.command, spec.args, {
        cwd: spec.cwd,
        env: spec.env,
        detached: true,
        stdio: ['pipe', log, log],
      });
      const managed = new ManagedProcess(spec, child);
      if (spec.input !== undefined) {
        child.stdin?.write(spec.input);
      }
      return managed;
    } finally {
      fs.closeSync(log);
    }
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** Set once the process has ended. */
  get exit(): ProcessExit | undefined {
    return this.#exit;
  }

  /** The process and all that it has started by now, for the pid records. */
  get family(): ProcessRecord[] {
    const pid = this.pid;
    const startTime = pid === undefined ? undefined : startTimeOf(pid);
    return pid !== undefined && startTime
      ? [{ pid, startTime }, ...findDescendants(pid)]
      : [];
  }

  /** The last lines of the log that say something. */
  tail(count: number): string[] {
    return readLog(this.spec.logFile).slice(-count);
  }

  /** Ends the process and all that it started: asks first, then does not ask. */
  async stop(graceMs = 10_000): Promise<void> {
    const pid = this.pid;
    if (pid === undefined) {
      return;
    }
    const family = findDescendants(pid);
    if (!this.#exit) {
      signalQuietly(-pid, 'SIGTERM');
      const timer = setTimeout(() => signalQuietly(-pid, 'SIGKILL'), graceMs);
      await this.exited;
      clearTimeout(timer);
    }
    signalQuietly(-pid, 'SIGKILL');
    killRecorded(family);
    this.#child.stdin?.destroy();
  }
}

/** A log's lines that are not empty; of a long one its end. */
function readLog(file: string): string[] {
  if (!fs.existsSync(file)) {
    return [];
  }
  const { size } = fs.statSync(file);
  const length = Math.min(size, 64 * 1024);
  const buffer = Buffer.alloc(length);
  const handle = fs.openSync(file, 'r');
  try {
    fs.readSync(handle, buffer, 0, length, size - length);
  } finally {
    fs.closeSync(handle);
  }
  return buffer
    .toString('utf8')
    .split('\n')
    .filter(line => line.trim());
}

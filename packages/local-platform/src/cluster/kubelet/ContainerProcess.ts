// SPDX-License-Identifier: Apache-2.0
import { ChildProcess, execFileSync, spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import {
  findDescendants,
  killRecorded,
  signalQuietly,
} from '../../../bootstrap/partRecords.mjs';
import { isAlive, startTimeOf } from '../../../bootstrap/processes.mjs';
import { ProcessRecord } from '../../supervisor/ManagedProcess';
import { ContainerLog, StreamName } from './ContainerLog';
import { PipeReader } from './PipeReader';
import { PathMapping } from './rewritePaths';

/** Where a container's paths are on this machine. */
export interface ContainerPlaces {
  /** The image's files. */
  root: string;
  mappings: PathMapping[];
}

/** What is run as a container, all paths of this machine. */
export interface ContainerCommand {
  argv: string[];
  env: Record<string, string>;
  cwd: string;
  places: ContainerPlaces;
}

const STREAMS: StreamName[] = ['stdout', 'stderr'];

/**
 * Runs `"$@"` as a child, in its control group if it has one, writes down its process id and, at the end, its exit code: both are there for a kubelet that was not
 * there when the container was started. Signals are for the child; the shell waits for it, and what it says of that itself is
 * not the container's.
 */
const WRAPPER = `exec 3>&2 2> /dev/null
trap : TERM INT HUP
dir=$1
group=$2
shift 2
sh -c '{ [ -z "$1" ] || echo $$ > "$1"; } 2> /dev/null; shift; echo $$ > "$0" && exec "$@"' "$dir/pid" "$group" "$@" 2>&3 3>&-
code=$?
echo $code > "$dir/exit.new" && mv "$dir/exit.new" "$dir/exit"
exit $code`;

const POLL_MS = 500;
/** As after SIGKILL: the shell was killed before it could write down how its child ended. */
const UNKNOWN_EXIT = 137;

/**
 * A container's process, in a session of its own. Its output goes through named pipes, which it holds open itself: it lives on
 * without the kubelet, and a later one reads on where they were left.
 */
export class ContainerProcess {
  /** Settles with the exit code; 128 and the signal's number where a signal ended it. */
  readonly exited: Promise<number>;
  /** The shell that waits for it, which is the leader of its process group. */
  readonly record: ProcessRecord;
  readonly #dir: string;
  readonly #readers: PipeReader[];
  #alive = true;

  private constructor(
    dir: string,
    log: ContainerLog,
    record: ProcessRecord,
    ended: Promise<void>,
  ) {
    this.#dir = dir;
    this.record = record;
    this.#readers = STREAMS.map(
      stream =>
        new PipeReader(path.join(dir, stream), chunk =>
          log.write(stream, chunk),
        ),
    );
    this.exited = ended.then(() => {
      this.#alive = false;
      // What it has started and left must not keep its ports.
      signalQuietly(-record.pid, 'SIGKILL');
      this.#readers.forEach(reader => reader.finish());
      log.end();
      return ContainerProcess.exitCodeIn(dir) ?? UNKNOWN_EXIT;
    });
  }

  /**
   * @param dir - For its pipes and what it leaves; emptied of what an earlier run left.
   * @param group - `cgroup.procs` of the control group that limits its memory.
   * @throws when the process cannot be started.
   */
  static async start(
    dir: string,
    log: ContainerLog,
    { argv, env, cwd }: ContainerCommand,
    group = '',
  ): Promise<ContainerProcess> {
    for (const name of ['pid', 'exit', ...STREAMS]) {
      fs.rmSync(path.join(dir, name), { force: true });
    }
    const pipes = STREAMS.map(stream => path.join(dir, stream));
    execFileSync('mkfifo', ['-m', '600', ...pipes], { stdio: 'ignore' });
    // Read and write: there is always a reader, so that nobody's end is a SIGPIPE for the container.
    const outputs = pipes.map(pipe => fs.openSync(pipe, 'r+'));
    try {
      const child = spawn(
        '/bin/sh',
        ['-c', WRAPPER, 'sh', dir, group, ...argv],
        {
          cwd,
          env,
          detached: true,
          stdio: ['ignore', ...outputs],
        },
      );
      const ended = new Promise<void>(resolve => {
        child.once('exit', () => resolve());
      });
      const record = await started(child);
      child.unref();
      return new ContainerProcess(dir, log, record, ended);
    } finally {
      outputs.forEach(output => fs.closeSync(output));
    }
  }

  /** Takes over what an earlier kubelet has started; undefined when it has ended in the meantime. */
  static adopt(
    dir: string,
    log: ContainerLog,
    record: ProcessRecord,
  ): ContainerProcess | undefined {
    return isAlive(record)
      ? new ContainerProcess(dir, log, record, pollUntilGone(record))
      : undefined;
  }

  /** How what ran in this folder ended, if it was written down. */
  static exitCodeIn(dir: string): number | undefined {
    return readNumber(path.join(dir, 'exit'));
  }

  get alive(): boolean {
    return this.#alive;
  }

  /** Asks the container's first process, as a container runtime does. */
  terminate(): void {
    if (this.#alive) {
      const pid = readNumber(path.join(this.#dir, 'pid'));
      signalQuietly(pid ?? -this.record.pid, 'SIGTERM');
    }
  }

  /** Does not ask, and ends what it has started as well. */
  kill(): void {
    if (this.#alive) {
      const family = findDescendants(this.record.pid);
      // The shell last: it writes down how the container ended.
      killRecorded(family);
    }
  }
}

function started(child: ChildProcess): Promise<ProcessRecord> {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('spawn', () => {
      const { pid } = child;
      // It is our child: even when it has ended, its id is not another's before we have heard of it.
      resolve({ pid: pid!, startTime: startTimeOf(pid!) ?? '' });
    });
  });
}

async function pollUntilGone(record: ProcessRecord): Promise<void> {
  while (isAlive(record)) {
    await new Promise(resolve => setTimeout(resolve, POLL_MS));
  }
}

function readNumber(file: string): number | undefined {
  try {
    const text = fs.readFileSync(file, 'utf8').trim();
    return text ? Number(text) : undefined;
  } catch {
    return undefined;
  }
}

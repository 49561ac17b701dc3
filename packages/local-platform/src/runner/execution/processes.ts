import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { LineSplitter } from './LineSplitter';

/** A command of a step. */
export interface ProcessOptions {
  cwd: string;
  env: Record<string, string>;
  onLine(line: string): void;
  /** Ends the process group: SIGINT, then SIGTERM, then SIGKILL. */
  signal?: AbortSignal;
  /** Ends it at once. */
  kill?: AbortSignal;
}

/** How long a step may go on after each signal, as GitHub's runner has it. */
const interruptGraceMs = 7_500;
const terminateGraceMs = 2_500;

/** How long output is still read after the process has gone: something in the background may hold the pipe. */
const drainMs = 5_000;

/**
 * Runs a command in a process group of its own and hands out its output by line, stdout and stderr in order of arrival.
 * @returns the exit code; 128 + n for a signal n is not known to Node, so a killed process gives 143.
 */
export async function runInGroup(
  command: string,
  args: string[],
  options: ProcessOptions,
): Promise<number> {
  if (options.signal?.aborted) {
    return 143;
  }
  const child = spawn(command, args, {
    cwd: options.cwd,
    env: options.env,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const finishers = [child.stdout, child.stderr].map(stream => {
    const lines = new LineSplitter(options.onLine);
    stream.on('data', (chunk: Buffer) => lines.push(chunk));
    return () => lines.end();
  });

  let ended = false;
  const exited = new Promise<number>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', code => resolve(code ?? 143));
  });
  const closed = new Promise<void>(resolve => {
    child.once('close', () => resolve());
  });
  const stop = async () => {
    for (const [signal, grace] of [
      ['SIGINT', interruptGraceMs],
      ['SIGTERM', terminateGraceMs],
      ['SIGKILL', 0],
    ] as const) {
      if (!ended && child.pid) {
        killGroup(child.pid, signal);
        await Promise.race([exited.catch(() => 0), sleep(grace)]);
      }
    }
  };
  const onAbort = () => {
    stop().catch(() => undefined);
  };
  const onKill = () => child.pid && killGroup(child.pid, 'SIGKILL');
  options.signal?.addEventListener('abort', onAbort, { once: true });
  options.kill?.addEventListener('abort', onKill, { once: true });
  try {
    const code = await exited;
    ended = true;
    if (options.signal?.aborted && child.pid) {
      // What the command had put into the background goes with it.
      killGroup(child.pid, 'SIGKILL');
    }
    await Promise.race([closed, sleep(drainMs, undefined, { ref: false })]);
    return code;
  } finally {
    ended = true;
    options.signal?.removeEventListener('abort', onAbort);
    options.kill?.removeEventListener('abort', onKill);
    finishers.forEach(finish => finish());
    child.stdout.destroy();
    child.stderr.destroy();
  }
}

/** Sends a signal to a whole process group; one that has gone is no error. */
export function killGroup(groupId: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-groupId, signal);
  } catch {
    // No such group any more.
  }
}

/** A process that a job left behind. */
export interface Orphan {
  pid: number;
  name: string;
}

/**
 * Kills every process whose environment carries one of the tracking ids, as GitHub's runner does when a job ends. It
 * finds those that left their process group too. Only Linux shows environments, in /proc.
 */
export function killTracked(isTracked: (id: string) => boolean): Orphan[] {
  const killed: Orphan[] = [];
  let entries: string[];
  try {
    entries = readdirSync('/proc').filter(entry => /^\d+$/.test(entry));
  } catch {
    return killed;
  }
  for (const entry of entries) {
    const pid = Number(entry);
    try {
      const environment = readFileSync(`/proc/${entry}/environ`, 'utf8');
      const id = /(?:^|\0)RUNNER_TRACKING_ID=([^\0]*)/.exec(environment)?.[1];
      if (id && pid !== process.pid && isTracked(id)) {
        const name = readFileSync(`/proc/${entry}/comm`, 'utf8').trim();
        process.kill(pid, 'SIGKILL');
        killed.push({ pid, name });
      }
    } catch {
      // It ended meanwhile, or belongs to somebody else.
    }
  }
  return killed;
}

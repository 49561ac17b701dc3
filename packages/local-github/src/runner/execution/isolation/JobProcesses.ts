// SPDX-License-Identifier: Apache-2.0
import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { LineSplitter } from '../LineSplitter';
import type { IsolationKind, Mount } from './jobView';

/** How the agent of a job is started; the configuration is its first line of standard input. */
export interface AgentLaunch {
  command: string;
  args: string[];
  configuration: { by: IsolationKind; mounts: Mount[] };
}

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

/** A process that a job left behind; its id is the one that the job sees. */
export interface Orphan {
  pid: number;
  name: string;
}

/** How long a step may go on after each signal, as GitHub's runner has it. */
const INTERRUPT_GRACE_MS = 7_500;
const TERMINATE_GRACE_MS = 2_500;

/** How long output is still read after the process has gone: something in the background may hold the pipe. */
const DRAIN_MS = 5_000;

/** How long the end of all processes may take. */
const END_MS = 10_000;

/** What `agent.py` writes, a line each. */
const message = z.union([
  z.object({ ready: z.literal(true) }),
  z.object({ failed: z.string() }),
  z.object({ id: z.number(), stream: z.number(), data: z.base64() }),
  z.object({ id: z.number(), exit: z.number() }),
  z.object({ id: z.number(), closed: z.literal(true) }),
  z.object({ id: z.number(), error: z.string() }),
  z.object({ ended: z.array(z.object({ pid: z.number(), name: z.string() })) }),
]);
type Message = z.output<typeof message>;

/** All processes of one job, started by an agent that ends them with itself: see `agent.py`. */
export class JobProcesses {
  readonly #child: ChildProcess;
  readonly #gone: Promise<void>;
  readonly #listeners = new Map<number, (answer: Message) => void>();
  #ended: (orphans: Orphan[]) => void = () => undefined;
  #stderr = '';
  #count = 0;

  private constructor(child: ChildProcess) {
    this.#child = child;
    this.#gone = new Promise(resolve => {
      child.once('close', () => resolve());
      child.once('error', () => resolve());
    });
    child.stdin?.on('error', () => undefined);
    child.stderr?.on('data', (chunk: Buffer) => {
      this.#stderr = `${this.#stderr}${chunk}`.slice(-4096);
    });
  }

  /**
   * Starts the agent.
   * @throws if the system does not let it keep the job apart as it was told.
   */
  static async start(launch: AgentLaunch): Promise<JobProcesses> {
    const child = spawn(launch.command, launch.args, {
      cwd: '/',
      // A job may read its process 1.
      env: { PATH: process.env.PATH, LC_ALL: 'C.UTF-8' },
      detached: true,
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    const processes = new JobProcesses(child);
    const ready = new Promise<void>((resolve, reject) => {
      const fail = (reason: string) =>
        reject(new Error(`The job's processes cannot be started: ${reason}`));
      child.once('error', error => fail(error.message));
      child.once('close', () => fail(processes.#stderr.trim() || 'it ended'));
      if (child.stdout) {
        createInterface({ input: child.stdout }).on('line', line => {
          const answer = message.parse(JSON.parse(line));
          if ('ready' in answer) {
            resolve();
          } else if ('failed' in answer) {
            fail(answer.failed);
          } else {
            processes.#receive(answer);
          }
        });
      }
    });
    processes.#send(launch.configuration);
    await ready;
    return processes;
  }

  /**
   * Runs a command in a process group of its own and hands out its output by line, stdout and stderr in order of arrival.
   * @returns the exit code; 128 + n for a signal n, 143 if the job's processes were ended as a whole.
   * @throws if the command cannot be started.
   */
  async run(
    command: string,
    args: string[],
    options: ProcessOptions,
  ): Promise<number> {
    const { signal, kill } = options;
    if (signal?.aborted) {
      return 143;
    }
    this.#count += 1;
    const id = this.#count;
    const lines = [0, 1].map(() => new LineSplitter(options.onLine));
    let onClosed: () => void = () => undefined;
    const closed = new Promise<void>(resolve => {
      onClosed = resolve;
    });
    const exited = new Promise<number>((resolve, reject) => {
      this.#gone.then(() => resolve(143)).catch(reject);
      this.#listeners.set(id, answer => {
        if ('data' in answer) {
          lines[answer.stream].push(Buffer.from(answer.data, 'base64'));
        } else if ('exit' in answer) {
          resolve(answer.exit);
        } else if ('closed' in answer) {
          onClosed();
        } else if ('error' in answer) {
          reject(new Error(answer.error));
        }
      });
    });
    let ended = false;
    const tell = (name: NodeJS.Signals) => {
      if (!ended) {
        this.#send({ id, signal: name });
      }
    };
    const stop = async () => {
      for (const [name, grace] of [
        ['SIGINT', INTERRUPT_GRACE_MS],
        ['SIGTERM', TERMINATE_GRACE_MS],
        ['SIGKILL', 0],
      ] as const) {
        tell(name);
        await Promise.race([exited.catch(() => 0), sleep(grace)]);
      }
    };
    const onAbort = () => {
      stop().catch(() => undefined);
    };
    const onKill = () => tell('SIGKILL');
    signal?.addEventListener('abort', onAbort, { once: true });
    kill?.addEventListener('abort', onKill, { once: true });
    this.#send({ id, command, args, cwd: options.cwd, env: options.env });
    try {
      const code = await exited;
      if (signal?.aborted) {
        // What the command had put into the background goes with it.
        tell('SIGKILL');
      }
      await Promise.race([
        closed,
        this.#gone,
        sleep(DRAIN_MS, undefined, { ref: false }),
      ]);
      return code;
    } finally {
      ended = true;
      signal?.removeEventListener('abort', onAbort);
      kill?.removeEventListener('abort', onKill);
      this.#listeners.delete(id);
      this.#send({ id, release: true });
      lines.forEach(splitter => splitter.end());
    }
  }

  /** Ends every process of the job, whatever it did to leave it; answers those that no step was waiting for. */
  async end(): Promise<Orphan[]> {
    const ended = new Promise<Orphan[]>(resolve => {
      this.#ended = resolve;
    });
    this.#send({ end: true });
    this.#child.stdin?.end();
    const orphans = await Promise.race([
      ended,
      this.#gone.then(() => []),
      sleep(END_MS, [], { ref: false }),
    ]);
    await Promise.race([this.#gone, sleep(END_MS, undefined, { ref: false })]);
    this.#child.kill('SIGKILL');
    return orphans;
  }

  #receive(answer: Message): void {
    if ('ended' in answer) {
      this.#ended(answer.ended);
    } else if ('id' in answer) {
      this.#listeners.get(answer.id)?.(answer);
    }
  }

  #send(request: unknown): void {
    if (this.#child.stdin?.writable) {
      this.#child.stdin.write(`${JSON.stringify(request)}\n`);
    }
  }
}

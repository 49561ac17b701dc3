// SPDX-License-Identifier: Apache-2.0
import { placeWords } from './containerCommand';
import { ContainerLog } from './ContainerLog';
import { ContainerPorts } from './ContainerPorts';
import { ContainerProcess } from './ContainerProcess';
import { ContainerRecord, writeContainerRecord } from './ContainerRecord';
import { ContainerStatusBoard } from './ContainerStatusBoard';
import {
  ContainerSpec,
  ContainerStatus,
  kubeTime,
  Terminated,
} from './kubeTypes';
import { MemoryGroup } from './MemoryGroups';
import { parseQuantity } from './parseQuantity';
import { PodContext } from './PodContext';
import { checkProgram, StartError, terminationLog } from './prepareCommand';
import { ProbeKind, Prober } from './Prober';
import { terminationMessage } from './terminationMessage';

/** What one run of a container is made of. */
export interface RunParts {
  spec: ContainerSpec;
  context: PodContext;
  board: ContainerStatusBoard;
  ports: ContainerPorts;
  /** The container's folder. */
  dir: string;
  log: ContainerLog;
  record: ContainerRecord;
  event: (type: 'Normal' | 'Warning', reason: string, message: string) => void;
  onOutOfMemory: () => void;
}

const KILL_GRACE_MS = 30_000;
const OUT_OF_MEMORY_EXIT = 137;
const START_ERROR_EXIT = 128;
/** What containerd says of a container whose end it has not seen, as after a restart of the node. */
const UNKNOWN_END = { exitCode: 255, reason: 'Unknown' };

/** One run of a container: from its start, or its adoption, to its end, with its probes and its memory's limit. */
export class ContainerRun {
  readonly #parts: RunParts;
  #process: ContainerProcess | undefined;
  #killTimer: NodeJS.Timeout | undefined;
  #outOfMemory = false;
  #group: MemoryGroup | undefined;

  constructor(parts: RunParts) {
    this.#parts = parts;
  }

  get isRunning(): boolean {
    return this.#process?.alive ?? false;
  }

  /** The leader of its processes; undefined while none runs. */
  get running(): { pid: number; startedAt: number } | undefined {
    return this.#process?.alive
      ? {
          pid: this.#process.record.pid,
          startedAt: this.#parts.record.startedAt,
        }
      : undefined;
  }

  get log(): ContainerLog {
    return this.#parts.log;
  }

  /** Starts the process. @returns its exit code when it has ended. */
  async start(): Promise<number> {
    const { spec, dir, log, record, board, event, context } = this.#parts;
    try {
      checkProgram(record.command);
      const limit = this.#memoryLimit;
      this.#group = limit
        ? context.node.memoryGroups?.make(record.id, limit)
        : undefined;
      this.#process = await ContainerProcess.start(
        dir,
        log,
        record.command,
        this.#group?.procsFile,
      );
    } catch (error) {
      return this.#failToStart(error);
    }
    record.process = this.#process.record;
    record.startedAt = Date.now();
    this.#save();
    board.running(record.id, record.imageID, record.startedAt);
    event('Normal', 'Started', `Started container ${spec.name}`);
    return this.#watch(this.#process);
  }

  /**
   * Goes on where an earlier kubelet was.
   *
   * @param before - What was known of it then, which its probes will correct.
   * @returns the exit code when it has ended.
   */
  async adopt(
    before: Pick<ContainerStatus, 'ready' | 'started'>,
  ): Promise<number> {
    const { dir, log, record, board, ports, context } = this.#parts;
    this.#group = context.node.memoryGroups?.find(record.id);
    board.running(record.id, record.imageID, record.startedAt);
    this.#process =
      record.process && ContainerProcess.adopt(dir, log, record.process);
    if (!this.#process) {
      return this.#finish(ContainerProcess.exitCodeIn(dir));
    }
    ports.keep(record.ports);
    board.set(before);
    return this.#watch(this.#process);
  }

  /** Asks it to end, and after the grace period does not ask; settles when it has ended. */
  async stop(graceMs: number): Promise<void> {
    const process = this.#process;
    if (process?.alive) {
      process.terminate();
      this.#killTimer ??= setTimeout(() => process.kill(), graceMs);
      await process.exited;
    }
  }

  #save(): void {
    const { dir, record, context } = this.#parts;
    try {
      writeContainerRecord(dir, record);
    } catch (error) {
      // On a full disk what runs must be looked after still.
      context.node.log(`${record.id}: ${error}`);
    }
  }

  async #watch(process: ContainerProcess): Promise<number> {
    const { context, record } = this.#parts;
    const prober = this.#makeProber();
    const limit = this.#memoryLimit;
    const unwatch =
      limit && !this.#group
        ? context.node.memory.watch(process.record.pid, limit, () => {
            this.#outOfMemory = true;
            process.kill();
          })
        : undefined;
    prober.run().catch(error => context.node.log(`${record.id}: ${error}`));
    const code = await process.exited;
    prober.stop();
    clearTimeout(this.#killTimer);
    unwatch?.();
    this.#leaveGroup(code);
    if (this.#outOfMemory) {
      this.#parts.onOutOfMemory();
    }
    return this.#finish(this.#outOfMemory ? OUT_OF_MEMORY_EXIT : code);
  }

  get #memoryLimit(): number | undefined {
    const limit = this.#parts.spec.resources?.limits?.memory;
    return limit === undefined ? undefined : parseQuantity(limit);
  }

  /** The kernel says whether it was it that killed. */
  #leaveGroup(code: number): void {
    if (code === OUT_OF_MEMORY_EXIT && this.#group?.oomKills()) {
      this.#outOfMemory = true;
    }
    this.#group?.remove();
  }

  #makeProber(): Prober {
    const { spec, context, board, ports, record, event } = this.#parts;
    return new Prober(
      spec,
      {
        podIP: context.place.podIP,
        port: given => ports.find(given),
        command: argv => ({
          ...record.command,
          argv: placeWords(argv, record.command.places, ports.map),
        }),
      },
      {
        onStarted: () => board.set({ started: true }),
        onReady: ready => {
          if (board.status.ready !== ready) {
            board.set({ ready });
          }
        },
        onFailure: message => event('Warning', 'Unhealthy', message),
        onDead: kind => this.#restart(kind),
      },
      record.startedAt,
    );
  }

  #restart(kind: ProbeKind): void {
    const { spec, event, context } = this.#parts;
    const probe = kind === 'Startup' ? spec.startupProbe : spec.livenessProbe;
    const seconds =
      probe?.terminationGracePeriodSeconds ??
      context.pod().spec?.terminationGracePeriodSeconds;
    event(
      'Normal',
      'Killing',
      `Container ${spec.name} failed ${kind.toLowerCase()} probe, will be restarted`,
    );
    this.stop(seconds === undefined ? KILL_GRACE_MS : seconds * 1000).catch(
      error => context.node.log(String(error)),
    );
  }

  #failToStart(error: unknown): Promise<number> {
    const { event } = this.#parts;
    const message = error instanceof Error ? error.message : String(error);
    event('Warning', 'Failed', `Error: ${message}`);
    return this.#end({
      exitCode: START_ERROR_EXIT,
      reason: error instanceof StartError ? 'StartError' : 'ContainerCannotRun',
      message,
      startedAt: kubeTime(0),
    });
  }

  async #finish(exitCode: number | undefined): Promise<number> {
    const { spec, dir, log, record, context } = this.#parts;
    if (exitCode === undefined || context.node.isStopping()) {
      return this.#end({
        ...UNKNOWN_END,
        startedAt: kubeTime(record.startedAt),
      });
    }
    const ok = exitCode === 0 ? 'Completed' : 'Error';
    return this.#end({
      exitCode,
      reason: this.#outOfMemory ? 'OOMKilled' : ok,
      message: await terminationMessage(spec, exitCode, {
        termination: terminationLog(dir),
        log: log.file,
      }),
      startedAt: kubeTime(record.startedAt),
    });
  }

  async #end(how: Omit<Terminated, 'signal'>): Promise<number> {
    const { log, record, board } = this.#parts;
    log.end();
    const terminated = {
      ...how,
      finishedAt: kubeTime(),
      containerID: record.id,
    };
    record.terminated = terminated;
    record.process = undefined;
    this.#save();
    board.set({ containerID: record.id, imageID: record.imageID });
    board.ended(terminated);
    return how.exitCode;
  }
}

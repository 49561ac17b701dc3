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

  constructor(parts: RunParts) {
    this.#parts = parts;
  }

  get isRunning(): boolean {
    return this.#process?.alive ?? false;
  }

  get log(): ContainerLog {
    return this.#parts.log;
  }

  /** Starts the process. @returns its exit code when it has ended. */
  async start(): Promise<number> {
    const { spec, dir, log, record, board, event } = this.#parts;
    try {
      checkProgram(record.command);
      this.#process = await ContainerProcess.start(dir, log, record.command);
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
    const { dir, log, record, board, ports } = this.#parts;
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
    const { spec, context, record } = this.#parts;
    const prober = this.#makeProber();
    const limit = spec.resources?.limits?.memory;
    const unwatch =
      limit &&
      context.node.memory.watch(
        process.record.pid,
        parseQuantity(limit),
        () => {
          this.#outOfMemory = true;
          process.kill();
        },
      );
    prober.run().catch(error => context.node.log(`${record.id}: ${error}`));
    const code = await process.exited;
    prober.stop();
    clearTimeout(this.#killTimer);
    if (unwatch) {
      unwatch();
    }
    return this.#finish(this.#outOfMemory ? OUT_OF_MEMORY_EXIT : code);
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

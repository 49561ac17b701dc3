// SPDX-License-Identifier: Apache-2.0
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { PulledImage } from '../images/ImageStore';
import { Backoff, formatSeconds } from './Backoff';
import { ContainerLog } from './ContainerLog';
import { ContainerPorts } from './ContainerPorts';
import { ContainerCommand } from './ContainerProcess';
import { ContainerRecord, readContainerRecord } from './ContainerRecord';
import { ContainerRun } from './ContainerRun';
import { ContainerStatusBoard } from './ContainerStatusBoard';
import { ImagePuller } from './ImagePuller';
import { ContainerSpec, ContainerStatus, podKey } from './kubeTypes';
import { PodContext } from './PodContext';
import { ConfigError } from './PodObjects';
import { prepareCommand } from './prepareCommand';
import { readPullSecrets } from './readPullSecrets';

export type RestartPolicy = 'Always' | 'OnFailure' | 'Never';

const CONFIG_RETRY_MS = 5_000;

/** One container of a pod: its image, its runs, its probes and its back-off. */
export class Container {
  readonly spec: ContainerSpec;
  /** How events name it. */
  readonly fieldPath: string;
  /** Settles when it has started for the first time, or will not any more. */
  readonly started: Promise<void>;
  readonly #context: PodContext;
  readonly #board: ContainerStatusBoard;
  readonly #dir: string;
  readonly #ports: ContainerPorts;
  readonly #backoff: Backoff;
  readonly #puller: ImagePuller;
  readonly #abort = new AbortController();
  readonly #isInit: boolean;
  #run: ContainerRun | undefined;
  #oomEvents = 0;
  #markStarted: () => void = () => {};

  constructor(spec: ContainerSpec, context: PodContext, isInit: boolean) {
    this.spec = spec;
    this.#context = context;
    this.#isInit = isInit;
    this.#dir = path.join(context.dir, spec.name);
    this.fieldPath = `spec.${isInit ? 'initContainers' : 'containers'}{${spec.name}}`;
    const hasInit = Boolean(context.pod().spec?.initContainers?.length);
    this.#board = new ContainerStatusBoard(
      spec,
      hasInit ? 'PodInitializing' : 'ContainerCreating',
      () => {
        context.changed();
        if (this.#board.status.started) {
          this.#markStarted();
        }
      },
    );
    this.started = new Promise(resolve => {
      this.#markStarted = resolve;
    });
    const { network, restartBackoff, images } = context.node;
    this.#ports = new ContainerPorts(network, context.place.podIP, spec);
    this.#backoff = new Backoff(restartBackoff);
    this.#puller = new ImagePuller(
      images,
      {
        event: event => this.#event(event.type, event.reason, event.message),
        waiting: (reason, message) => this.#board.waiting(reason, message),
      },
      restartBackoff,
    );
    fs.mkdirSync(this.#dir, { recursive: true });
  }

  get status(): ContainerStatus {
    return this.#board.status;
  }

  get isRunning(): boolean {
    return this.#run?.isRunning ?? false;
  }

  /** What runs now, for what it takes; undefined while nothing does. */
  get running(): { pid: number; startedAt: number } | undefined {
    return this.#run?.running;
  }

  /** How often it was ended for want of memory. */
  get oomEvents(): number {
    return this.#oomEvents;
  }

  /** The log of the run that is, or was the last. */
  get log(): ContainerLog | undefined {
    return this.#run?.log;
  }

  /** The file of the log that `previous` means: of the last run that has ended and is not the current state. */
  get previousLogFile(): string | undefined {
    const { restartCount, state } = this.status;
    const file = this.#logFile(
      state?.waiting ? restartCount : restartCount - 1,
    );
    return fs.existsSync(file) ? file : undefined;
  }

  /** Runs until the policy says that it is over, or it is stopped. @returns the last exit code, if it ran. */
  async run(policy: RestartPolicy): Promise<number | undefined> {
    let code = await this.#resume();
    for (;;) {
      code ??= await this.#runOnce();
      if (this.#abort.signal.aborted || code === undefined) {
        return code;
      }
      if (policy === 'Never' || (policy === 'OnFailure' && code === 0)) {
        this.#ports.free();
        return code;
      }
      await this.#waitToRestart();
      if (this.#abort.signal.aborted) {
        return code;
      }
      code = undefined;
    }
  }

  /** Asks it to end, and after the grace period does not ask; settles when it has ended. */
  async stop(graceMs: number): Promise<void> {
    this.#abort.abort();
    this.#markStarted();
    if (!this.#run) {
      // What an earlier kubelet has started and this one had no time to take over.
      this.#resume().catch(error => this.#context.node.log(String(error)));
    }
    await this.#run?.stop(graceMs);
    this.#ports.free();
  }

  /** Takes over what an earlier kubelet has left. @returns the exit code, at once or when it has ended; undefined if it never ran. */
  async #resume(): Promise<number | undefined> {
    const record = readContainerRecord(this.#dir);
    if (!record) {
      const { restartCount = 0, containerID } = this.#statusBefore() ?? {};
      this.#board.set({ restartCount, containerID });
      return undefined;
    }
    const { id, imageID, restartCount, last, terminated } = record;
    this.#board.set({
      restartCount,
      containerID: id,
      imageID,
      lastState: last ? { terminated: last } : {},
    });
    const run = this.#makeRun(record);
    if (terminated) {
      run.log.end();
      this.#board.ended(terminated);
      return terminated.exitCode;
    }
    const { ready = false, started } = this.#statusBefore() ?? {};
    return run.adopt({ ready, started });
  }

  #statusBefore(): ContainerStatus | undefined {
    const { status } = this.#context.pod();
    return [
      ...(status?.containerStatuses ?? []),
      ...(status?.initContainerStatuses ?? []),
    ].find(({ name }) => name === this.spec.name);
  }

  /** @returns the exit code; undefined when it was stopped before it ran. */
  async #runOnce(): Promise<number | undefined> {
    const { signal } = this.#abort;
    const image = await this.#puller.pull(
      this.spec,
      () => readPullSecrets(this.#context.pod(), this.#context.objects),
      signal,
    );
    if (!image || signal.aborted) {
      return undefined;
    }
    const command = await this.#prepare(image);
    if (!command || signal.aborted) {
      return undefined;
    }
    const run = this.#makeRun(this.#nextRecord(image, command));
    this.#event('Normal', 'Created', `Created container: ${this.spec.name}`);
    return run.start();
  }

  #nextRecord(image: PulledImage, command: ContainerCommand): ContainerRecord {
    const { containerID, restartCount, state, lastState } = this.status;
    const runs = containerID ? restartCount + 1 : restartCount;
    this.#board.set({ restartCount: runs });
    const forgotten = this.#logFile(runs - 2);
    fs.rmSync(forgotten, { force: true });
    fs.rmSync(`${forgotten}.1`, { force: true });
    return {
      id: `process://${podKey(this.#context.pod()).uid}/${this.spec.name}/${runs}`,
      restartCount: runs,
      imageID: image.digest,
      startedAt: Date.now(),
      last: state?.terminated ?? lastState?.terminated,
      ports: [...this.#ports.map],
      command,
    };
  }

  #makeRun(record: ContainerRecord): ContainerRun {
    this.#run = new ContainerRun({
      spec: this.spec,
      context: this.#context,
      board: this.#board,
      ports: this.#ports,
      dir: this.#dir,
      log: new ContainerLog(this.#logFile(record.restartCount)),
      record,
      event: (type, reason, message) => this.#event(type, reason, message),
      onOutOfMemory: () => {
        this.#oomEvents += 1;
      },
    });
    return this.#run;
  }

  /** Waits until all that the spec refers to is there. */
  async #prepare(image: PulledImage): Promise<ContainerCommand | undefined> {
    const { signal } = this.#abort;
    while (!signal.aborted) {
      try {
        if (!this.#isInit || this.spec.restartPolicy === 'Always') {
          await this.#ports.take(image);
        }
        return await prepareCommand(
          this.spec,
          image,
          this.#ports,
          this.#dir,
          this.#context,
        );
      } catch (error) {
        const message = error instanceof Error ? error.message : String(error);
        this.#board.waiting(
          error instanceof ConfigError
            ? 'CreateContainerConfigError'
            : 'CreateContainerError',
          message,
        );
        this.#event('Warning', 'Failed', `Error: ${message}`);
        await this.#sleep(CONFIG_RETRY_MS);
      }
    }
    return undefined;
  }

  async #waitToRestart(): Promise<void> {
    const waitMs = this.#backoff.afterFailure(Date.now());
    if (!waitMs) {
      return;
    }
    const { namespace, name, uid } = podKey(this.#context.pod());
    const pod = `${name}_${namespace}(${uid})`;
    this.#board.waiting(
      'CrashLoopBackOff',
      `back-off ${formatSeconds(waitMs)} restarting failed container=${this.spec.name} pod=${pod}`,
    );
    this.#event(
      'Warning',
      'BackOff',
      `Back-off restarting failed container ${this.spec.name} in pod ${pod}`,
    );
    await this.#sleep(waitMs);
  }

  #logFile(run: number): string {
    return path.join(this.#dir, `${run}.log`);
  }

  #event(type: 'Normal' | 'Warning', reason: string, message: string): void {
    const { event } = this.#context;
    event({ type, reason, message, fieldPath: this.fieldPath });
  }

  async #sleep(ms: number): Promise<void> {
    const { signal } = this.#abort;
    await sleep(ms, undefined, { signal }).catch(() => {});
  }
}

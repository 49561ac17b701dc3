// SPDX-License-Identifier: Apache-2.0
import {
  ContainerSpec,
  ContainerStatus,
  kubeTime,
  Terminated,
} from './kubeTypes';

/** The status of one container as it changes. */
export class ContainerStatusBoard {
  readonly #changed: () => void;
  #status: ContainerStatus;

  /** @param waiting - Why it does not run yet. */
  constructor(spec: ContainerSpec, waiting: string, changed: () => void) {
    this.#changed = changed;
    this.#status = {
      name: spec.name,
      image: spec.image ?? '',
      imageID: '',
      ready: false,
      started: false,
      restartCount: 0,
      state: { waiting: { reason: waiting } },
      lastState: {},
    };
  }

  get status(): ContainerStatus {
    return this.#status;
  }

  set(change: Partial<ContainerStatus>): void {
    this.#status = { ...this.#status, ...change };
    this.#changed();
  }

  /** It does not run; how it ended before is kept as the last state. */
  waiting(reason: string, message?: string): void {
    this.set({
      state: { waiting: { reason, message } },
      lastState: this.#endedState(),
      ready: false,
      started: false,
    });
  }

  running(containerID: string, imageID: string, startedAt: number): void {
    this.set({
      containerID,
      imageID,
      state: { running: { startedAt: kubeTime(startedAt) } },
      lastState: this.#endedState(),
      ready: false,
      started: false,
    });
  }

  ended(terminated: Terminated): void {
    this.set({ state: { terminated }, ready: false, started: false });
  }

  #endedState(): ContainerStatus['lastState'] {
    const { terminated } = this.#status.state ?? {};
    return terminated ? { terminated } : this.#status.lastState;
  }
}

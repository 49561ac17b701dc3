// SPDX-License-Identifier: Apache-2.0
import { MlflowClientError } from '@greenroom/plugin-mlflow-node';

/** An instance answers nothing, whatever it is asked. */
export interface Outage {
  /** The newest failure. */
  error: MlflowClientError;
  /** When the newest failure was (ms since 1970). */
  at: number;
  /** When the first failure was (ms since 1970). */
  since: number;
}

/**
 * Which instances answer at all. One call that fails or hangs makes no outage,
 * since it may be that search alone: a cheap call besides decides, and any
 * answer ends the outage.
 */
export class InstanceHealth {
  readonly #probe: (instance: string) => Promise<void>;
  readonly #answeredAt = new Map<string, number>();
  readonly #outages = new Map<string, Outage>();
  readonly #checks = new Map<string, Promise<Outage | undefined>>();

  constructor(options: {
    /** Fails soon, unless the instance answers. */
    probe: (instance: string) => Promise<void>;
  }) {
    this.#probe = options.probe;
  }

  answered(instance: string): void {
    this.#answeredAt.set(instance, Date.now());
    this.#outages.delete(instance);
  }

  getOutage(instance: string): Outage | undefined {
    return this.#outages.get(instance);
  }

  /** Finds out whether there is an outage; one probe at a time. */
  check(instance: string): Promise<Outage | undefined> {
    const running = this.#checks.get(instance);
    if (running) {
      return running;
    }
    const check = this.#check(instance).finally(() =>
      this.#checks.delete(instance),
    );
    this.#checks.set(instance, check);
    return check;
  }

  async #check(instance: string): Promise<Outage | undefined> {
    const startedAt = Date.now();
    try {
      await this.#probe(instance);
    } catch (error) {
      if (!(error instanceof MlflowClientError)) {
        throw error;
      }
      const answeredAt = this.#answeredAt.get(instance) ?? -Infinity;
      if (error.retryable && answeredAt <= startedAt) {
        const at = Date.now();
        const since = this.#outages.get(instance)?.since ?? at;
        this.#outages.set(instance, { error, at, since });
        return this.#outages.get(instance);
      }
    }
    this.answered(instance);
    return undefined;
  }
}

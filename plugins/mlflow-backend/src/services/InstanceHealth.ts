import type { MlflowClientError } from '@greenroom/plugin-mlflow-node';

/** An instance answers nothing, whatever it is asked. */
export interface Outage {
  /** The newest failure. */
  error: MlflowClientError;
  /** When the newest failure was (ms since 1970). */
  at: number;
  /** When the first failure was (ms since 1970). */
  since: number;
}

/** Which instances answer at all: one slow search does not make an outage. */
export class InstanceHealth {
  readonly #answeredAt = new Map<string, number>();
  readonly #outages = new Map<string, Outage>();

  answered(instance: string): void {
    this.#answeredAt.set(instance, Date.now());
    this.#outages.delete(instance);
  }

  /** `startedAt`: when the call that failed was made (ms since 1970). */
  failed(instance: string, error: MlflowClientError, startedAt: number): void {
    const answeredAt = this.#answeredAt.get(instance);
    if (answeredAt !== undefined && answeredAt > startedAt) {
      return;
    }
    const at = Date.now();
    const since = this.#outages.get(instance)?.since ?? at;
    this.#outages.set(instance, { error, at, since });
  }

  getOutage(instance: string): Outage | undefined {
    return this.#outages.get(instance);
  }
}

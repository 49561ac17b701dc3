/** Since when each instance has answered nothing, whatever it was asked. */
export class InstanceHealth {
  readonly #failingSince = new Map<string, number>();

  answered(instance: string): void {
    this.#failingSince.delete(instance);
  }

  failed(instance: string): void {
    if (!this.#failingSince.has(instance)) {
      this.#failingSince.set(instance, Date.now());
    }
  }

  /** Milliseconds since 1970; undefined while the instance answers. */
  failingSince(instance: string): number | undefined {
    return this.#failingSince.get(instance);
  }
}

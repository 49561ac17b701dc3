// SPDX-License-Identifier: Apache-2.0

/** How long the kubelet waits between tries. */
export interface BackoffOptions {
  /** The kubelet's: 10 s. */
  firstMs: number;
  /** The kubelet's: 5 min. */
  maxMs: number;
}

/** The kubelet's back-off: none at first, then `firstMs`, doubled each time; forgotten after twice the longest wait. */
export class Backoff {
  readonly #options: BackoffOptions;
  #nextMs = 0;
  #lastAt = 0;

  constructor(options: BackoffOptions) {
    this.#options = options;
  }

  /** How long to wait after a failure at this time, in ms. */
  afterFailure(now: number): number {
    const { firstMs, maxMs } = this.#options;
    if (now - this.#lastAt > 2 * maxMs) {
      this.#nextMs = 0;
    }
    const wait = this.#nextMs;
    this.#nextMs = Math.min(maxMs, Math.max(firstMs, wait * 2));
    this.#lastAt = now + wait;
    return wait;
  }
}

/** A wait as Go prints a duration of whole seconds, for example `10s` or `2m40s`. */
export function formatSeconds(ms: number): string {
  const seconds = Math.round(ms / 1000);
  const minutes = Math.floor(seconds / 60);
  return minutes ? `${minutes}m${seconds % 60}s` : `${seconds}s`;
}

// SPDX-License-Identifier: Apache-2.0

const MINUTE_MS = 60_000;

/**
 * How many messages with alerts are taken in at once and in a minute. Its own count:
 * only who has the token uses it up. Whoever is turned away is asked to come again,
 * since Alertmanager drops what is answered with 429.
 */
export class AlertGate {
  readonly #limits: { atOnce: number; perMinute: number };
  #running = 0;
  #minute = 0;
  #count = 0;

  constructor(limits: { atOnce: number; perMinute: number }) {
    this.#limits = limits;
  }

  /** @returns what ends it; undefined where there is no room */
  enter(): (() => void) | undefined {
    const minute = Math.floor(Date.now() / MINUTE_MS);
    if (minute !== this.#minute) {
      this.#minute = minute;
      this.#count = 0;
    }
    const { atOnce, perMinute } = this.#limits;
    if (this.#running >= atOnce || this.#count >= perMinute) {
      return undefined;
    }
    this.#running++;
    this.#count++;
    let isIn = true;
    return () => {
      this.#running -= isIn ? 1 : 0;
      isIn = false;
    };
  }
}

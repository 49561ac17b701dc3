// SPDX-License-Identifier: Apache-2.0

/** A global is looked up anew each time, in Jest slowly. */
const { imul } = Math;

const BITS = 20;
const MOST = 0xffff;

/**
 * How often line templates came, in 2 MB, however many there are. A template
 * that shares its counter with another is counted too high.
 */
export class LineCounts {
  readonly #counters = new Uint16Array(2 ** BITS);

  /** @returns how often it came before */
  add(hash: number): number {
    const at = slot(hash);
    const before = this.#counters[at];
    if (before < MOST) {
      this.#counters[at] = before + 1;
    }
    return before;
  }

  of(hash: number): number {
    return this.#counters[slot(hash)];
  }
}

function slot(hash: number): number {
  return imul(hash, 0x9e3779b1) >>> (32 - BITS);
}

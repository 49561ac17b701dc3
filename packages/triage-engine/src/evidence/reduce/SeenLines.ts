// SPDX-License-Identifier: Apache-2.0

/** A global is looked up anew each time, in Jest slowly. */
const { imul } = Math;

const BITS = 25;

/**
 * A set of line hashes in 4 MB, however many are put in: a Bloom filter with two
 * probes. After a million different templates it takes one new line in 300 for a
 * known one.
 */
export class SeenLines {
  readonly #bits = new Uint32Array(2 ** (BITS - 5));

  add(hash: number): void {
    const first = hash >>> (32 - BITS);
    const second = secondProbe(hash);
    this.#bits[first >>> 5] |= 1 << (first & 31);
    this.#bits[second >>> 5] |= 1 << (second & 31);
  }

  has(hash: number): boolean {
    const first = hash >>> (32 - BITS);
    const second = secondProbe(hash);
    return (
      ((this.#bits[first >>> 5] >>> (first & 31)) &
        (this.#bits[second >>> 5] >>> (second & 31)) &
        1) ===
      1
    );
  }
}

/** Murmur3's last step: its high bits depend on all bits of the hash. */
function secondProbe(hash: number): number {
  let mixed = imul(hash ^ (hash >>> 16), 0x85ebca6b);
  mixed = imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> (32 - BITS);
}

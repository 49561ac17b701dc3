// SPDX-License-Identifier: Apache-2.0
import type { ScannedLine } from './CandidateCollector';

/** The last lines that are in no block. */
export class RecentLines {
  #lines: ScannedLine[] = [];
  /** How many of them came since the last block. */
  #fresh = 0;
  readonly #most: number;

  constructor(most: number) {
    this.#most = most;
  }

  get last(): ScannedLine | undefined {
    return this.#lines.at(-1);
  }

  push(scanned: ScannedLine): void {
    this.#lines.push(scanned);
    this.#fresh += 1;
    if (this.#lines.length > 2 * this.#most) {
      this.#lines = this.#lines.slice(-this.#most);
    }
  }

  /** The last so many of those since the last block; a new one begins. */
  takeFresh(most: number): ScannedLine[] {
    return this.#take(Math.min(most, this.#fresh));
  }

  /** The last ones, also from before other blocks; a new one begins. */
  takeAll(): ScannedLine[] {
    return this.#take(this.#most);
  }

  #take(count: number): ScannedLine[] {
    this.#fresh = 0;
    return this.#lines.splice(Math.max(0, this.#lines.length - count));
  }
}

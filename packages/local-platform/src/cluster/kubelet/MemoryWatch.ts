// SPDX-License-Identifier: Apache-2.0
import { readProcessTable, usageOf } from './processTable';

interface Watched {
  pid: number;
  limitBytes: number;
  onExceeded: () => void;
}

/** Compares the resident memory of process trees with their limits: what a control group does for the real kubelet. */
export class MemoryWatch {
  readonly #intervalMs: number;
  readonly #watched = new Set<Watched>();
  #timer: NodeJS.Timeout | undefined;

  constructor(intervalMs: number) {
    this.#intervalMs = intervalMs;
  }

  /**
   * @param pid - The leader of the process group whose memory, with all that it has started, is limited.
   * @returns what ends the watching.
   */
  watch(pid: number, limitBytes: number, onExceeded: () => void): () => void {
    const watched = { pid, limitBytes, onExceeded };
    this.#watched.add(watched);
    this.#schedule();
    return () => this.#watched.delete(watched);
  }

  stop(): void {
    this.#watched.clear();
    clearTimeout(this.#timer);
  }

  #schedule(): void {
    this.#timer ??= setTimeout(() => {
      this.#check()
        .catch(() => {})
        .finally(() => {
          this.#timer = undefined;
          if (this.#watched.size) {
            this.#schedule();
          }
        });
    }, this.#intervalMs);
  }

  async #check(): Promise<void> {
    const rows = await readProcessTable();
    for (const { pid, limitBytes, onExceeded } of this.#watched) {
      if (usageOf(pid, rows).memoryBytes > limitBytes) {
        onExceeded();
      }
    }
  }
}

// SPDX-License-Identifier: Apache-2.0
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

interface Watched {
  pid: number;
  limitBytes: number;
  onExceeded: () => void;
}

interface Row {
  pid: number;
  parent: number;
  group: number;
  bytes: number;
}

const run = promisify(execFile);

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
    const { stdout } = await run('ps', ['-A', '-o', 'pid=,ppid=,pgid=,rss=']);
    const rows = parseTable(stdout);
    for (const { pid, limitBytes, onExceeded } of this.#watched) {
      if (memoryOf(pid, rows) > limitBytes) {
        onExceeded();
      }
    }
  }
}

function parseTable(table: string): Row[] {
  return table
    .trim()
    .split('\n')
    .map(line => {
      const [pid, parent, group, kib] = line.trim().split(/\s+/).map(Number);
      return { pid, parent, group, bytes: kib * 1024 };
    });
}

/** Resident memory of a process group and of what it has started, in bytes. */
function memoryOf(leader: number, rows: Row[]): number {
  const family = new Set(
    rows.filter(({ group }) => group === leader).map(({ pid }) => pid),
  );
  let size: number;
  do {
    size = family.size;
    for (const { pid, parent } of rows) {
      if (family.has(parent)) {
        family.add(pid);
      }
    }
  } while (family.size > size);
  return rows
    .filter(({ pid }) => family.has(pid))
    .reduce((sum, { bytes }) => sum + bytes, 0);
}

import { crc32 } from 'node:zlib';
import type { ErrorLog } from './ErrorLog';
import type { InflateProgress } from './inflate';
import { RATIO_MATTERS_FROM, type UnpackLimits } from './limits';

/** A file of an archive or folder. */
export interface ArchiveEntry {
  /** With forward slashes. */
  path: string;
  /**
   * Never throws: where the content is broken or beyond a limit it ends, and the
   * archive's errors say so.
   */
  open(): AsyncIterable<Uint8Array>;
}

/** Files that can be read, each as often as needed. */
export interface Archive {
  entries: ArchiveEntry[];
  close(): Promise<void>;
}

/** Bytes of all files of an archive together. */
export class ByteBudget {
  #used = 0;
  readonly limits: UnpackLimits;

  constructor(limits: UnpackLimits) {
    this.limits = limits;
  }

  /** @returns false, and spends nothing, where there is not enough left. */
  spend(bytes: number): boolean {
    if (this.#used + bytes > this.limits.maxTotalBytes) {
      return false;
    }
    this.#used += bytes;
    return true;
  }
}

/** What is known of an entry's content before it is read. */
export interface GuardedContent {
  path: string;
  /** Notes in `progress` how many compressed bytes it took; headers are not believed. */
  content: (progress: InflateProgress) => AsyncIterable<Uint8Array>;
  crc32?: number;
}

/**
 * An entry that keeps to the limits, whatever its headers say. Reading it again
 * costs no more of the budget.
 */
export function guardEntry(
  { path, content, crc32: expected }: GuardedContent,
  budget: ByteBudget,
  log: ErrorLog,
): ArchiveEntry {
  const { maxEntryBytes, maxTotalBytes, maxRatio } = budget.limits;
  let paid = 0;
  /** Why no more may be read, once `read` bytes were made of `packed`. */
  const excess = (
    read: number,
    packed: number,
  ): [code: string, message: string] | undefined => {
    if (packed > 0 && read > RATIO_MATTERS_FROM && read > packed * maxRatio) {
      return [
        'zip-bomb',
        `${packed} compressed bytes become more than ${maxRatio} times as many; the rest is not read`,
      ];
    }
    const more = Math.max(0, read - paid);
    if (!budget.spend(more)) {
      return [
        'archive-too-large',
        `All files together have more than ${maxTotalBytes} bytes; the rest is not read`,
      ];
    }
    paid += more;
    return undefined;
  };
  return {
    path,
    async *open() {
      let read = 0;
      let sum = 0;
      const progress: InflateProgress = { consumed: 0 };
      try {
        for await (const piece of content(progress)) {
          const over = excess(read + piece.length, progress.consumed);
          if (over) {
            log.add(...over, path);
            return;
          }
          if (read + piece.length > maxEntryBytes) {
            log.add(
              'file-too-large',
              `Only the first ${maxEntryBytes} bytes are read`,
              path,
            );
            yield piece.subarray(0, maxEntryBytes - read);
            return;
          }
          read += piece.length;
          if (expected !== undefined) {
            sum = crc32(piece, sum);
          }
          yield piece;
        }
      } catch (error) {
        log.add(
          'broken-content',
          `Only the first ${read} bytes can be read (${error instanceof Error ? error.message : error})`,
          path,
        );
        return;
      }
      if (expected !== undefined && sum !== expected) {
        log.add(
          'broken-content',
          'The content does not match its checksum',
          path,
        );
      }
    },
  };
}

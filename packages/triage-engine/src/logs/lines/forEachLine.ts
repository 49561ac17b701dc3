import { setImmediate } from 'node:timers/promises';
import type { LogInput, LogLine } from '../types';
import { LogLineDecoder } from './LogLineDecoder';

/** Bytes after which others may have their turn on the event loop. */
const TURN = 4 * 1024 * 1024;

/**
 * Reads a log from its start to its end, faster than `readLines`.
 *
 * @param onLine - `raw` is the line as it stands in the log, time stamp and all
 * @returns how many bytes it has
 * @throws what the input throws, and the signal's reason
 */
export async function forEachLine(
  input: LogInput,
  onLine: (line: LogLine, raw: string) => void,
  signal?: AbortSignal,
): Promise<number> {
  const decoder = new LogLineDecoder(onLine);
  let bytes = 0;
  let turn = TURN;
  for await (const chunk of input.open()) {
    signal?.throwIfAborted();
    decoder.write(chunk);
    bytes += chunk.length;
    if (bytes >= turn) {
      turn = bytes + TURN;
      await setImmediate();
    }
  }
  decoder.end();
  return bytes;
}

import type { LogInput } from '../types';

/** A piece; a string of all of it may be longer than a string can be. */
const CHUNK = 256 * 1024;

/**
 * Bytes or text in memory as a log.
 */
export function bufferInput(
  content: Uint8Array | string,
  source: string,
): LogInput {
  return {
    source,
    async *open() {
      const bytes =
        typeof content === 'string' ? Buffer.from(content) : content;
      for (let at = 0; at < bytes.length; at += CHUNK) {
        yield bytes.subarray(at, at + CHUNK);
      }
    },
  };
}

// SPDX-License-Identifier: Apache-2.0
import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';

const TIMEOUT_MS = 5 * 60_000;

/** More was sent than is read. */
class TooLargeError extends Error {
  constructor(maxBytes: number) {
    super(`It is larger than ${maxBytes} bytes`);
    this.name = 'TooLargeError';
  }
}

/**
 * Writes into a file what is at an address that GitHub has signed: without the
 * token, and no more than `maxBytes`.
 *
 * @throws TooLargeError; Error where the storage does not answer with 200
 */
export async function download(
  url: string,
  file: string,
  maxBytes: number,
): Promise<void> {
  const response = await fetch(url, {
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  if (!response.ok || !response.body) {
    throw new Error(`The storage answered ${response.status}`);
  }
  let size = 0;
  try {
    await pipeline(
      response.body,
      async function* bounded(chunks: AsyncIterable<Uint8Array>) {
        for await (const chunk of chunks) {
          size += chunk.length;
          if (size > maxBytes) {
            throw new TooLargeError(maxBytes);
          }
          yield chunk;
        }
      },
      createWriteStream(file, { mode: 0o600 }),
    );
  } catch (error) {
    await rm(file, { force: true });
    throw error;
  }
}

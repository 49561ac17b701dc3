// SPDX-License-Identifier: Apache-2.0
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import type { Request } from 'express';
import { ApiError } from './errors';

const unzip = promisify(gunzip);

/** What git compresses is the list of commits that it has or wants, never a pack. */
const MAX_BYTES = 10 * 1024 * 1024;

/**
 * A compressed body, unfolded; undefined for one that is not compressed. The limit holds for what comes out, since a
 * few kilobytes can unfold to gigabytes.
 *
 * @throws ApiError 413 beyond the limit, 400 for broken data, 415 for another encoding than gzip
 */
export async function readCompressedBody(
  req: Request,
): Promise<Buffer | undefined> {
  const encoding = req.get('content-encoding')?.toLowerCase() ?? 'identity';
  if (encoding === 'identity') {
    return undefined;
  }
  if (encoding !== 'gzip' && encoding !== 'x-gzip') {
    throw new ApiError(415, 'Bodies are plain or compressed by gzip.');
  }
  const tooLarge = new ApiError(
    413,
    `A compressed body may unfold to ${MAX_BYTES} bytes.`,
  );
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of req) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes > MAX_BYTES) {
      throw tooLarge;
    }
  }
  try {
    return await unzip(Buffer.concat(chunks), { maxOutputLength: MAX_BYTES });
  } catch (error) {
    throw Reflect.get(Object(error), 'code') === 'ERR_BUFFER_TOO_LARGE'
      ? tooLarge
      : new ApiError(400, 'The body is no valid gzip.');
  }
}

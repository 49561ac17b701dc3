// SPDX-License-Identifier: Apache-2.0
import { createWriteStream } from 'node:fs';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { RetryLaterError } from '@greenroom/plugin-triage-node';
import type { GithubClient } from './GithubClients';

const TIMEOUT_MS = 120_000;

/**
 * Writes an archive that GitHub's API hands out into a file. The redirect's own host
 * does not get the token: fetch drops it there.
 *
 * @returns false where there is none any more, or more than `maxBytes`
 * @throws RetryLaterError
 */
export async function download(
  { apiBaseUrl, token }: GithubClient,
  path: string,
  file: string,
  options: { maxBytes: number; signal: AbortSignal },
): Promise<boolean> {
  const signal = AbortSignal.any([
    options.signal,
    AbortSignal.timeout(TIMEOUT_MS),
  ]);
  let response: Response;
  try {
    response = await fetch(`${apiBaseUrl}${path}`, {
      headers: {
        authorization: `Bearer ${token}`,
        accept: 'application/vnd.github+json',
        'user-agent': 'greenroom-triage',
      },
      signal,
    });
  } catch (error) {
    throw new RetryLaterError('GitHub does not answer', {
      cause: error instanceof Error ? error : undefined,
    });
  }
  if (response.status >= 500 || response.status === 429) {
    throw new RetryLaterError(`GitHub answers ${response.status}`, {});
  }
  if (!response.ok || !response.body) {
    await response.body?.cancel();
    return false;
  }
  let size = 0;
  let isTooLarge = false;
  const limit = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      size += chunk.length;
      isTooLarge = size > options.maxBytes;
      done(isTooLarge ? new Error('The archive is too large') : null, chunk);
    },
  });
  try {
    await pipeline(response.body, limit, createWriteStream(file), { signal });
    return true;
  } catch (error) {
    if (isTooLarge) {
      return false;
    }
    throw new RetryLaterError('An archive of GitHub broke off', {
      cause: error instanceof Error ? error : undefined,
    });
  }
}

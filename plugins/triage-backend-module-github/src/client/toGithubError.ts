// SPDX-License-Identifier: Apache-2.0
import { RetryLaterError } from '@greenroom/plugin-triage-node';
import { z } from 'zod';

const requestErrorSchema = z.object({
  status: z.number(),
  message: z.string(),
  response: z
    .object({
      headers: z.record(
        z.string(),
        z.union([z.string(), z.number()]).optional(),
      ),
    })
    .optional(),
});

/** Answers that another time may be others. */
const PASSING = [408, 409, 423, 425, 429];

/** The status of GitHub's answer, undefined where there was none. */
export function statusOf(error: unknown): number | undefined {
  const parsed = requestErrorSchema.safeParse(error);
  return parsed.success ? parsed.data.status : undefined;
}

/**
 * What a failed call means: to try again at the time that GitHub names (rate limits),
 * to try again some time (outages), or not at all.
 *
 * See https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api
 */
export function toGithubError(error: unknown): Error {
  const parsed = requestErrorSchema.safeParse(error);
  const cause = error instanceof Error ? error : undefined;
  if (!parsed.success || parsed.data.status >= 500) {
    const what = parsed.success
      ? `answers ${parsed.data.status}`
      : 'does not answer';
    return new RetryLaterError(`GitHub ${what}`, { cause });
  }
  const { status, message, response } = parsed.data;
  const headers = response?.headers ?? {};
  const retryAfter = Number(headers['retry-after']);
  if (status === 403 || status === 429) {
    if (retryAfter > 0) {
      return new RetryLaterError('GitHub asks to wait', {
        cause,
        retryAt: Date.now() + retryAfter * 1_000,
      });
    }
    if (headers['x-ratelimit-remaining'] === '0') {
      return new RetryLaterError("GitHub's rate limit is used up", {
        cause,
        retryAt: Math.max(
          Number(headers['x-ratelimit-reset']) * 1_000,
          Date.now() + 1_000,
        ),
      });
    }
  }
  if (PASSING.includes(status)) {
    return new RetryLaterError(`GitHub answers ${status}`, { cause });
  }
  return new Error(`GitHub answers ${status}: ${message.slice(0, 200)}`);
}

/** Runs calls of GitHub, so that their errors say whether to try again. */
export async function withGithubErrors<T>(run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    throw error instanceof RetryLaterError ? error : toGithubError(error);
  }
}

/** Nothing, where GitHub says that there is none or that we may not see it. */
export async function orNone<T>(promise: Promise<T>): Promise<T | undefined> {
  try {
    return await promise;
  } catch (error) {
    if (
      [403, 404, 410, 422].includes(statusOf(error) ?? 0) &&
      !(toGithubError(error) instanceof RetryLaterError)
    ) {
      return undefined;
    }
    throw error;
  }
}

// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import type { RequestHandler } from 'express';
import { getCaller } from './authenticate';
import { ApiError } from './errors';

const WINDOW_MS = 3_600_000;

/**
 * Requests that one caller may make in an hour: more than any portal needs on a laptop, so that only a client which
 * runs wild meets the limit.
 */
const LIMIT = 100_000;

interface Window {
  used: number;
  resetAt: number;
}

/** Counts requests by caller, tells them in GitHub's headers, and refuses beyond the limit in GitHub's words. */
export function rateLimit(limit = LIMIT): RequestHandler {
  const windows = new Map<string, Window>();
  return (req, res, next) => {
    const caller = getCaller(res);
    const key = caller
      ? `${caller.login} ${caller.repositoryId ?? ''}`
      : 'anonymous';
    const now = Date.now();
    let window = windows.get(key);
    if (!window || window.resetAt <= now) {
      window = { used: 0, resetAt: now + WINDOW_MS };
      windows.set(key, window);
    }
    // Asking for the limit is free, as on GitHub.
    if (req.path !== '/rate_limit') {
      window.used += 1;
    }
    res.locals.rateLimit = {
      limit,
      used: Math.min(window.used, limit),
      remaining: Math.max(limit - window.used, 0),
      reset: Math.floor(window.resetAt / 1000),
      resource: 'core',
    };
    res.setHeader('X-RateLimit-Limit', limit);
    res.setHeader('X-RateLimit-Used', Math.min(window.used, limit));
    res.setHeader('X-RateLimit-Remaining', Math.max(limit - window.used, 0));
    res.setHeader('X-RateLimit-Reset', Math.floor(window.resetAt / 1000));
    res.setHeader('X-RateLimit-Resource', 'core');
    res.setHeader(
      'X-GitHub-Request-Id',
      createHash('sha1')
        .update(`${key}${now}${window.used}`)
        .digest('hex')
        .slice(0, 20)
        .toUpperCase(),
    );
    next(
      window.used > limit
        ? new ApiError(
            403,
            `API rate limit exceeded for ${caller?.login ?? req.ip}.`,
          )
        : undefined,
    );
  };
}

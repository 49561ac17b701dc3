// SPDX-License-Identifier: Apache-2.0
import { AsyncLocalStorage } from 'node:async_hooks';
import type { RequestHandler } from 'express';

const asksForNew = new AsyncLocalStorage<boolean>();

/**
 * Heeds `Cache-Control: no-cache` (RFC 9111, 5.2.1.4): a person who retries gets
 * an answer that was fetched after they asked, not one from memory.
 */
export const heedCacheControl: RequestHandler = (req, _res, next) =>
  asksForNew.run(/\bno-cache\b/i.test(req.get('cache-control') ?? ''), next);

/** Whether the request at hand asks for an answer that is not from memory. */
export function isNewAsked(): boolean {
  return asksForNew.getStore() ?? false;
}

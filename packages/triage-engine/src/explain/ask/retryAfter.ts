// SPDX-License-Identifier: Apache-2.0
const MAX_MS = 24 * 60 * 60 * 1_000;

/**
 * The value of a `Retry-After` header in milliseconds from now: seconds or a
 * date (RFC 9110, 10.2.3).
 *
 * @returns undefined where there is none, or it is not understood; at most a day
 * @public
 */
export function retryAfterToMs(
  header: string | null | undefined,
  now: number = Date.now(),
): number | undefined {
  const value = header?.trim();
  if (!value || value.length > 40) {
    return undefined;
  }
  const seconds = /^\d{1,9}(?:\.\d{1,9})?$/.test(value)
    ? Number(value)
    : (Date.parse(value) - now) / 1_000;
  return Number.isFinite(seconds)
    ? Math.min(Math.max(0, Math.ceil(seconds * 1_000)), MAX_MS)
    : undefined;
}

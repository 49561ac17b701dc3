// SPDX-License-Identifier: Apache-2.0

/** A cluster that starts, or a Prometheus that is restarted, is there again by then. */
const ASK_AGAIN_FOR_MS = 60 * 60_000;
const ASK_AGAIN_MS = { least: 10_000, most: 10 * 60_000 };

/**
 * When evidence that was not to be had is asked for again, ms since 1970: after as long as it has taken so
 * far, within bounds. Undefined where it has been waited for long enough.
 */
export function whenToAskAgain(receivedAt: number): number | undefined {
  const now = Date.now();
  const age = now - receivedAt;
  const { least, most } = ASK_AGAIN_MS;
  return age < ASK_AGAIN_FOR_MS
    ? now + Math.min(most, Math.max(least, age))
    : undefined;
}

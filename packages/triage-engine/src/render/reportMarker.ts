// SPDX-License-Identifier: Apache-2.0
const PREFIX = '<!-- greenroom-triage:v1 signature=';

/** At the start of the body only: whatever stands further down is quoted text. */
const MARKER = /^<!-- greenroom-triage:v1 signature=([0-9a-f]{1,64}) -->/;

/**
 * The invisible first line of a comment or issue, by which the next report of the
 * same cause finds it. The renderer breaks every other `<!--`.
 */
export function reportMarker(signature: string): string {
  return `${PREFIX}${
    signature
      .toLowerCase()
      .replace(/[^0-9a-f]/g, '')
      .slice(0, 64) || '0'
  } -->`;
}

/**
 * The signature that a body rendered by us carries, and nothing of a body that
 * only quotes one.
 *
 * @public
 */
export function readReportMarker(body: string): string | undefined {
  return MARKER.exec(body)?.[1];
}

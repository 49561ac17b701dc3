// SPDX-License-Identifier: Apache-2.0
import { toError } from '@backstage/errors';
import { createRedactor } from '@greenroom/triage-engine';

/** What of an error may be kept and shown: one line, without secrets. */
export function describeError(error: unknown): string {
  const text = toError(error).message;
  return createRedactor().redact(text.split('\n')[0].slice(0, 500));
}

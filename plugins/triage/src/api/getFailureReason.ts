// SPDX-License-Identifier: Apache-2.0
import type { ResponseError } from '@backstage/errors';

/** Why the portal itself gave no answer. */
export type FailureReason =
  'not-allowed' | 'signed-out' | 'not-installed' | 'backend-unreachable';

/** Tells from a failed request what a person can do about it. */
export function getFailureReason(error: Error): FailureReason {
  // Compared by name: a copy of the errors package may have made it.
  const status =
    error.name === 'ResponseError'
      ? (error as ResponseError).statusCode
      : undefined;
  switch (status) {
    case 401:
      return 'signed-out';
    case 403:
      return 'not-allowed';
    case 404:
      return 'not-installed';
    default:
      return 'backend-unreachable';
  }
}

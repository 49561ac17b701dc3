// SPDX-License-Identifier: Apache-2.0
import type { ResponseError } from '@backstage/errors';

/** What the backend said when it refused, and the status it said it with. */
export function getErrorWords(error: Error | undefined) {
  if (error?.name !== 'ResponseError') {
    return { message: error?.message ?? '' };
  }
  const { body, statusCode } = error as ResponseError;
  return { message: body.error.message || error.message, status: statusCode };
}

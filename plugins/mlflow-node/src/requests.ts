// SPDX-License-Identifier: Apache-2.0
import { MlflowClientError } from './MlflowClientError';
import type { z } from 'zod';
import type { MlflowSearchRequest } from './types';

/** A search as the body of a POST; undefined fields are left out by JSON. */
export function toSearchBody(request: MlflowSearchRequest) {
  return {
    filter: request.filter || undefined,
    order_by: request.orderBy,
    max_results: request.maxResults,
    page_token: request.pageToken,
  };
}

/** A search as the query of a GET. */
export function toSearchQuery(request: MlflowSearchRequest) {
  const { max_results = 100, ...rest } = toSearchBody(request);
  return { ...rest, max_results };
}

// What a server says of a name or id that it could not even have.
const IMPOSSIBLE =
  /^Invalid (?:model name|experiment ID|run ID) |^Invalid value .* for parameter 'name' supplied/i;

function isMissing(error: unknown): boolean {
  return (
    error instanceof MlflowClientError &&
    (error.errorCode === 'RESOURCE_DOES_NOT_EXIST' ||
      (error.errorCode === 'INVALID_PARAMETER_VALUE' &&
        IMPOSSIBLE.test(error.message)))
  );
}

/**
 * Turns MLflow's "does not exist" into undefined. A 404 without MLflow's own
 * error code stays an error: then the address is wrong, not the name.
 */
export async function ifExists<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (isMissing(error)) {
      return undefined;
    }
    throw error;
  }
}

const NO_SUCH_CALL: ReadonlySet<number | undefined> = new Set([404, 405, 501]);

/** Turns the answer of a server that is too old for a call into undefined. */
export async function ifSupported<T>(
  answer: Promise<T>,
): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof MlflowClientError && NO_SUCH_CALL.has(error.status)) {
      return undefined;
    }
    throw error;
  }
}

/** Checks an answer at the boundary; the error names the place, not the value. */
export function parseAnswer<T>(
  instance: string,
  path: string,
  options: { schema: z.ZodType<T>; answer: unknown },
): T {
  const parsed = options.schema.safeParse(options.answer);
  if (parsed.success) {
    return parsed.data;
  }
  const place = parsed.error.issues[0]?.path.join('.') || 'the top';
  throw new MlflowClientError({
    instance,
    code: 'MALFORMED_RESPONSE',
    message: `MLflow instance '${instance}' answered ${path} in an unknown form (at ${place})`,
  });
}

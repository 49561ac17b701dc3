// SPDX-License-Identifier: Apache-2.0
import type { NextFunction, Request, RequestHandler, Response } from 'express';
import type { z } from 'zod';
import { validationFailed } from './errors';

/** Passes a rejected promise on to Express' error handling, which Express 4 does not do itself. */
export function route(
  handler: (req: Request, res: Response) => Promise<unknown> | unknown,
): RequestHandler {
  return (req: Request, res: Response, next: NextFunction) => {
    Promise.resolve()
      .then(() => handler(req, res))
      .catch(next);
  };
}

/**
 * The request's JSON body after validation. A bad body is GitHub's 422, with one error per field.
 *
 * @param resource - the noun of the error entries, e.g. `Issue`
 */
export function parseBody<T extends z.ZodType>(
  req: Pick<Request, 'body'>,
  resource: string,
  schema: T,
): z.output<T> {
  const result = schema.safeParse(req.body ?? {});
  if (result.success) {
    return result.data;
  }
  throw validationFailed(
    ...result.error.issues.map(issue => {
      const missing =
        issue.code === 'invalid_type' &&
        issue.path.length > 0 &&
        issue.path.reduce<unknown>(
          (value, key) =>
            typeof value === 'object' && value !== null
              ? Reflect.get(value, key)
              : undefined,
          req.body,
        ) === undefined;
      return {
        resource,
        field: issue.path.join('.'),
        code: missing ? 'missing_field' : 'invalid',
        message: issue.message,
      };
    }),
  );
}

/** A query parameter that is a plain string, or undefined. */
export function queryString(req: Request, name: string): string | undefined {
  const value = req.query[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** A path parameter that is a positive integer; undefined otherwise. */
export function numberParam(req: Request, name: string): number | undefined {
  const value = req.params[name];
  return /^[1-9]\d{0,14}$/.test(value) ? Number(value) : undefined;
}

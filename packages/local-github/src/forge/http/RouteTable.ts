// SPDX-License-Identifier: Apache-2.0
import { Router, type Request, type Response } from 'express';
import type { z } from 'zod';
import type { ForgeCaller, ForgeRepository } from '../types';
import { findRepository, type RepositoryContext } from './access';
import { getCaller, requireUser } from './authenticate';
import { parseBody, route } from './route';

type Level = 'read' | 'write' | 'admin';

/** GitHub's name of a permission, and how much of it: `contents:read`. A job's token needs both, a person the level. */
type Right = `${string}:${Level}`;

/** Who gets in: anybody, a person with an account (no job's token), or who has the right in `:owner/:repo`. */
type Door = 'anyone' | 'person' | Right;

/** A request and its answer, as Express has them. */
export interface Exchange {
  req: Request;
  res: Response;
}

/** What is known of a request behind a door. */
export type Behind<D, R> = Exchange &
  (D extends 'anyone'
    ? { caller?: ForgeCaller }
    : D extends 'person'
      ? { caller: ForgeCaller }
      : D extends `${string}:read`
        ? { caller?: ForgeCaller; repository: R }
        : { caller: ForgeCaller; repository: R });

/** A door with more behind it: what the request names, or GitHub's answer when that is not there or not to be had. */
export interface Guard<T> {
  right: string;
  /** @throws ApiError */
  check(exchange: Exchange): T | Promise<T>;
}

/** A request's body: what GitHub calls it in the errors of a 422, and what it must be. */
export interface Body<S extends z.ZodType = z.ZodType> {
  resource: string;
  schema: S;
  /** Where the fields come from, unless from the body alone. */
  from?(req: Request): unknown;
}

/** Answers with what it returns as JSON, with 204 for nothing, or by itself through `res`. */
type Handler<T> = (parts: T) => unknown;

type Method = 'get' | 'post' | 'put' | 'patch' | 'delete';

/** Adds a line: path, who gets in, the body where there is one, and the handler. */
interface Add<R> {
  <D extends Door>(
    path: string | string[],
    door: D,
    handler: Handler<Behind<D, R>>,
  ): void;
  <D extends Door, S extends z.ZodType>(
    path: string | string[],
    door: D,
    body: Body<S>,
    handler: Handler<Behind<D, R> & { input: z.output<S> }>,
  ): void;
  <T>(path: string, guard: Guard<T>, handler: Handler<Exchange & T>): void;
  <T, S extends z.ZodType>(
    path: string,
    guard: Guard<T>,
    body: Body<S>,
    handler: Handler<Exchange & T & { input: z.output<S> }>,
  ): void;
}

/**
 * Routes of GitHub's REST API, each with the right that it needs and the form of its body. In this order a request is
 * held against them: who asks, the repository, the right, the body; a handler sees only what has passed. The paths of
 * those with a right in a repository go on from `/repos/:owner/:repo`.
 */
export class RouteTable<R extends ForgeRepository = ForgeRepository> {
  readonly router = Router();
  readonly #context: RepositoryContext<R>;

  constructor(context: RepositoryContext<R>) {
    this.#context = context;
  }

  readonly get = this.#adder('get');
  readonly post = this.#adder('post');
  readonly put = this.#adder('put');
  readonly patch = this.#adder('patch');
  readonly delete = this.#adder('delete');

  #adder(method: Method): Add<R> {
    return (
      path: string | string[],
      door: Door | Guard<unknown>,
      ...rest: unknown[]
    ) => {
      const handler = rest.pop() as Handler<object>;
      const body = rest.pop() as Body | undefined;
      const right = typeof door === 'string' ? door : door.right;
      const prefix = right.includes(':') ? '/repos/:owner/:repo' : '';
      const paths = [path].flat().map(each => `${prefix}${each}`);
      const handle = route(async (req, res) => {
        const exchange = { req, res };
        const parts: object =
          typeof door === 'string'
            ? open(this.#context, door, exchange)
            : Object(await door.check(exchange));
        const input = body && {
          input: parseBody(
            { body: body.from ? body.from(req) : req.body },
            body.resource,
            body.schema,
          ),
        };
        const answer = await handler({ ...exchange, ...parts, ...input });
        if (res.headersSent) {
          return;
        }
        if (answer === undefined) {
          res.status(204).end();
        } else {
          res.json(answer);
        }
      });
      // Express keeps a handler's name: by it whoever walks the routes reads the right that each needs.
      Object.defineProperty(handle, 'name', { value: right });
      this.router[method](paths, handle);
    };
  }
}

function open(
  context: RepositoryContext<ForgeRepository>,
  door: Door,
  { req, res }: Exchange,
): object {
  if (door === 'anyone') {
    return { req, res, caller: getCaller(res) };
  }
  if (door === 'person') {
    return { req, res, caller: requireUser(res) };
  }
  const [permission, level] = door.split(':');
  const repository = findRepository(
    context,
    req,
    res,
    permission,
    level as Level,
  );
  return { req, res, caller: getCaller(res), repository };
}

/** A door with more behind it, found from what is behind the plain one. */
export function guard<
  R extends ForgeRepository,
  D extends Door,
  T extends object,
>(
  context: RepositoryContext<R>,
  door: D,
  find: (parts: Behind<D, R>) => T | Promise<T>,
): Guard<Behind<D, R> & T> {
  return {
    right: door,
    check: async exchange => {
      const parts = open(context, door, exchange) as Behind<D, R>;
      return { ...parts, ...(await find(parts)) };
    },
  };
}

/** The body of a route: what GitHub calls it, and its schema. */
export function bodyOf<S extends z.ZodType>(
  resource: string,
  schema: S,
  from?: Body['from'],
): Body<S> {
  return { resource, schema, from };
}

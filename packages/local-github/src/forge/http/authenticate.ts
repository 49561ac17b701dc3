// SPDX-License-Identifier: Apache-2.0
import type { Request, RequestHandler, Response } from 'express';
import type { ForgeCaller, ForgeContext } from '../types';
import {
  badCredentials,
  notAccessibleByIntegration,
  requiresAuthentication,
} from './errors';

/** The token of `Authorization: Bearer|token …` or of Basic credentials, as git and GitHub's clients send it. */
export function readToken(req: Request): string | undefined {
  const [scheme, credentials] = (req.get('authorization') ?? '').split(/\s+/);
  if (!credentials) {
    return undefined;
  }
  switch (scheme.toLowerCase()) {
    case 'bearer':
    case 'token':
      return credentials;
    case 'basic': {
      const decoded = Buffer.from(credentials, 'base64').toString('utf8');
      const colon = decoded.indexOf(':');
      const user = colon < 0 ? decoded : decoded.slice(0, colon);
      const password = colon < 0 ? '' : decoded.slice(colon + 1);
      // The token may stand in either place: `x-access-token:TOKEN` or `TOKEN:x-oauth-basic`.
      return password && password !== 'x-oauth-basic' ? password : user;
    }
    default:
      return credentials;
  }
}

/** Checks the token, if there is one; a wrong one is refused even where anonymous reading is allowed. */
export function authenticate(context: ForgeContext): RequestHandler {
  return (req, res, next) => {
    const token = readToken(req);
    if (token === undefined) {
      next();
      return;
    }
    const caller = context.tokens.verify(token);
    if (!caller) {
      next(badCredentials());
      return;
    }
    res.locals.caller = caller;
    if (!caller.repositoryId) {
      res.setHeader('X-OAuth-Scopes', 'admin:org, delete_repo, repo, workflow');
      res.setHeader('X-Accepted-OAuth-Scopes', '');
    }
    next();
  };
}

/** The caller after `authenticate`; undefined is anonymous. */
export function getCaller(res: Response): ForgeCaller | undefined {
  const caller: ForgeCaller | undefined = res.locals.caller;
  return caller;
}

/** The caller, or GitHub's 401 for an anonymous request. */
export function requireCaller(res: Response): ForgeCaller {
  const caller = getCaller(res);
  if (!caller) {
    throw requiresAuthentication();
  }
  return caller;
}

/** The caller if it is a person, for what GitHub lets no job's token do. */
export function requireUser(res: Response): ForgeCaller {
  const caller = requireCaller(res);
  if (caller.repositoryId !== undefined) {
    throw notAccessibleByIntegration();
  }
  return caller;
}

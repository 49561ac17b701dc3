// SPDX-License-Identifier: Apache-2.0
import express, {
  type ErrorRequestHandler,
  type Express,
  type RequestHandler,
} from 'express';
import { limitJsonDepth } from '@greenroom/http-security';
import type { Forge } from './Forge';
import { GitError } from './git/git';
import { authenticate } from './http/authenticate';
import { ApiError, notFound } from './http/errors';
import { MAX_FILE_BYTES } from './http/bodyLimits';
import { rateLimit } from './http/rateLimit';
import { apiRoutes } from './routes';
import { gitHttpRoutes } from './routes/gitHttp';
import { graphqlRoutes } from './graphql/graphqlRoutes';
import type { ForgeModuleInstance } from './types';
import { webRoutes } from './web';

/** Parses JSON bodies, also those that a client calls a form or plain text; uploads of other types stay streams. */
function jsonBody(): RequestHandler {
  return express.json({
    // The server's own limit, by path, comes first; this one is of what a compressed body unfolds to.
    limit: MAX_FILE_BYTES,
    verify: limitJsonDepth,
    type: req =>
      /^$|[/+]json\b|^text\/plain\b|^application\/x-www-form-urlencoded\b/.test(
        req.headers['content-type'] ?? '',
      ),
  });
}

/** GitHub's 404 for what forge does not have, with a line in the log that says what was asked. */
function unknownRoute(forge: Forge): RequestHandler {
  return (req, _res, next) => {
    forge.logger.warn(`No such route: ${req.method} ${req.baseUrl}${req.path}`);
    next(notFound());
  };
}

function apiErrors(forge: Forge): ErrorRequestHandler {
  return (error, req, res, next) => {
    if (res.headersSent) {
      next(error);
      return;
    }
    let answer: ApiError;
    if (error instanceof ApiError) {
      answer = error;
    } else if (error?.type === 'entity.too.large') {
      answer = new ApiError(413, 'Request body is too large');
    } else if (error?.type === 'entity.parse.failed') {
      answer = new ApiError(400, 'Problems parsing JSON');
    } else if (error?.type === 'entity.verify.failed') {
      answer = new ApiError(400, `Problems parsing JSON: ${error.message}`);
    } else if (error instanceof URIError) {
      answer = new ApiError(400, 'Bad Request');
    } else {
      const text =
        error instanceof GitError || !(error instanceof Error)
          ? String(error)
          : (error.stack ?? error.message);
      forge.logger.error(`${req.method} ${req.baseUrl}${req.path}: ${text}`);
      answer = new ApiError(500, 'Server Error');
    }
    res.status(answer.status).json(answer);
  };
}

/** The whole of forge's HTTP: git, REST, GraphQL, raw files and pages, behind the guard of its server. */
export function createApp(
  forge: Forge,
  modules: ForgeModuleInstance[],
  guard: RequestHandler,
): Express {
  const app = express();
  app.disable('x-powered-by');
  app.set('case sensitive routing', false);
  app.use(guard);
  app.use(gitHttpRoutes(forge));

  const api = express.Router();
  api.use(authenticate(forge), rateLimit());
  api.use((req, res, next) => {
    // Node's fetch sends `no-cache` along with `If-None-Match`; GitHub answers 304 all the same, Express would not.
    delete req.headers['cache-control'];
    res.setHeader('X-GitHub-Media-Type', 'github.v3; format=json');
    res.setHeader('Cache-Control', 'private, max-age=0, must-revalidate');
    res.vary('Accept');
    res.vary('Authorization');
    next();
  });
  api.use(jsonBody());
  for (const { apiRouter } of modules) {
    if (apiRouter) {
      api.use(apiRouter);
    }
  }
  api.use(apiRoutes(forge));
  api.use(unknownRoute(forge));
  api.use(apiErrors(forge));
  app.use('/api/v3', api);

  app.use(
    '/api/graphql',
    authenticate(forge),
    rateLimit(),
    jsonBody(),
    graphqlRoutes(forge),
    apiErrors(forge),
  );

  for (const { webRouter } of modules) {
    if (webRouter) {
      app.use(webRouter);
    }
  }
  app.use(webRoutes(forge));
  return app;
}

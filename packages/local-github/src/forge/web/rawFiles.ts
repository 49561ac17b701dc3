// SPDX-License-Identifier: Apache-2.0
import { Router, type Request, type Response } from 'express';
import type { Forge } from '../Forge';
import { findEntry, readBlob } from '../git/trees';
import { assertAccess } from '../http/access';
import { readToken } from '../http/authenticate';
import { badCredentials, notFound } from '../http/errors';
import { route } from '../http/route';
import type { RepositoryRecord } from '../stores/RepositoryStore';
import type { ForgeCaller } from '../types';
import { repositoryOf, splitRefAndPath } from './repositoryOf';

/**
 * `/raw/<owner>/<repo>/<ref>/<path>`, GitHub's raw host, where a private file needs a token; and
 * `/<owner>/<repo>/raw/<ref>/<path>`, the same beside the other pages.
 */
export function rawFiles(forge: Forge): Router {
  const router = Router();

  const callerOf = (req: Request): ForgeCaller | undefined => {
    const token = readToken(req);
    const caller = token === undefined ? undefined : forge.tokens.verify(token);
    if (token !== undefined && !caller) {
      throw badCredentials();
    }
    return caller;
  };

  const sendFile = async (
    req: Request,
    res: Response,
    repository: RepositoryRecord,
  ) => {
    const rest = req.params[0].replace(/^refs\/(heads|tags)\//, '');
    const { commit, path } = await splitRefAndPath(repository, rest);
    const entry = await findEntry(repository.gitDir, commit, path);
    if (entry?.type !== 'blob') {
      throw notFound();
    }
    const content = await readBlob(repository.gitDir, entry.sha);
    const isBinary = content.subarray(0, 8000).includes(0);
    res.setHeader('ETag', `"${entry.sha}"`);
    // Whatever a repository holds, a browser is only to show or save it.
    res.setHeader('Content-Security-Policy', "default-src 'none'; sandbox");
    res.setHeader('X-Content-Type-Options', 'nosniff');
    res.setHeader(
      'Content-Type',
      isBinary ? 'application/octet-stream' : 'text/plain; charset=utf-8',
    );
    res.send(content);
  };

  router.get(
    '/raw/:owner/:repo/*',
    route((req, res) => {
      const repository = forge.repositories.find(
        req.params.owner,
        req.params.repo,
      );
      if (!repository) {
        throw notFound();
      }
      assertAccess(forge, callerOf(req), repository, 'contents', 'read');
      return sendFile(req, res, repository);
    }),
  );
  router.get(
    '/:owner/:repo/raw/*',
    route((req, res) => sendFile(req, res, repositoryOf(forge, req))),
  );
  return router;
}

import { Router, type Request, type Response } from 'express';
import type { Forge } from '../Forge';
import { findEntry, readBlob } from '../git/trees';
import { readToken } from '../http/authenticate';
import { badCredentials, notFound } from '../http/errors';
import { route } from '../http/route';
import { encodePath } from '../serialize/urls';
import { repositoryOf, splitRefAndPath } from './repositoryOf';

/** `/raw/<owner>/<repo>/<ref>/<path>` (GitHub's raw host) and `/<owner>/<repo>/raw/…`, which leads there. */
export function rawFiles(forge: Forge): Router {
  const router = Router();

  const sendFile = async (req: Request, res: Response) => {
    const token = readToken(req);
    const caller = token === undefined ? undefined : forge.tokens.verify(token);
    if (token !== undefined && !caller) {
      throw badCredentials();
    }
    const repository = repositoryOf(forge, req, caller);
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

  router.get('/raw/:owner/:repo/*', route(sendFile));
  router.get(
    '/:owner/:repo/raw/*',
    route((req, res) => {
      const repository = repositoryOf(forge, req);
      res.redirect(`/raw/${repository.fullName}/${encodePath(req.params[0])}`);
    }),
  );
  return router;
}

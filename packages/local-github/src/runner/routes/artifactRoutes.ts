import { Router } from 'express';
import { requireCaller } from '../../forge/http/authenticate';
import { ApiError, notFound } from '../../forge/http/errors';
import { paginate } from '../../forge/http/pagination';
import { numberParam, queryString, route } from '../../forge/http/route';
import type { Request } from 'express';
import type { ForgeRepository } from '../../forge/types';
import type { ArtifactRecord } from '../store/ArtifactStore';
import { actionsRepository, findRun } from './find';
import type { RunnerParts } from './RunnerParts';

const base = '/repos/:owner/:repo/actions';

/** Artifacts: list, read, download, delete; and the caches of actions/cache. */
export function artifactRoutes(parts: RunnerParts): Router {
  const router = Router();
  const { serializer, links } = parts;
  const { artifacts, caches } = parts.services.store;

  const find = (repository: ForgeRepository, req: Request): ArtifactRecord => {
    const id = numberParam(req, 'artifact_id');
    const artifact = id === undefined ? undefined : artifacts.find(id);
    if (artifact?.repositoryId !== repository.id) {
      throw notFound();
    }
    return artifact;
  };

  router.get(
    `${base}/artifacts`,
    route((req, res) => {
      const repository = actionsRepository(parts, req, res);
      const all = artifacts.list({
        repositoryId: repository.id,
        name: queryString(req, 'name'),
      });
      res.json({
        total_count: all.length,
        artifacts: paginate(req, res, all).map(artifact =>
          serializer.artifact(repository, artifact),
        ),
      });
    }),
  );

  router.get(
    `${base}/runs/:run_id/artifacts`,
    route((req, res) => {
      const repository = actionsRepository(parts, req, res);
      const all = artifacts.list({
        runId: findRun(parts, repository, req).id,
        name: queryString(req, 'name'),
      });
      res.json({
        total_count: all.length,
        artifacts: paginate(req, res, all).map(artifact =>
          serializer.artifact(repository, artifact),
        ),
      });
    }),
  );

  router.get(
    `${base}/artifacts/:artifact_id`,
    route((req, res) => {
      const repository = actionsRepository(parts, req, res);
      res.json(serializer.artifact(repository, find(repository, req)));
    }),
  );

  router.get(
    `${base}/artifacts/:artifact_id/:archive_format`,
    route((req, res) => {
      const repository = actionsRepository(parts, req, res);
      requireCaller(res);
      const artifact = find(repository, req);
      if (req.params.archive_format !== 'zip') {
        throw notFound();
      }
      if (Date.parse(artifact.expiresAt) < Date.now()) {
        throw new ApiError(410, 'Artifact has expired');
      }
      res.redirect(302, links.create({ kind: 'artifact', id: artifact.id }));
    }),
  );

  router.delete(
    `${base}/artifacts/:artifact_id`,
    route(async (req, res) => {
      const repository = actionsRepository(parts, req, res, 'write');
      await artifacts.remove(find(repository, req));
      res.status(204).end();
    }),
  );

  router.get(
    `${base}/caches`,
    route((req, res) => {
      const repository = actionsRepository(parts, req, res);
      const key = queryString(req, 'key') ?? '';
      const ref = queryString(req, 'ref');
      const all = caches
        .list(repository.id)
        .filter(
          cache =>
            cache.key.startsWith(key) &&
            (ref === undefined || cache.ref === ref),
        );
      res.json({
        total_count: all.length,
        actions_caches: paginate(req, res, all).map(cache => ({
          id: cache.id,
          ref: cache.ref,
          key: cache.key,
          version: cache.version,
          last_accessed_at: cache.lastAccessedAt,
          created_at: cache.createdAt,
          size_in_bytes: cache.size,
        })),
      });
    }),
  );

  router.delete(
    `${base}/caches/:cache_id`,
    route(async (req, res) => {
      const repository = actionsRepository(parts, req, res, 'write');
      const cache = caches
        .list(repository.id)
        .find(({ id }) => id === numberParam(req, 'cache_id'));
      if (!cache) {
        throw notFound();
      }
      await caches.remove(cache);
      res.status(204).end();
    }),
  );
  return router;
}

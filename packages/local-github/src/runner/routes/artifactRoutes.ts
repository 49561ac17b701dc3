// SPDX-License-Identifier: Apache-2.0
import { requireCaller } from '../../forge/http/authenticate';
import { ApiError, notFound } from '../../forge/http/errors';
import { paginate } from '../../forge/http/pagination';
import { numberParam, queryString } from '../../forge/http/route';
import { RouteTable } from '../../forge/http/RouteTable';
import type { Request } from 'express';
import type { ForgeRepository } from '../../forge/types';
import type { ArtifactRecord } from '../store/ArtifactStore';
import { findRun } from './find';
import type { RunnerParts } from './RunnerParts';

const BASE = '/actions';

/** Artifacts: list, read, download, delete; and the caches of actions/cache. */
export function artifactRoutes(parts: RunnerParts): RouteTable {
  const routes = new RouteTable(parts.services.context);
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

  routes.get(
    `${BASE}/artifacts`,
    'actions:read',
    ({ repository, req, res }) => {
      const all = artifacts.list({
        repositoryId: repository.id,
        name: queryString(req, 'name'),
      });
      return {
        total_count: all.length,
        artifacts: paginate(req, res, all).map(artifact =>
          serializer.artifact(repository, artifact),
        ),
      };
    },
  );

  routes.get(
    `${BASE}/runs/:run_id/artifacts`,
    'actions:read',
    ({ repository, req, res }) => {
      const all = artifacts.list({
        runId: findRun(parts, repository, req).id,
        name: queryString(req, 'name'),
      });
      return {
        total_count: all.length,
        artifacts: paginate(req, res, all).map(artifact =>
          serializer.artifact(repository, artifact),
        ),
      };
    },
  );

  routes.get(
    `${BASE}/artifacts/:artifact_id`,
    'actions:read',
    ({ repository, req }) =>
      serializer.artifact(repository, find(repository, req)),
  );

  routes.get(
    `${BASE}/artifacts/:artifact_id/:archive_format`,
    'actions:read',
    ({ repository, req, res }) => {
      requireCaller(res);
      const artifact = find(repository, req);
      if (req.params.archive_format !== 'zip') {
        throw notFound();
      }
      if (Date.parse(artifact.expiresAt) < Date.now()) {
        throw new ApiError(410, 'Artifact has expired');
      }
      res.redirect(302, links.create({ kind: 'artifact', id: artifact.id }));
    },
  );

  routes.delete(
    `${BASE}/artifacts/:artifact_id`,
    'actions:write',
    async ({ repository, req }) => {
      await artifacts.remove(find(repository, req));
    },
  );

  routes.get(`${BASE}/caches`, 'actions:read', ({ repository, req, res }) => {
    const key = queryString(req, 'key') ?? '';
    const ref = queryString(req, 'ref');
    const all = caches
      .list(repository.id)
      .filter(
        cache =>
          cache.key.startsWith(key) && (ref === undefined || cache.ref === ref),
      );
    return {
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
    };
  });

  routes.delete(
    `${BASE}/caches/:cache_id`,
    'actions:write',
    async ({ repository, req }) => {
      const cache = caches
        .list(repository.id)
        .find(({ id }) => id === numberParam(req, 'cache_id'));
      if (!cache) {
        throw notFound();
      }
      await caches.remove(cache);
    },
  );
  return routes;
}

// SPDX-License-Identifier: Apache-2.0
import type { Forge } from '../Forge';
import { readCommit } from '../git/commits';
import { listRefs, readRef } from '../git/refs';
import { nodeId } from '../database';
import { ApiError } from '../http/errors';
import { paginate } from '../http/pagination';
import { queryString } from '../http/route';
import { RouteTable } from '../http/RouteTable';
import { commit as serializeCommit } from '../serialize/commit';
import { encodePath } from '../serialize/urls';

/** Branches and tags as lists. */
export function branchRoutes(forge: Forge): RouteTable {
  const routes = new RouteTable(forge);

  routes.get('/branches', 'contents:read', async ({ repository, req, res }) => {
    const wanted = queryString(req, 'protected');
    const branches = (await listRefs(repository.gitDir, 'refs/heads'))
      .map(({ name, sha }) => ({
        name: name.slice('refs/heads/'.length),
        sha,
      }))
      .map(({ name, sha }) => ({
        name,
        commit: {
          sha,
          url: `${forge.urls.api}/repos/${repository.fullName}/commits/${sha}`,
        },
        protected: false,
      }))
      .filter(
        branch => wanted === undefined || String(branch.protected) === wanted,
      );
    return paginate(req, res, branches);
  });

  routes.get(
    '/branches/:branch(*)',
    'contents:read',
    async ({ repository, req }) => {
      const name = req.params.branch;
      const sha = await readRef(repository.gitDir, `refs/heads/${name}`);
      if (!sha) {
        throw new ApiError(404, 'Branch not found');
      }
      const value = await readCommit(repository.gitDir, sha);
      const self = `${forge.urls.api}/repos/${repository.fullName}/branches/${encodePath(name)}`;
      return {
        name,
        commit: serializeCommit(forge, repository, value),
        _links: {
          self,
          html: `${forge.urls.web}/${repository.fullName}/tree/${encodePath(name)}`,
        },
        protected: false,
        protection: { enabled: false },
        protection_url: `${self}/protection`,
      };
    },
  );

  routes.get('/tags', 'contents:read', async ({ repository, req, res }) => {
    const api = `${forge.urls.api}/repos/${repository.fullName}`;
    const refs = (await listRefs(repository.gitDir, 'refs/tags')).reverse();
    const tags = await Promise.all(
      paginate(req, res, refs).map(async ({ name, sha }) => {
        const short = name.slice('refs/tags/'.length);
        // An annotated tag is listed with the commit that it names.
        const commit = (
          await readCommit(repository.gitDir, sha).catch(() => undefined)
        )?.sha;
        return {
          name: short,
          zipball_url: `${api}/zipball/${name}`,
          tarball_url: `${api}/tarball/${name}`,
          commit: {
            sha: commit ?? sha,
            url: `${api}/commits/${commit ?? sha}`,
          },
          node_id: nodeId('Ref', name),
        };
      }),
    );
    return tags;
  });

  return routes;
}

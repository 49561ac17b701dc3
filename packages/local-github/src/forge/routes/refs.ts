// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';
import { nodeId } from '../database';
import type { Forge } from '../Forge';
import { isAncestor } from '../git/commits';
import {
  isEmptyRepository,
  listRefs,
  readRef,
  StaleRefError,
  ZERO_SHA,
  type Ref,
} from '../git/refs';
import { statObject } from '../git/trees';
import { ApiError, emptyRepository, notFound } from '../http/errors';
import { paginate } from '../http/pagination';
import { bodyOf, RouteTable } from '../http/RouteTable';
import { isRefName, isSha } from '../names';
import { encodePath } from '../serialize/urls';
import type { ForgeRepository } from '../types';

const sha = z.string().refine(isSha, 'must be a full SHA-1');

/** `git/ref`, `git/refs`, `git/matching-refs`. */
export function refRoutes(forge: Forge): RouteTable {
  const routes = new RouteTable(forge);

  const serialize = (repository: ForgeRepository, ref: Ref) => {
    const api = `${forge.urls.api}/repos/${repository.fullName}/git`;
    return {
      ref: ref.name,
      node_id: nodeId('Ref', ref.name),
      url: `${api}/${encodePath(ref.name)}`,
      object: {
        sha: ref.sha,
        type: ref.type,
        url: `${api}/${ref.type}s/${ref.sha}`,
      },
    };
  };

  const find = async (
    repository: ForgeRepository,
    shortName: string,
  ): Promise<Ref | undefined> => {
    const name = `refs/${shortName}`;
    if (!isRefName(name)) {
      return undefined;
    }
    const refs = await listRefs(repository.gitDir, name);
    return refs.find(ref => ref.name === name);
  };

  // GitHub writes to branches and tags only.
  const checkWritable = (name: string) => {
    const short = /^refs\/(?:heads|tags)\/(.+)$/.exec(name)?.[1];
    // A name like `--force` would be a trap in everybody's shell.
    if (!short || !isRefName(short)) {
      throw new ApiError(
        422,
        'Reference name is invalid: it must start with refs/heads/ or refs/tags/',
      );
    }
  };

  const checkTarget = async (
    repository: ForgeRepository,
    name: string,
    id: string,
  ) => {
    const object = await statObject(repository.gitDir, id);
    const allowed = name.startsWith('refs/heads/')
      ? ['commit']
      : ['commit', 'tag', 'tree', 'blob'];
    if (!object || !allowed.includes(object.type)) {
      throw new ApiError(422, 'Object does not exist');
    }
    return object.type;
  };

  routes.get(
    ['/git/ref/*', '/git/refs/*'],
    'contents:read',
    async ({ repository, req }) => {
      const ref = await find(repository, req.params[0]);
      if (!ref) {
        throw (await isEmptyRepository(repository.gitDir))
          ? emptyRepository()
          : notFound();
      }
      return serialize(repository, ref);
    },
  );

  routes.get(
    ['/git/matching-refs/*', '/git/refs'],
    'contents:read',
    async ({ repository, req, res }) => {
      const prefix = `refs/${req.params[0] ?? ''}`;
      const refs = (await listRefs(repository.gitDir, 'refs')).filter(
        ({ name }) => name.startsWith(prefix),
      );
      return paginate(req, res, refs).map(ref => serialize(repository, ref));
    },
  );

  routes.post(
    '/git/refs',
    'contents:write',
    bodyOf('Reference', z.object({ ref: z.string(), sha })),
    async ({ repository, caller, input, res }) => {
      checkWritable(input.ref);
      await forge.withLock(repository, async () => {
        if (await isEmptyRepository(repository.gitDir)) {
          throw emptyRepository();
        }
        const type = await checkTarget(repository, input.ref, input.sha);
        try {
          await forge.pushes.move(
            repository,
            { ref: input.ref, before: ZERO_SHA, after: input.sha },
            caller.login,
          );
        } catch (error) {
          throw error instanceof StaleRefError
            ? new ApiError(422, 'Reference already exists')
            : error;
        }
        const body = serialize(repository, {
          name: input.ref,
          sha: input.sha,
          type,
        });
        res.status(201).location(body.url).json(body);
      });
    },
  );

  routes.patch(
    '/git/refs/*',
    'contents:write',
    bodyOf('Reference', z.object({ sha, force: z.boolean().default(false) })),
    async ({ repository, caller, input, req, res }) => {
      const name = `refs/${req.params[0]}`;
      checkWritable(name);
      await forge.withLock(repository, async () => {
        const before = await readRef(repository.gitDir, name);
        if (!before) {
          throw new ApiError(422, 'Reference does not exist');
        }
        const type = await checkTarget(repository, name, input.sha);
        if (
          !input.force &&
          type === 'commit' &&
          !(await isAncestor(repository.gitDir, before, input.sha))
        ) {
          throw new ApiError(422, 'Update is not a fast forward');
        }
        if (before !== input.sha) {
          try {
            await forge.pushes.move(
              repository,
              { ref: name, before, after: input.sha },
              caller.login,
            );
          } catch (error) {
            throw error instanceof StaleRefError
              ? new ApiError(409, error.message)
              : error;
          }
        }
        res.json(serialize(repository, { name, sha: input.sha, type }));
      });
    },
  );

  routes.delete(
    '/git/refs/*',
    'contents:write',
    async ({ repository, caller, req, res }) => {
      const name = `refs/${req.params[0]}`;
      checkWritable(name);
      await forge.withLock(repository, async () => {
        const before = await readRef(repository.gitDir, name);
        if (!before) {
          throw new ApiError(422, 'Reference does not exist');
        }
        if (name === `refs/heads/${repository.defaultBranch}`) {
          throw new ApiError(422, 'Cannot delete the default branch');
        }
        await forge.pushes.move(
          repository,
          { ref: name, before, after: ZERO_SHA },
          caller.login,
        );
        res.status(204).end();
      });
    },
  );

  return routes;
}

// SPDX-License-Identifier: Apache-2.0
import type { Request } from 'express';
import { z } from 'zod';
import type { Forge } from '../Forge';
import { readRef, setDefaultBranch } from '../git/refs';
import { ApiError, notFound, validationFailed } from '../http/errors';
import { paginate } from '../http/pagination';
import { queryString } from '../http/route';
import { bodyOf, guard, RouteTable } from '../http/RouteTable';
import { isRefName } from '../names';
import { fullRepository } from '../serialize/repository';
import {
  checkName,
  createBody,
  dispatchBody,
  isPrivate,
  settingsOf,
  updateBody,
} from './repoInput';
import { listVisible } from './users';

/** Repositories themselves: create, list, read, change, delete, topics. */
export function repoRoutes(forge: Forge): RouteTable {
  const routes = new RouteTable(forge);

  /** Who makes a repository, and for whom. */
  const creation = (ownerOf: (req: Request, login: string) => string) =>
    guard(forge, 'person', ({ req, caller }) => {
      const owner = forge.accounts.find(ownerOf(req, caller.login));
      if (!owner || (req.params.org && owner.type !== 'Organization')) {
        throw notFound();
      }
      return { owner };
    });

  for (const [path, by] of [
    ['/user/repos', creation((_req, login) => login)],
    ['/orgs/:org/repos', creation(req => req.params.org)],
  ] as const) {
    routes.post(
      path,
      by,
      bodyOf('Repository', createBody),
      async ({ caller, owner, input, res }) => {
        checkName(input.name);
        const repository = await forge.lifecycle.create({
          owner,
          name: input.name,
          defaultBranch: 'main',
          private: isPrivate(input) ?? false,
          description: input.description ?? null,
          homepage: input.homepage ?? null,
          settings: settingsOf(input),
          initializedBy: input.auto_init ? caller.login : undefined,
        });
        forge.labels.addDefaults(repository.id);
        if (input.auto_init) {
          forge.repositories.update(repository.id, { size: 1 });
        }
        forge.publish({
          name: 'repository',
          action: 'created',
          repository,
          sender: caller.login,
          payload: {
            action: 'created',
            repository: forge.serialize.repository(repository),
          },
        });
        const level = forge.access.level(caller, repository);
        res
          .status(201)
          .location(`${forge.urls.api}/repos/${repository.fullName}`)
          .json(fullRepository(forge, repository, level));
      },
    );
  }

  routes.get('/orgs/:org/repos', 'anyone', ({ caller, req, res }) => {
    const account = forge.accounts.find(req.params.org);
    if (account?.type !== 'Organization') {
      throw notFound();
    }
    const type = queryString(req, 'type') ?? 'all';
    const items = listVisible(
      forge,
      req,
      caller,
      ({ ownerId, private: hidden }) =>
        ownerId === account.id &&
        (type === 'private' ? hidden : type !== 'public' || !hidden),
      'created',
    );
    return paginate(req, res, items).map(({ repository, level }) => ({
      ...forge.serialize.repository(repository),
      permissions: fullRepository(forge, repository, level).permissions,
    }));
  });

  routes.get('', 'metadata:read', ({ repository, caller, res }) => {
    const level = forge.access.level(caller, repository);
    const body = fullRepository(forge, repository, level);
    if (caller) {
      res.json(body);
    } else {
      // Who is not signed in has no permissions to show.
      const { permissions: _, ...rest } = body;
      res.json(rest);
    }
  });

  routes.patch(
    '',
    'administration:admin',
    bodyOf('Repository', updateBody),
    async ({ repository, input, req }) => {
      if (input.name !== undefined && input.name !== repository.name) {
        checkName(input.name);
        const other = forge.repositories.find(repository.owner, input.name);
        if (other && other.id !== repository.id) {
          throw validationFailed({
            resource: 'Repository',
            code: 'custom',
            field: 'name',
            message: 'name already exists on this account',
          });
        }
      }
      if (input.default_branch !== undefined) {
        const branch = input.default_branch;
        if (
          !isRefName(branch) ||
          !(await readRef(repository.gitDir, `refs/heads/${branch}`))
        ) {
          throw new ApiError(
            422,
            `The branch ${branch} was not found. Please push that ref first or create it via the Git Data API.`,
          );
        }
        await setDefaultBranch(repository.gitDir, branch);
      }
      forge.repositories.update(repository.id, {
        name: input.name ?? repository.name,
        defaultBranch: input.default_branch ?? repository.defaultBranch,
        description:
          input.description === undefined
            ? repository.description
            : input.description,
        homepage:
          input.homepage === undefined ? repository.homepage : input.homepage,
        private: isPrivate(input) ?? repository.private,
        archived: input.archived ?? repository.archived,
        // The parsed body has a default for each setting that was not sent.
        settings: settingsOf({ ...repository.settings, ...req.body }),
      });
      return fullRepository(forge, repository, 'admin');
    },
  );

  routes.delete('', 'administration:admin', async ({ repository, caller }) => {
    await forge.withLock(repository, async () => {
      forge.publish({
        name: 'repository',
        action: 'deleted',
        repository,
        sender: caller.login,
        payload: {
          action: 'deleted',
          repository: forge.serialize.repository(repository),
        },
      });
      await forge.lifecycle.remove(repository);
    });
  });

  routes.get('/topics', 'metadata:read', ({ repository }) => ({
    names: repository.topics,
  }));

  routes.put(
    '/topics',
    'administration:admin',
    bodyOf(
      'Repository',
      z.object({
        names: z.array(z.string().regex(/^[a-z0-9][a-z0-9-]{0,49}$/)).max(20),
      }),
    ),
    ({ repository, input: { names } }) => {
      forge.repositories.update(repository.id, { topics: [...new Set(names)] });
      return { names: [...new Set(names)] };
    },
  );

  routes.post(
    '/dispatches',
    'contents:write',
    bodyOf('RepositoryDispatch', dispatchBody),
    ({ repository, caller: { login }, input }) => {
      forge.publish({
        name: 'repository_dispatch',
        action: input.event_type,
        repository,
        sender: login,
        payload: {
          action: input.event_type,
          branch: repository.defaultBranch,
          client_payload: input.client_payload,
          repository: forge.serialize.repository(repository),
        },
      });
    },
  );

  return routes;
}

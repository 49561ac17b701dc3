import { Router, type Response } from 'express';
import { z } from 'zod';
import type { Forge } from '../Forge';
import { readRef, setDefaultBranch } from '../git/refs';
import { findRepository } from '../http/access';
import { getCaller, requireCaller, requireUser } from '../http/authenticate';
import { ApiError, notFound, validationFailed } from '../http/errors';
import { paginate } from '../http/pagination';
import { parseBody, queryString, route } from '../http/route';
import { isRefName } from '../names';
import { fullRepository } from '../serialize/repository';
import type { Account } from '../stores/AccountStore';
import type { RepositoryRecord } from '../stores/RepositoryStore';
import type { ForgeRepository } from '../types';
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
export function repoRoutes(forge: Forge): Router {
  const router = Router();

  const requireRecord = (repository: ForgeRepository): RepositoryRecord => {
    const record = forge.repositories.findById(repository.id);
    if (!record) {
      throw notFound();
    }
    return record;
  };

  const create = async (owner: Account, body: unknown, res: Response) => {
    const caller = requireUser(res);
    const input = parseBody({ body }, 'Repository', createBody);
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
  };

  router.post(
    '/user/repos',
    route((req, res) => {
      const account = forge.accounts.find(requireUser(res).login);
      if (!account) {
        throw notFound();
      }
      return create(account, req.body, res);
    }),
  );

  router.post(
    '/orgs/:org/repos',
    route((req, res) => {
      requireUser(res);
      const account = forge.accounts.find(req.params.org);
      if (account?.type !== 'Organization') {
        throw notFound();
      }
      return create(account, req.body, res);
    }),
  );

  router.get(
    '/orgs/:org/repos',
    route((req, res) => {
      const account = forge.accounts.find(req.params.org);
      if (account?.type !== 'Organization') {
        throw notFound();
      }
      const type = queryString(req, 'type') ?? 'all';
      const items = listVisible(
        forge,
        req,
        getCaller(res),
        ({ ownerId, private: hidden }) =>
          ownerId === account.id &&
          (type === 'private' ? hidden : type !== 'public' || !hidden),
        'created',
      );
      res.json(
        paginate(req, res, items).map(({ repository, level }) => ({
          ...forge.serialize.repository(repository),
          permissions: fullRepository(forge, repository, level).permissions,
        })),
      );
    }),
  );

  router.get(
    '/repos/:owner/:repo',
    route((req, res) => {
      const repository = findRepository(forge, req, res, 'metadata', 'read');
      const level = forge.access.level(getCaller(res), repository);
      const body = fullRepository(forge, repository, level);
      if (getCaller(res)) {
        res.json(body);
      } else {
        // Who is not signed in has no permissions to show.
        const { permissions: _, ...rest } = body;
        res.json(rest);
      }
    }),
  );

  router.patch(
    '/repos/:owner/:repo',
    route(async (req, res) => {
      const repository = requireRecord(
        findRepository(forge, req, res, 'administration', 'admin'),
      );
      const input = parseBody(req, 'Repository', updateBody);
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
      res.json(fullRepository(forge, repository, 'admin'));
    }),
  );

  router.delete(
    '/repos/:owner/:repo',
    route(async (req, res) => {
      const repository = requireRecord(
        findRepository(forge, req, res, 'administration', 'admin'),
      );
      await forge.withLock(repository, async () => {
        forge.publish({
          name: 'repository',
          action: 'deleted',
          repository,
          sender: requireCaller(res).login,
          payload: {
            action: 'deleted',
            repository: forge.serialize.repository(repository),
          },
        });
        await forge.lifecycle.remove(repository);
      });
      res.status(204).end();
    }),
  );

  router.get(
    '/repos/:owner/:repo/topics',
    route((req, res) => {
      const repository = findRepository(forge, req, res, 'metadata', 'read');
      res.json({ names: requireRecord(repository).topics });
    }),
  );

  router.put(
    '/repos/:owner/:repo/topics',
    route((req, res) => {
      const repository = findRepository(
        forge,
        req,
        res,
        'administration',
        'admin',
      );
      const { names } = parseBody(
        req,
        'Repository',
        z.object({
          names: z.array(z.string().regex(/^[a-z0-9][a-z0-9-]{0,49}$/)).max(20),
        }),
      );
      forge.repositories.update(repository.id, { topics: [...new Set(names)] });
      res.json({ names: [...new Set(names)] });
    }),
  );

  router.post(
    '/repos/:owner/:repo/dispatches',
    route((req, res) => {
      const repository = findRepository(forge, req, res, 'contents', 'write');
      const { login } = requireCaller(res);
      const input = parseBody(req, 'RepositoryDispatch', dispatchBody);
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
      res.status(204).end();
    }),
  );

  return router;
}

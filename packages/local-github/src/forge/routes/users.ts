import { Router, type Request } from 'express';
import type { Forge } from '../Forge';
import { getCaller, requireUser } from '../http/authenticate';
import { notFound } from '../http/errors';
import { paginate } from '../http/pagination';
import { queryString, route } from '../http/route';
import { repository as serializeRepository } from '../serialize/repository';
import { privateUser, publicUser, simpleOrganization } from '../serialize/user';
import type { Account } from '../stores/AccountStore';
import type { RepositoryRecord } from '../stores/RepositoryStore';
import type { ForgeCaller } from '../types';

/** Repositories that a caller may see, in the order that the request asks for. */
export function listVisible(
  forge: Forge,
  req: Request,
  caller: ForgeCaller | undefined,
  accept: (repository: RepositoryRecord) => boolean,
  defaultSort = 'full_name',
) {
  const sort = queryString(req, 'sort') ?? defaultSort;
  const direction =
    queryString(req, 'direction') ?? (sort === 'full_name' ? 'asc' : 'desc');
  const key = (repository: RepositoryRecord) => {
    switch (sort) {
      case 'created':
        return repository.createdAt;
      case 'updated':
        return repository.updatedAt;
      case 'pushed':
        return repository.pushedAt;
      default:
        return repository.fullName.toLowerCase();
    }
  };
  const sign = direction === 'desc' ? -1 : 1;
  return forge.repositories
    .list()
    .filter(accept)
    .map(repository => ({
      repository,
      level: forge.access.level(caller, repository),
    }))
    .filter(({ level }) => level !== 'none')
    .sort(
      (a, b) =>
        sign *
        (key(a.repository).localeCompare(key(b.repository)) ||
          a.repository.id - b.repository.id),
    );
}

/** `/user*`, `/users/*`. */
export function userRoutes(forge: Forge): Router {
  const router = Router();

  const find = (login: string): Account => {
    const account = forge.accounts.find(login);
    if (!account) {
      throw notFound();
    }
    return account;
  };

  router.get(
    '/user',
    route((_req, res) => {
      res.json(privateUser(forge, requireUser(res).login));
    }),
  );

  router.get(
    '/user/orgs',
    route((req, res) => {
      requireUser(res);
      const organizations = forge.accounts
        .list('Organization')
        .map(({ login }) => simpleOrganization(forge, login));
      res.json(paginate(req, res, organizations));
    }),
  );

  router.get(
    '/user/repos',
    route((req, res) => {
      const caller = requireUser(res);
      const visibility = queryString(req, 'visibility');
      const items = listVisible(
        forge,
        req,
        caller,
        ({ private: hidden }) =>
          visibility === undefined ||
          visibility === 'all' ||
          hidden === (visibility === 'private'),
      ).filter(({ level }) => level === 'write' || level === 'admin');
      res.json(
        paginate(req, res, items).map(({ repository, level }) =>
          serializeRepository(forge, repository, level),
        ),
      );
    }),
  );

  router.get(
    '/users/:username',
    route((req, res) => {
      res.json(publicUser(forge, find(req.params.username).login));
    }),
  );

  router.get(
    '/users/:username/repos',
    route((req, res) => {
      const account = find(req.params.username);
      const items = listVisible(
        forge,
        req,
        getCaller(res),
        ({ ownerId }) => ownerId === account.id,
      );
      res.json(
        paginate(req, res, items).map(({ repository, level }) =>
          serializeRepository(forge, repository, level),
        ),
      );
    }),
  );

  return router;
}

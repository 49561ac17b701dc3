// SPDX-License-Identifier: Apache-2.0
import { type Request } from 'express';
import type { Forge } from '../Forge';
import { notFound } from '../http/errors';
import { paginate } from '../http/pagination';
import { queryString } from '../http/route';
import { RouteTable } from '../http/RouteTable';
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
export function userRoutes(forge: Forge): RouteTable {
  const routes = new RouteTable(forge);

  const find = (login: string): Account => {
    const account = forge.accounts.find(login);
    if (!account) {
      throw notFound();
    }
    return account;
  };

  routes.get('/user', 'person', ({ caller }) =>
    privateUser(forge, caller.login),
  );

  routes.get('/user/orgs', 'person', ({ req, res }) => {
    const organizations = forge.accounts
      .list('Organization')
      .map(({ login }) => simpleOrganization(forge, login));
    return paginate(req, res, organizations);
  });

  routes.get('/user/repos', 'person', ({ caller, req, res }) => {
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
    return paginate(req, res, items).map(({ repository, level }) =>
      serializeRepository(forge, repository, level),
    );
  });

  routes.get('/users/:username', 'anyone', ({ req }) =>
    publicUser(forge, find(req.params.username).login),
  );

  routes.get('/users/:username/repos', 'anyone', ({ caller, req, res }) => {
    const account = find(req.params.username);
    const items = listVisible(
      forge,
      req,
      caller,
      ({ ownerId }) => ownerId === account.id,
    );
    return paginate(req, res, items).map(({ repository, level }) =>
      serializeRepository(forge, repository, level),
    );
  });

  return routes;
}

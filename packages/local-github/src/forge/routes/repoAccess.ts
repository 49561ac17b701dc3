// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';
import { nodeId, timestamp } from '../database';
import type { Forge } from '../Forge';
import { assertAccess } from '../http/access';
import { getCaller } from '../http/authenticate';
import { notFound } from '../http/errors';
import { paginate } from '../http/pagination';
import { bodyOf, guard, RouteTable } from '../http/RouteTable';
import { permissionFlags } from '../serialize/repository';
import { simpleUser } from '../serialize/user';
import type { AccessLevel, ForgeRepository } from '../types';

const permissionBody = z.object({
  permission: z
    .enum(['pull', 'triage', 'push', 'maintain', 'admin', 'read', 'write'])
    .default('push'),
});

const INVITED: Record<string, string> = { pull: 'read', push: 'write' };

const ROLE: Record<AccessLevel, string> = {
  none: 'none',
  read: 'read',
  write: 'write',
  admin: 'admin',
};

/** Who may do what with a repository: collaborators, assignees. */
export function repoAccessRoutes(forge: Forge): RouteTable {
  const routes = new RouteTable(forge);

  const levelOf = (repository: ForgeRepository, login: string) =>
    forge.access.level({ login }, repository);
  const listPeople = (repository: ForgeRepository) =>
    forge.accounts
      .list('User')
      .map(({ login }) => ({ login, level: levelOf(repository, login) }))
      .filter(
        ({ login, level }) =>
          level === 'write' ||
          level === 'admin' ||
          forge.collaborators.permissionOf(repository.id, login) !== undefined,
      );

  // A job of the repository may look up one person, with what every token has; others need to write.
  const mayLookUp = guard(
    forge,
    'metadata:read',
    ({ repository, caller, res }) => {
      if (caller?.repositoryId !== repository.id) {
        assertAccess(forge, getCaller(res), repository, 'metadata', 'write');
      }
      return {};
    },
  );

  routes.get('/collaborators', 'metadata:write', ({ repository, req, res }) =>
    paginate(req, res, listPeople(repository)).map(({ login, level }) => ({
      ...simpleUser(forge, login),
      permissions: permissionFlags(level),
      role_name: ROLE[level],
    })),
  );

  routes.get(
    '/collaborators/:username',
    'metadata:write',
    ({ repository, req }) => {
      const login = req.params.username.toLowerCase();
      if (
        !listPeople(repository).some(
          person => person.login.toLowerCase() === login,
        )
      ) {
        throw notFound();
      }
    },
  );

  routes.get(
    '/collaborators/:username/permission',
    mayLookUp,
    ({ repository, req }) => {
      const account = forge.accounts.find(req.params.username);
      if (!account) {
        throw notFound();
      }
      const level = levelOf(repository, account.login);
      return {
        permission: ROLE[level],
        role_name: ROLE[level],
        user: {
          ...simpleUser(forge, account.login),
          permissions: permissionFlags(level),
          role_name: ROLE[level],
        },
      };
    },
  );

  const invitation = guard(forge, 'administration:admin', ({ req }) => {
    const account = forge.accounts.find(req.params.username);
    if (account?.type !== 'User') {
      throw notFound();
    }
    return { account };
  });

  routes.put(
    '/collaborators/:username',
    invitation,
    bodyOf('Collaborator', permissionBody),
    ({ repository, caller, account, input: { permission }, res }) => {
      const isNew = forge.collaborators.set(
        repository.id,
        account.login,
        permission,
      );
      // Whoever can write already by other ways is not invited again.
      if (!isNew) {
        res.status(204).end();
        return;
      }
      res.status(201).json({
        id: account.id,
        node_id: nodeId('RepositoryInvitation', account.id),
        repository: forge.serialize.minimalRepository(repository),
        invitee: simpleUser(forge, account.login),
        inviter: simpleUser(forge, caller.login),
        permissions: INVITED[permission] ?? permission,
        created_at: timestamp(),
        expired: false,
        url: `${forge.urls.api}/user/repository_invitations/${account.id}`,
        html_url: `${forge.urls.web}/${repository.fullName}`,
      });
    },
  );

  routes.delete(
    '/collaborators/:username',
    'administration:admin',
    ({ repository, req }) => {
      forge.collaborators.remove(repository.id, req.params.username);
    },
  );

  routes.get('/assignees', 'metadata:read', ({ repository, req, res }) =>
    paginate(req, res, listPeople(repository)).map(({ login }) =>
      simpleUser(forge, login),
    ),
  );

  return routes;
}

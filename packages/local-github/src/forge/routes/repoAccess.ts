import { Router } from 'express';
import { z } from 'zod';
import { nodeId, timestamp } from '../database';
import type { Forge } from '../Forge';
import { findRepository } from '../http/access';
import { requireCaller } from '../http/authenticate';
import { notFound } from '../http/errors';
import { paginate } from '../http/pagination';
import { parseBody, route } from '../http/route';
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
export function repoAccessRoutes(forge: Forge): Router {
  const router = Router();
  const base = '/repos/:owner/:repo';

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

  router.get(
    `${base}/collaborators`,
    route((req, res) => {
      const repository = findRepository(forge, req, res, 'metadata', 'write');
      res.json(
        paginate(req, res, listPeople(repository)).map(({ login, level }) => ({
          ...simpleUser(forge, login),
          permissions: permissionFlags(level),
          role_name: ROLE[level],
        })),
      );
    }),
  );

  router.get(
    `${base}/collaborators/:username`,
    route((req, res) => {
      const repository = findRepository(forge, req, res, 'metadata', 'write');
      const login = req.params.username.toLowerCase();
      if (
        !listPeople(repository).some(
          person => person.login.toLowerCase() === login,
        )
      ) {
        throw notFound();
      }
      res.status(204).end();
    }),
  );

  router.get(
    `${base}/collaborators/:username/permission`,
    route((req, res) => {
      const repository = findRepository(forge, req, res, 'metadata', 'write');
      const account = forge.accounts.find(req.params.username);
      if (!account) {
        throw notFound();
      }
      const level = levelOf(repository, account.login);
      res.json({
        permission: ROLE[level],
        role_name: ROLE[level],
        user: {
          ...simpleUser(forge, account.login),
          permissions: permissionFlags(level),
          role_name: ROLE[level],
        },
      });
    }),
  );

  router.put(
    `${base}/collaborators/:username`,
    route((req, res) => {
      const repository = findRepository(
        forge,
        req,
        res,
        'administration',
        'admin',
      );
      const account = forge.accounts.find(req.params.username);
      if (account?.type !== 'User') {
        throw notFound();
      }
      const { permission } = parseBody(req, 'Collaborator', permissionBody);
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
        inviter: simpleUser(forge, requireCaller(res).login),
        permissions: INVITED[permission] ?? permission,
        created_at: timestamp(),
        expired: false,
        url: `${forge.urls.api}/user/repository_invitations/${account.id}`,
        html_url: `${forge.urls.web}/${repository.fullName}`,
      });
    }),
  );

  router.delete(
    `${base}/collaborators/:username`,
    route((req, res) => {
      const repository = findRepository(
        forge,
        req,
        res,
        'administration',
        'admin',
      );
      forge.collaborators.remove(repository.id, req.params.username);
      res.status(204).end();
    }),
  );

  router.get(
    `${base}/assignees`,
    route((req, res) => {
      const repository = findRepository(forge, req, res, 'metadata', 'read');
      res.json(
        paginate(req, res, listPeople(repository)).map(({ login }) =>
          simpleUser(forge, login),
        ),
      );
    }),
  );

  return router;
}

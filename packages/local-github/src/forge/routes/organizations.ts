import { Router, type Request } from 'express';
import { z } from 'zod';
import type { Forge } from '../Forge';
import { requireUser } from '../http/authenticate';
import { ApiError, notFound, validationFailed } from '../http/errors';
import { paginate } from '../http/pagination';
import { parseBody, route } from '../http/route';
import { simpleTeam } from '../serialize/pull';
import {
  fullOrganization,
  simpleOrganization,
  simpleUser,
} from '../serialize/user';
import type { Account } from '../stores/AccountStore';
import type { Team } from '../stores/MembershipStore';

/** Organisations, their members and teams. */
export function organizationRoutes(forge: Forge): Router {
  const router = Router();

  const find = (req: Request): Account => {
    const account = forge.accounts.find(req.params.org);
    if (account?.type !== 'Organization') {
      throw notFound();
    }
    return account;
  };
  const findTeam = (req: Request): { organization: Account; team: Team } => {
    const organization = find(req);
    const team = forge.memberships.findTeam(organization.id, req.params.team);
    if (!team) {
      throw notFound();
    }
    return { organization, team };
  };
  const fullTeam = (organization: Account, team: Team) => ({
    ...simpleTeam(forge, organization.login, team),
    created_at: team.created_at,
    updated_at: team.created_at,
    members_count: forge.memberships.listTeamMembers(team.id).length,
    repos_count: forge.memberships.countTeamRepositories(team.id),
    organization: fullOrganization(forge, organization.login),
  });
  const membership = (organization: Account, login: string) => ({
    url: `${forge.urls.api}/orgs/${organization.login}/memberships/${login}`,
    state: 'active',
    role: forge.accounts.isSiteAdmin(login) ? 'admin' : 'member',
    organization_url: `${forge.urls.api}/orgs/${organization.login}`,
    organization: simpleOrganization(forge, organization.login),
    user: simpleUser(forge, login),
  });
  const findUser = (login: string): Account => {
    const account = forge.accounts.find(login);
    if (account?.type !== 'User') {
      throw notFound();
    }
    return account;
  };

  router.get(
    '/organizations',
    route((req, res) => {
      res.json(
        paginate(req, res, forge.accounts.list('Organization')).map(
          ({ login }) => simpleOrganization(forge, login),
        ),
      );
    }),
  );

  router.get(
    '/orgs/:org',
    route((req, res) => {
      res.json(fullOrganization(forge, find(req).login));
    }),
  );

  router.get(
    ['/orgs/:org/members', '/orgs/:org/public_members'],
    route((req, res) => {
      find(req);
      res.json(
        paginate(req, res, forge.accounts.list('User')).map(({ login }) =>
          simpleUser(forge, login),
        ),
      );
    }),
  );

  router.get(
    '/orgs/:org/members/:username',
    route((req, res) => {
      find(req);
      findUser(req.params.username);
      res.status(204).end();
    }),
  );

  router.get(
    '/orgs/:org/memberships/:username',
    route((req, res) => {
      requireUser(res);
      res.json(membership(find(req), findUser(req.params.username).login));
    }),
  );

  router.get(
    '/user/memberships/orgs/:org',
    route((req, res) => {
      res.json(membership(find(req), requireUser(res).login));
    }),
  );

  router.get(
    '/orgs/:org/teams',
    route((req, res) => {
      requireUser(res);
      const organization = find(req);
      const teams = forge.memberships.listTeams(organization.id);
      res.json(
        paginate(req, res, teams).map(team =>
          simpleTeam(forge, organization.login, team),
        ),
      );
    }),
  );

  router.post(
    '/orgs/:org/teams',
    route((req, res) => {
      const caller = requireUser(res);
      const organization = find(req);
      const input = parseBody(
        req,
        'Team',
        z.object({
          name: z.string().min(1).max(100),
          description: z.string().nullish(),
        }),
      );
      const slug = input.name
        .toLowerCase()
        .replace(/[^a-z0-9_-]+/g, '-')
        .replace(/^-+|(?<!-)-+$/g, '');
      if (!slug || forge.memberships.findTeam(organization.id, slug)) {
        throw validationFailed({
          resource: 'Team',
          code: slug ? 'already_exists' : 'invalid',
          field: 'name',
        });
      }
      const team = forge.memberships.createTeam({
        organizationId: organization.id,
        slug,
        name: input.name,
        description: input.description ?? null,
      });
      forge.memberships.addTeamMember(team.id, caller.login);
      res.status(201).json(fullTeam(organization, team));
    }),
  );

  router.get(
    '/orgs/:org/teams/:team',
    route((req, res) => {
      requireUser(res);
      const { organization, team } = findTeam(req);
      res.json(fullTeam(organization, team));
    }),
  );

  router.get(
    '/orgs/:org/teams/:team/members',
    route((req, res) => {
      requireUser(res);
      const { team } = findTeam(req);
      const members = forge.memberships.listTeamMembers(team.id);
      res.json(
        paginate(req, res, members).map(login => simpleUser(forge, login)),
      );
    }),
  );

  router.put(
    '/orgs/:org/teams/:team/memberships/:username',
    route((req, res) => {
      const caller = requireUser(res);
      const { team } = findTeam(req);
      if (!forge.accounts.isSiteAdmin(caller.login)) {
        throw new ApiError(
          403,
          'Must be an organization owner or team maintainer.',
        );
      }
      const account = findUser(req.params.username);
      forge.memberships.addTeamMember(team.id, account.login);
      res.json({
        url: `${forge.urls.api}/teams/${team.id}/memberships/${account.login}`,
        role: 'member',
        state: 'active',
      });
    }),
  );

  return router;
}

import { nodeId } from '../database';
import type { Forge } from '../Forge';
import { isEmptyRepository, listRefs } from '../git/refs';
import type { Account } from '../stores/AccountStore';
import type { Team } from '../stores/MembershipStore';
import type { ForgeCaller, ForgeRepository } from '../types';
import { assertGraphqlAccess } from './assertGraphqlAccess';
import { connection, type ConnectionArguments } from './connection';
import { findObject, findRef, refNode } from './objects';

// GitHub's and ours: the types below refer to each other, so objects are made
// when a query asks for them.

/** A repository, as far as the caller may see it; null otherwise. */
export function findRepositoryNode(
  forge: Forge,
  caller: ForgeCaller | undefined,
  owner: string,
  name: string,
) {
  const repository = forge.repositories.find(owner, name);
  return repository && forge.access.level(caller, repository) !== 'none'
    ? repositoryNode(forge, caller, repository)
    : null;
}

export function repositoryNode(
  forge: Forge,
  caller: ForgeCaller | undefined,
  value: ForgeRepository,
): Record<string, unknown> {
  const repository = forge.repositories.findById(value.id);
  if (!repository) {
    throw new Error(`No repository ${value.fullName}`);
  }
  const url = `${forge.urls.web}/${repository.fullName}`;
  const readable = () => {
    assertGraphqlAccess(forge, caller, repository, 'contents', 'read');
    return repository;
  };
  return {
    __typename: 'Repository',
    id: nodeId('Repository', repository.id),
    databaseId: repository.id,
    name: repository.name,
    nameWithOwner: repository.fullName,
    description: repository.description,
    owner: () => ownerNode(forge, caller, repository.owner),
    url,
    homepageUrl: repository.homepage,
    isArchived: repository.archived,
    isEmpty: () => isEmptyRepository(repository.gitDir),
    isFork: false,
    isPrivate: repository.private,
    visibility: repository.private ? 'PRIVATE' : 'PUBLIC',
    createdAt: repository.createdAt,
    updatedAt: repository.updatedAt,
    pushedAt: repository.pushedAt,
    defaultBranchRef: () =>
      findRef(
        forge,
        caller,
        readable(),
        `refs/heads/${repository.defaultBranch}`,
      ),
    ref: ({ qualifiedName }: { qualifiedName: string }) =>
      findRef(forge, caller, readable(), qualifiedName),
    refs: async (args: ConnectionArguments & { refPrefix: string }) =>
      connection(
        (await listRefs(readable().gitDir, 'refs'))
          .filter(({ name }) => name.startsWith(args.refPrefix))
          .map(({ name, sha }) =>
            refNode(forge, caller, repository, name, sha),
          ),
        args,
      ),
    object: (args: { expression?: string | null; oid?: string | null }) =>
      findObject(forge, caller, readable(), args),
    repositoryTopics: (args: ConnectionArguments) =>
      connection(
        repository.topics.map(name => ({
          __typename: 'RepositoryTopic',
          id: nodeId('RepositoryTopic', `${repository.id}:${name}`),
          topic: { name },
          url: forge.urls.web,
        })),
        args,
      ),
  };
}

function accountNode(
  forge: Forge,
  caller: ForgeCaller | undefined,
  account: Account,
) {
  return {
    __typename: account.type,
    id: nodeId(account.type, account.id),
    databaseId: account.id,
    login: account.login,
    name: account.name,
    avatarUrl: `${forge.urls.web}/avatars/${account.login}`,
    url: `${forge.urls.web}/${account.login}`,
    repositories: (args: ConnectionArguments) =>
      connection(
        forge.repositories
          .list()
          .filter(
            repository =>
              repository.ownerId === account.id &&
              forge.access.level(caller, repository) !== 'none',
          )
          .map(repository => repositoryNode(forge, caller, repository)),
        args,
      ),
    repository: ({ name }: { name: string }) =>
      findRepositoryNode(forge, caller, account.login, name),
  };
}

export function userNode(
  forge: Forge,
  caller: ForgeCaller | undefined,
  login: string,
) {
  const account = forge.accounts.find(login);
  return account?.type === 'User'
    ? {
        ...accountNode(forge, caller, account),
        email: '',
        bio: null,
        suspendedAt: null,
        organizationVerifiedDomainEmails: [],
        organizations: (args: ConnectionArguments) =>
          connection(
            forge.accounts
              .list('Organization')
              .map(organization =>
                organizationNode(forge, caller, organization.login),
              ),
            args,
          ),
      }
    : null;
}

function teamNode(
  forge: Forge,
  caller: ForgeCaller | undefined,
  organization: Account,
  team: Team,
) {
  return {
    __typename: 'Team',
    id: nodeId('Team', team.id),
    databaseId: team.id,
    slug: team.slug,
    combinedSlug: `${organization.login}/${team.slug}`,
    name: team.name,
    description: team.description,
    avatarUrl: null,
    editTeamUrl: `${forge.urls.web}/orgs/${organization.login}/teams/${team.slug}/edit`,
    parentTeam: null,
    members: (args: ConnectionArguments) =>
      connection(
        forge.memberships
          .listTeamMembers(team.id)
          .map(login => userNode(forge, caller, login)),
        args,
      ),
  };
}

export function organizationNode(
  forge: Forge,
  caller: ForgeCaller | undefined,
  login: string,
): Record<string, unknown> | null {
  const account = forge.accounts.find(login);
  if (account?.type !== 'Organization') {
    return null;
  }
  const listTeams = (userLogins?: string[] | null) =>
    forge.memberships
      .listTeams(account.id)
      .filter(
        team =>
          !userLogins ||
          forge.memberships
            .listTeamMembers(team.id)
            .some(member => userLogins.includes(member)),
      );
  return {
    ...accountNode(forge, caller, account),
    description: null,
    membersWithRole: (args: ConnectionArguments) =>
      connection(
        forge.accounts
          .list('User')
          .map(user => userNode(forge, caller, user.login)),
        args,
      ),
    teams: (args: ConnectionArguments & { userLogins?: string[] | null }) =>
      connection(
        listTeams(args.userLogins).map(team =>
          teamNode(forge, caller, account, team),
        ),
        args,
      ),
    team: ({ slug }: { slug: string }) => {
      const team = forge.memberships.findTeam(account.id, slug);
      return team ? teamNode(forge, caller, account, team) : null;
    },
  };
}

/** A user or an organisation. */
export function ownerNode(
  forge: Forge,
  caller: ForgeCaller | undefined,
  login: string,
) {
  return (
    organizationNode(forge, caller, login) ?? userNode(forge, caller, login)
  );
}

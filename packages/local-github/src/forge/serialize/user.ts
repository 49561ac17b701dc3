// SPDX-License-Identifier: Apache-2.0
import { nodeId } from '../database';
import type { Forge } from '../Forge';
import type { Account } from '../stores/AccountStore';
import { isBot, JOB_LOGIN } from '../types';
import type { Schema } from './Schema';

// A login that has no account, e.g. of an author who was removed.
const GHOST: Account = {
  id: 0,
  login: 'ghost',
  type: 'User',
  name: 'Deleted user',
  created_at: '1970-01-01T00:00:00Z',
};

function findAccount(forge: Forge, login: string): Account {
  if (isBot(login)) {
    return {
      ...GHOST,
      id: login === JOB_LOGIN ? 41898282 : 0,
      login,
      name: login,
    };
  }
  return forge.accounts.find(login) ?? { ...GHOST, login };
}

/** GitHub's `simple-user`. */
export function simpleUser(forge: Forge, login: string) {
  const account = findAccount(forge, login);
  const path = encodeURIComponent(account.login);
  const url = `${forge.urls.api}/users/${path}`;
  let type: string = account.type;
  if (isBot(account.login)) {
    type = 'Bot';
  }
  return {
    login: account.login,
    id: account.id,
    node_id: nodeId(account.type, account.id),
    avatar_url: `${forge.urls.web}/avatars/${path}`,
    gravatar_id: '',
    url,
    html_url: `${forge.urls.web}/${path}`,
    followers_url: `${url}/followers`,
    following_url: `${url}/following{/other_user}`,
    gists_url: `${url}/gists{/gist_id}`,
    starred_url: `${url}/starred{/owner}{/repo}`,
    subscriptions_url: `${url}/subscriptions`,
    organizations_url: `${url}/orgs`,
    repos_url: `${url}/repos`,
    events_url: `${url}/events{/privacy}`,
    received_events_url: `${url}/received_events`,
    type,
    user_view_type: 'public',
    site_admin: forge.accounts.isSiteAdmin(account.login),
  } satisfies Schema<'simple-user'>;
}

function countRepositories(forge: Forge, login: string, isPrivate: boolean) {
  return forge.repositories
    .list()
    .filter(
      ({ owner, private: hidden }) =>
        owner.toLowerCase() === login.toLowerCase() && hidden === isPrivate,
    ).length;
}

/** GitHub's `public-user`. */
export function publicUser(forge: Forge, login: string) {
  const account = findAccount(forge, login);
  return {
    ...simpleUser(forge, login),
    name: account.name,
    company: null,
    blog: '',
    location: null,
    email: null,
    hireable: null,
    bio: null,
    twitter_username: null,
    public_repos: countRepositories(forge, account.login, false),
    public_gists: 0,
    followers: 0,
    following: 0,
    created_at: account.created_at,
    updated_at: account.created_at,
  } satisfies Schema<'public-user'>;
}

/** GitHub's `private-user`: what a caller sees of themselves. */
export function privateUser(forge: Forge, login: string) {
  const hidden = countRepositories(forge, login, true);
  return {
    ...publicUser(forge, login),
    user_view_type: 'private',
    private_gists: 0,
    total_private_repos: hidden,
    owned_private_repos: hidden,
    disk_usage: 0,
    collaborators: 0,
    two_factor_authentication: false,
  } satisfies Schema<'private-user'>;
}

/** GitHub's `organization-simple`. */
export function simpleOrganization(forge: Forge, login: string) {
  const account = findAccount(forge, login);
  const url = `${forge.urls.api}/orgs/${account.login}`;
  return {
    login: account.login,
    id: account.id,
    node_id: nodeId('Organization', account.id),
    url,
    repos_url: `${url}/repos`,
    events_url: `${url}/events`,
    hooks_url: `${url}/hooks`,
    issues_url: `${url}/issues`,
    members_url: `${url}/members{/member}`,
    public_members_url: `${url}/public_members{/member}`,
    avatar_url: `${forge.urls.web}/avatars/${account.login}`,
    description: null,
  } satisfies Schema<'organization-simple'>;
}

/** GitHub's `organization-full`. */
export function fullOrganization(forge: Forge, login: string) {
  const account = findAccount(forge, login);
  return {
    ...simpleOrganization(forge, login),
    ...(account.name && { name: account.name }),
    html_url: `${forge.urls.web}/${account.login}`,
    has_organization_projects: false,
    has_repository_projects: false,
    public_repos: countRepositories(forge, account.login, false),
    public_gists: 0,
    followers: 0,
    following: 0,
    type: 'Organization',
    total_private_repos: countRepositories(forge, account.login, true),
    created_at: account.created_at,
    updated_at: account.created_at,
    archived_at: null,
  } satisfies Schema<'organization-full'>;
}

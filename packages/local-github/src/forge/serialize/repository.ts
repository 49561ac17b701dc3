// SPDX-License-Identifier: Apache-2.0
import { nodeId } from '../database';
import type { Forge } from '../Forge';
import type { RepositoryRecord } from '../stores/RepositoryStore';
import type { AccessLevel, ForgeRepository } from '../types';
import { simpleOrganization, simpleUser } from './user';
import type { Schema } from './Schema';

/** GitHub's name for what may be done, as the flags of `permissions`. */
export function permissionFlags(level: AccessLevel) {
  return {
    admin: level === 'admin',
    maintain: level === 'admin',
    push: level === 'admin' || level === 'write',
    triage: level === 'admin' || level === 'write',
    pull: level !== 'none',
  };
}

function urls(forge: Forge, value: ForgeRepository) {
  const url = `${forge.urls.api}/repos/${value.fullName}`;
  return {
    url,
    archive_url: `${url}/{archive_format}{/ref}`,
    assignees_url: `${url}/assignees{/user}`,
    blobs_url: `${url}/git/blobs{/sha}`,
    branches_url: `${url}/branches{/branch}`,
    collaborators_url: `${url}/collaborators{/collaborator}`,
    comments_url: `${url}/comments{/number}`,
    commits_url: `${url}/commits{/sha}`,
    compare_url: `${url}/compare/{base}...{head}`,
    contents_url: `${url}/contents/{+path}`,
    contributors_url: `${url}/contributors`,
    deployments_url: `${url}/deployments`,
    downloads_url: `${url}/downloads`,
    events_url: `${url}/events`,
    forks_url: `${url}/forks`,
    git_commits_url: `${url}/git/commits{/sha}`,
    git_refs_url: `${url}/git/refs{/sha}`,
    git_tags_url: `${url}/git/tags{/sha}`,
    hooks_url: `${url}/hooks`,
    issue_comment_url: `${url}/issues/comments{/number}`,
    issue_events_url: `${url}/issues/events{/number}`,
    issues_url: `${url}/issues{/number}`,
    keys_url: `${url}/keys{/key_id}`,
    labels_url: `${url}/labels{/name}`,
    languages_url: `${url}/languages`,
    merges_url: `${url}/merges`,
    milestones_url: `${url}/milestones{/number}`,
    notifications_url: `${url}/notifications{?since,all,participating}`,
    pulls_url: `${url}/pulls{/number}`,
    releases_url: `${url}/releases{/id}`,
    stargazers_url: `${url}/stargazers`,
    statuses_url: `${url}/statuses/{sha}`,
    subscribers_url: `${url}/subscribers`,
    subscription_url: `${url}/subscription`,
    tags_url: `${url}/tags`,
    teams_url: `${url}/teams`,
    trees_url: `${url}/git/trees{/sha}`,
  };
}

function find(forge: Forge, value: ForgeRepository): RepositoryRecord {
  const record = forge.repositories.findById(value.id);
  if (!record) {
    throw new Error(`No value ${value.fullName}`);
  }
  return record;
}

/** GitHub's `minimal-repository`. */
export function minimalRepository(forge: Forge, value: ForgeRepository) {
  const record = find(forge, value);
  return {
    id: record.id,
    node_id: nodeId('Repository', record.id),
    name: record.name,
    full_name: record.fullName,
    private: record.private,
    owner: simpleUser(forge, record.owner),
    html_url: `${forge.urls.web}/${record.fullName}`,
    description: record.description,
    fork: false,
    ...urls(forge, record),
  } satisfies Schema<'minimal-repository'>;
}

/** GitHub's `repository`, as lists, payloads and pull requests embed it. */
export function repository(
  forge: Forge,
  value: ForgeRepository,
  level: AccessLevel = 'read',
) {
  const record = find(forge, value);
  const web = `${forge.urls.web}/${record.fullName}`;
  const openIssues = forge.issues.countOpen(record.id);
  return {
    ...minimalRepository(forge, record),
    git_url: `git:${web.replace(/^https?:/, '')}.git`,
    ssh_url: `git@${new URL(forge.urls.web).hostname}:${record.fullName}.git`,
    clone_url: `${web}.git`,
    svn_url: web,
    mirror_url: null,
    homepage: record.homepage,
    size: record.size,
    stargazers_count: 0,
    watchers_count: 0,
    watchers: 0,
    language: null,
    forks_count: 0,
    forks: 0,
    archived: record.archived,
    disabled: false,
    open_issues_count: openIssues,
    open_issues: openIssues,
    license: null,
    topics: record.topics,
    visibility: record.private ? 'private' : 'public',
    default_branch: record.defaultBranch,
    has_issues: record.settings.has_issues,
    has_projects: record.settings.has_projects,
    has_wiki: record.settings.has_wiki,
    has_pages: false,
    has_downloads: true,
    has_discussions: record.settings.has_discussions,
    is_template: record.settings.is_template,
    allow_forking: false,
    web_commit_signoff_required: record.settings.web_commit_signoff_required,
    created_at: record.createdAt,
    updated_at: record.updatedAt,
    pushed_at: record.pushedAt,
    permissions: permissionFlags(level),
  } satisfies Schema<'repository'>;
}

/** GitHub's `full-repository`. */
export function fullRepository(
  forge: Forge,
  value: ForgeRepository,
  level: AccessLevel,
) {
  const record = find(forge, value);
  const owner = forge.accounts.findById(record.ownerId);
  const { settings } = record;
  return {
    ...repository(forge, record, level),
    ...(owner?.type === 'Organization' && {
      organization: simpleUser(forge, owner.login),
      custom_properties: settings.custom_properties,
    }),
    network_count: 0,
    subscribers_count: 0,
    allow_merge_commit: settings.allow_merge_commit,
    allow_squash_merge: settings.allow_squash_merge,
    allow_rebase_merge: settings.allow_rebase_merge,
    allow_auto_merge: settings.allow_auto_merge,
    allow_update_branch: settings.allow_update_branch,
    delete_branch_on_merge: settings.delete_branch_on_merge,
    squash_merge_commit_title: settings.squash_merge_commit_title,
    squash_merge_commit_message: settings.squash_merge_commit_message,
    merge_commit_title: settings.merge_commit_title,
    merge_commit_message: settings.merge_commit_message,
  } satisfies Schema<'full-repository'>;
}

/** The `repository` of webhook payloads: with times as Unix seconds in `push`, and the owner's name. */
export function pushRepository(forge: Forge, value: ForgeRepository) {
  const record = find(forge, value);
  const seconds = (time: string) => Math.floor(Date.parse(time) / 1000);
  const data = repository(forge, record, 'read');
  return {
    ...data,
    owner: { ...data.owner, name: record.owner, email: null },
    url: data.html_url,
    created_at: seconds(record.createdAt),
    pushed_at: seconds(record.pushedAt),
    stargazers: 0,
    master_branch: record.defaultBranch,
  };
}

/** The `organization` key of payloads and answers, when the owner is one. */
export function organizationOf(forge: Forge, value: ForgeRepository) {
  const owner = forge.accounts.find(value.owner);
  return owner?.type === 'Organization'
    ? { organization: simpleOrganization(forge, owner.login) }
    : {};
}

// SPDX-License-Identifier: Apache-2.0
import { nodeId } from '../database';
import type { Forge } from '../Forge';
import type { Comment, Issue } from '../stores/IssueStore';
import type { IssueEvent } from '../stores/IssueEventStore';
import type { Label } from '../stores/LabelStore';
import type { ForgeRepository } from '../types';
import { encodePath } from './urls';
import { simpleUser } from './user';
import type { Schema } from './Schema';

/** GitHub's `label`. */
export function label(forge: Forge, repository: ForgeRepository, value: Label) {
  return {
    id: value.id,
    node_id: nodeId('Label', value.id),
    url: `${forge.urls.api}/repos/${repository.fullName}/labels/${encodePath(value.name)}`,
    name: value.name,
    color: value.color,
    default: value.is_default === 1,
    description: value.description,
  } satisfies Schema<'label'>;
}

/** GitHub's `author-association`. */
export function authorAssociation(
  forge: Forge,
  repository: ForgeRepository,
  login: string,
): Schema<'author-association'> {
  if (repository.owner.toLowerCase() === login.toLowerCase()) {
    return 'OWNER';
  }
  const level = forge.access.level({ login }, repository);
  return level === 'write' || level === 'admin' ? 'MEMBER' : 'NONE';
}

function reactions(url: string) {
  return {
    url: `${url}/reactions`,
    total_count: 0,
    '+1': 0,
    '-1': 0,
    laugh: 0,
    confused: 0,
    heart: 0,
    hooray: 0,
    eyes: 0,
    rocket: 0,
  };
}

/** GitHub's `issue`. */
export function issue(forge: Forge, repository: ForgeRepository, value: Issue) {
  const repositoryUrl = `${forge.urls.api}/repos/${repository.fullName}`;
  const web = `${forge.urls.web}/${repository.fullName}`;
  const url = `${repositoryUrl}/issues/${value.number}`;
  const assignees = value.assignees.map(login => simpleUser(forge, login));
  const pull = value.is_pull ? forge.pulls.get(value.id) : undefined;
  const htmlUrl = `${web}/${pull ? 'pull' : 'issues'}/${value.number}`;
  return {
    url,
    repository_url: repositoryUrl,
    labels_url: `${url}/labels{/name}`,
    comments_url: `${url}/comments`,
    events_url: `${url}/events`,
    html_url: htmlUrl,
    id: value.id,
    node_id: nodeId(pull ? 'PullRequest' : 'Issue', value.id),
    number: value.number,
    title: value.title,
    user: simpleUser(forge, value.author),
    labels: forge.labels
      .listForIssue(value.id)
      .map(entry => label(forge, repository, entry)),
    state: value.state,
    state_reason: value.state_reason,
    locked: value.locked === 1,
    assignee: assignees[0] ?? null,
    assignees,
    milestone: null,
    comments: forge.issues.countComments(value.id),
    created_at: value.created_at,
    updated_at: value.updated_at,
    closed_at: value.closed_at,
    closed_by: value.closed_by ? simpleUser(forge, value.closed_by) : null,
    author_association: authorAssociation(forge, repository, value.author),
    active_lock_reason: null,
    body: value.body,
    ...(pull && {
      draft: pull.draft === 1,
      pull_request: {
        url: `${repositoryUrl}/pulls/${value.number}`,
        html_url: htmlUrl,
        diff_url: `${htmlUrl}.diff`,
        patch_url: `${htmlUrl}.patch`,
        merged_at: pull.merged_at,
      },
    }),
    reactions: reactions(url),
    timeline_url: `${url}/timeline`,
    performed_via_github_app: null,
  } satisfies Schema<'issue'>;
}

/** GitHub's `issue-comment`. */
export function issueComment(
  forge: Forge,
  repository: ForgeRepository,
  parent: Issue,
  value: Comment,
) {
  const url = `${forge.urls.api}/repos/${repository.fullName}/issues/comments/${value.id}`;
  const page = parent.is_pull ? 'pull' : 'issues';
  return {
    url,
    html_url: `${forge.urls.web}/${repository.fullName}/${page}/${parent.number}#issuecomment-${value.id}`,
    issue_url: `${forge.urls.api}/repos/${repository.fullName}/issues/${parent.number}`,
    id: value.id,
    node_id: nodeId('IssueComment', value.id),
    user: simpleUser(forge, value.author),
    created_at: value.created_at,
    updated_at: value.updated_at,
    author_association: authorAssociation(forge, repository, value.author),
    body: value.body,
    reactions: reactions(url),
    performed_via_github_app: null,
  } satisfies Schema<'issue-comment'>;
}

/** GitHub's `labeled-issue-event` and `unlabeled-issue-event`. */
export function labelEvent(
  forge: Forge,
  repository: ForgeRepository,
  value: IssueEvent,
) {
  return {
    id: value.id,
    node_id: nodeId('LabeledEvent', value.id),
    url: `${forge.urls.api}/repos/${repository.fullName}/issues/events/${value.id}`,
    actor: simpleUser(forge, value.actor),
    event: value.event,
    commit_id: null,
    commit_url: null,
    created_at: value.created_at,
    label: { name: value.label_name, color: value.label_color },
    performed_via_github_app: null,
  } satisfies Schema<'labeled-issue-event'>;
}

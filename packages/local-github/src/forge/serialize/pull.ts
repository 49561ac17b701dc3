// SPDX-License-Identifier: Apache-2.0
import { nodeId } from '../database';
import type { Forge } from '../Forge';
import { countCommits } from '../git/commits';
import { diffFiles } from '../git/diffs';
import { pullBase, readMergeability } from '../mergeability';
import type { Issue } from '../stores/IssueStore';
import type { ForgeRepository } from '../types';
import { authorAssociation, label } from './issue';
import { repository as serializeRepository } from './repository';
import { simpleUser } from './user';

/** GitHub's `pull-request-simple`. */
export function simplePull(
  forge: Forge,
  repository: ForgeRepository,
  value: Issue,
) {
  const pull = forge.pulls.get(value.id);
  const api = `${forge.urls.api}/repos/${repository.fullName}`;
  const url = `${api}/pulls/${value.number}`;
  const htmlUrl = `${forge.urls.web}/${repository.fullName}/pull/${value.number}`;
  const issueUrl = `${api}/issues/${value.number}`;
  const statusesUrl = `${api}/statuses/${pull.head_sha}`;
  const assignees = value.assignees.map(login => simpleUser(forge, login));
  const owner = simpleUser(forge, repository.owner);
  const side = (ref: string, sha: string) => ({
    label: `${repository.owner}:${ref}`,
    ref,
    sha,
    user: owner,
    repo: serializeRepository(forge, repository),
  });
  return {
    url,
    id: value.id,
    node_id: nodeId('PullRequest', value.id),
    html_url: htmlUrl,
    diff_url: `${htmlUrl}.diff`,
    patch_url: `${htmlUrl}.patch`,
    issue_url: issueUrl,
    commits_url: `${url}/commits`,
    review_comments_url: `${url}/comments`,
    review_comment_url: `${api}/pulls/comments{/number}`,
    comments_url: `${issueUrl}/comments`,
    statuses_url: statusesUrl,
    number: value.number,
    state: value.state,
    locked: value.locked === 1,
    title: value.title,
    user: simpleUser(forge, value.author),
    body: value.body,
    labels: forge.labels
      .listForIssue(value.id)
      .map(entry => label(forge, repository, entry)),
    milestone: null,
    active_lock_reason: null,
    created_at: value.created_at,
    updated_at: value.updated_at,
    closed_at: value.closed_at,
    merged_at: pull.merged_at,
    merge_commit_sha: pull.merge_commit_sha,
    assignee: assignees[0] ?? null,
    assignees,
    requested_reviewers: pull.reviewers.map(login => simpleUser(forge, login)),
    requested_teams: [],
    head: side(pull.head_ref, pull.head_sha),
    base: side(pull.base_ref, pull.base_sha),
    _links: {
      self: { href: url },
      html: { href: htmlUrl },
      issue: { href: issueUrl },
      comments: { href: `${issueUrl}/comments` },
      review_comments: { href: `${url}/comments` },
      review_comment: { href: `${api}/pulls/comments{/number}` },
      commits: { href: `${url}/commits` },
      statuses: { href: statusesUrl },
    },
    author_association: authorAssociation(forge, repository, value.author),
    auto_merge: null,
    draft: pull.draft === 1,
  };
}

/** GitHub's `pull-request`: with its figures and whether it merges. */
export async function fullPull(
  forge: Forge,
  repository: ForgeRepository,
  value: Issue,
) {
  const pull = forge.pulls.get(value.id);
  const base = await pullBase(repository, pull);
  const files = await diffFiles(repository.gitDir, base, pull.head_sha, {
    patches: false,
  });
  const mergeable = await readMergeability(repository, value, pull);
  const sum = (key: 'additions' | 'deletions') =>
    files.reduce((total, file) => total + file[key], 0);
  let mergeableState = 'unknown';
  if (mergeable !== null) {
    mergeableState = mergeable ? 'clean' : 'dirty';
  }
  return {
    ...simplePull(forge, repository, value),
    merged: pull.merged_at !== null,
    mergeable,
    rebaseable: mergeable,
    mergeable_state: mergeableState,
    merged_by: pull.merged_by ? simpleUser(forge, pull.merged_by) : null,
    comments: forge.issues.countComments(value.id),
    review_comments: 0,
    maintainer_can_modify: false,
    commits: await countCommits(repository.gitDir, pull.head_sha, [base]),
    additions: sum('additions'),
    deletions: sum('deletions'),
    changed_files: files.length,
  };
}

// SPDX-License-Identifier: Apache-2.0
import { nodeId, timestamp } from '../database';
import type { Forge } from '../Forge';
import type { Commit, Signature } from '../git/commits';
import type { FileDiff } from '../git/diffs';
import { isBot, type ForgeRepository } from '../types';
import { encodePath } from './urls';
import { simpleUser } from './user';
import type { Schema } from './Schema';

const UNSIGNED = {
  verified: false,
  reason: 'unsigned',
  signature: null,
  payload: null,
  verified_at: null,
};

function gitUser({ name, email, date }: Signature) {
  return { name, email, date: timestamp(new Date(date)) };
}

/** The account behind a signature: forge's own mail addresses, or a name that is a login. */
function accountOf(forge: Forge, signature: Signature) {
  const login =
    /^(.+)@users\.noreply\.localhost$/.exec(signature.email)?.[1] ??
    signature.name;
  const known = isBot(login) || forge.accounts.find(login)?.type === 'User';
  return known ? simpleUser(forge, login) : null;
}

/** GitHub's `commit`. */
export function commit(
  forge: Forge,
  repository: ForgeRepository,
  value: Commit,
) {
  const api = `${forge.urls.api}/repos/${repository.fullName}`;
  const web = `${forge.urls.web}/${repository.fullName}`;
  const url = `${api}/commits/${value.sha}`;
  return {
    sha: value.sha,
    node_id: nodeId('Commit', value.sha),
    commit: {
      author: gitUser(value.author),
      committer: gitUser(value.committer),
      message: value.message,
      tree: { sha: value.tree, url: `${api}/git/trees/${value.tree}` },
      url: `${api}/git/commits/${value.sha}`,
      comment_count: 0,
      verification: UNSIGNED,
    },
    url,
    html_url: `${web}/commit/${value.sha}`,
    comments_url: `${url}/comments`,
    author: accountOf(forge, value.author),
    committer: accountOf(forge, value.committer),
    parents: value.parents.map(sha => ({
      sha,
      url: `${api}/commits/${sha}`,
      html_url: `${web}/commit/${sha}`,
    })),
  } satisfies Schema<'commit'>;
}

/** GitHub's `git-commit`, the object of the Git database API. */
export function gitCommit(
  forge: Forge,
  repository: ForgeRepository,
  value: Commit,
) {
  const api = `${forge.urls.api}/repos/${repository.fullName}`;
  const web = `${forge.urls.web}/${repository.fullName}`;
  return {
    sha: value.sha,
    node_id: nodeId('Commit', value.sha),
    url: `${api}/git/commits/${value.sha}`,
    html_url: `${web}/commit/${value.sha}`,
    author: gitUser(value.author),
    committer: gitUser(value.committer),
    tree: { sha: value.tree, url: `${api}/git/trees/${value.tree}` },
    message: value.message,
    parents: value.parents.map(sha => ({
      sha,
      url: `${api}/git/commits/${sha}`,
      html_url: `${web}/commit/${sha}`,
    })),
    verification: UNSIGNED,
  } satisfies Schema<'git-commit'>;
}

/** GitHub's `diff-entry`. */
export function diffEntry(
  forge: Forge,
  repository: ForgeRepository,
  sha: string,
  file: FileDiff,
) {
  const path = encodePath(file.path);
  const web = `${forge.urls.web}/${repository.fullName}`;
  return {
    sha: file.sha,
    filename: file.path,
    status: file.status,
    additions: file.additions,
    deletions: file.deletions,
    changes: file.additions + file.deletions,
    blob_url: `${web}/blob/${sha}/${path}`,
    raw_url: `${web}/raw/${sha}/${path}`,
    contents_url: `${forge.urls.api}/repos/${repository.fullName}/contents/${path}?ref=${sha}`,
    ...(file.patch !== undefined && { patch: file.patch }),
    ...(file.previousPath !== undefined && {
      previous_filename: file.previousPath,
    }),
  } satisfies Schema<'diff-entry'>;
}

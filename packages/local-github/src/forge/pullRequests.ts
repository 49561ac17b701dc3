// SPDX-License-Identifier: Apache-2.0
import type { Forge } from './Forge';
import { log, mergeBase, writeCommit } from './git/commits';
import { mergeTrees } from './git/merges';
import { readRef, StaleRefError, ZERO_SHA } from './git/refs';
import { ApiError } from './http/errors';
import { noreplySignature } from './signatures';
import { fullPull } from './serialize/pull';
import {
  organizationOf,
  repository as serializeRepository,
} from './serialize/repository';
import type { Issue } from './stores/IssueStore';
import type { Pull } from './stores/PullStore';
import type { ForgeRepository } from './types';

/** Emits `pull_request` with an action such as `opened`, `synchronize`, `closed`. */
export async function publishPull(
  forge: Forge,
  repository: ForgeRepository,
  issueId: number,
  action: string,
  sender: string,
  extra: Record<string, unknown> = {},
): Promise<void> {
  const issue = forge.issues.findById(issueId);
  if (!issue) {
    return;
  }
  forge.publish({
    name: 'pull_request',
    action,
    repository,
    sender,
    payload: {
      action,
      number: issue.number,
      pull_request: await fullPull(forge, repository, issue),
      repository: serializeRepository(forge, repository),
      ...organizationOf(forge, repository),
      ...extra,
    },
  });
}

export interface MergeOptions {
  method: 'merge' | 'squash' | 'rebase';
  title?: string;
  message?: string;
}

function notMergeable(): ApiError {
  return new ApiError(405, 'Pull Request is not mergeable');
}

async function squash(
  repository: ForgeRepository,
  base: string,
  issue: Issue,
  pull: Pull,
  options: MergeOptions,
  login: string,
): Promise<string> {
  const { gitDir } = repository;
  const ancestor = await mergeBase(gitDir, base, pull.head_sha);
  const tree = await mergeTrees(gitDir, ancestor, base, pull.head_sha);
  if (!tree) {
    throw notMergeable();
  }
  const isSquash = options.method === 'squash';
  const commits = isSquash
    ? await log(gitDir, [pull.head_sha], { not: [base], oldestFirst: true })
    : [];
  const title =
    options.title ??
    (isSquash
      ? `${issue.title} (#${issue.number})`
      : `Merge pull request #${issue.number} from ${repository.owner}/${pull.head_ref}`);
  const body =
    options.message ??
    (isSquash
      ? commits.map(({ message }) => `* ${message}`).join('\n\n')
      : issue.title);
  const signature = noreplySignature(login);
  return writeCommit(gitDir, {
    tree,
    parents: isSquash ? [base] : [base, pull.head_sha],
    message: body ? `${title}\n\n${body}` : title,
    author: isSquash ? (commits[0]?.author ?? signature) : signature,
    committer: signature,
  });
}

async function rebase(
  repository: ForgeRepository,
  base: string,
  pull: Pull,
  login: string,
): Promise<string> {
  const { gitDir } = repository;
  const commits = await log(gitDir, [pull.head_sha], {
    not: [base],
    oldestFirst: true,
  });
  let current = base;
  for (const commit of commits.filter(({ parents }) => parents.length < 2)) {
    const tree = await mergeTrees(
      gitDir,
      commit.parents[0],
      current,
      commit.sha,
    );
    if (!tree) {
      throw notMergeable();
    }
    current = await writeCommit(gitDir, {
      tree,
      parents: [current],
      message: commit.message,
      author: commit.author,
      committer: noreplySignature(login),
    });
  }
  return current;
}

/** Merges an open pull request and moves its base branch. @throws ApiError 405 or 409 */
export async function mergePull(
  forge: Forge,
  repository: ForgeRepository,
  issue: Issue,
  options: MergeOptions,
  login: string,
): Promise<string> {
  const pull = forge.pulls.get(issue.id);
  const ref = `refs/heads/${pull.base_ref}`;
  const base = await readRef(repository.gitDir, ref);
  if (issue.state !== 'open' || pull.draft === 1 || !base) {
    throw notMergeable();
  }
  const commit =
    options.method === 'rebase'
      ? await rebase(repository, base, pull, login)
      : await squash(repository, base, issue, pull, options, login);
  // The push marks the pull request as merged, so that the two cannot come apart when the process is killed.
  forge.pulls.setMergeCommit(issue.id, commit);
  try {
    await forge.pushes.move(
      repository,
      { ref, before: base, after: commit },
      login,
    );
  } catch (error) {
    throw error instanceof StaleRefError
      ? new ApiError(
          409,
          'Base branch was modified. Review and try the merge again.',
        )
      : error;
  }
  const settings = forge.repositories.findById(repository.id)?.settings;
  const headRef = `refs/heads/${pull.head_ref}`;
  if (
    settings?.delete_branch_on_merge &&
    (await readRef(repository.gitDir, headRef)) === pull.head_sha
  ) {
    await forge.pushes.move(
      repository,
      { ref: headRef, before: pull.head_sha, after: ZERO_SHA },
      login,
    );
  }
  return commit;
}

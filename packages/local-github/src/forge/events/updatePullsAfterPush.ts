// SPDX-License-Identifier: Apache-2.0
import type { Forge } from '../Forge';
import { isAncestor } from '../git/commits';
import { git } from '../git/git';
import { ZERO_SHA } from '../git/refs';
import { publishPull } from '../pullRequests';
import type { ForgeRepository } from '../types';
import type { RefUpdate } from './PushRecorder';

/** Keeps `refs/pull/N/head` at the pull request's head, where `git fetch` and checkout find it. */
export async function writePullRef(
  repository: ForgeRepository,
  number: number,
  sha: string,
): Promise<void> {
  await git(repository.gitDir, ['update-ref', `refs/pull/${number}/head`, sha]);
}

/** Open pull requests follow their branches: new commits, a deleted head, a base that has got them by a push. */
export async function updatePullsAfterPush(
  forge: Forge,
  repository: ForgeRepository,
  update: RefUpdate,
  sender: string,
): Promise<void> {
  if (!update.ref.startsWith('refs/heads/')) {
    return;
  }
  const branch = update.ref.slice('refs/heads/'.length);
  for (const id of forge.pulls.findOpen(repository.id, 'head', branch)) {
    const issue = forge.issues.findById(id);
    if (update.after === ZERO_SHA) {
      forge.issues.setState(id, 'closed', sender, null);
      await publishPull(forge, repository, id, 'closed', sender);
    } else if (issue) {
      forge.pulls.setShas(id, { headSha: update.after });
      await writePullRef(repository, issue.number, update.after);
      await publishPull(forge, repository, id, 'synchronize', sender, {
        before: update.before,
        after: update.after,
      });
    }
  }
  if (update.after === ZERO_SHA) {
    return;
  }
  for (const id of forge.pulls.findOpen(repository.id, 'base', branch)) {
    const pull = forge.pulls.get(id);
    const isPlannedMerge = pull.merge_commit_sha === update.after;
    if (
      isPlannedMerge ||
      (await isAncestor(repository.gitDir, pull.head_sha, update.after))
    ) {
      forge.pulls.setMerged(
        id,
        sender,
        isPlannedMerge ? update.after : pull.head_sha,
      );
      forge.issues.setState(id, 'closed', sender, null);
      await publishPull(forge, repository, id, 'closed', sender);
    } else {
      forge.pulls.setShas(id, { baseSha: update.after });
    }
  }
}

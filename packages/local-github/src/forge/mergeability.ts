// SPDX-License-Identifier: Apache-2.0
import { mergeBase } from './git/commits';
import { mergeTrees } from './git/merges';
import { readRef } from './git/refs';
import { EMPTY_TREE } from './git/trees';
import type { Issue } from './stores/IssueStore';
import type { Pull } from './stores/PullStore';
import type { ForgeRepository } from './types';

/** Where the pull request's own commits begin: its merge base, as it was when it was merged. */
export async function pullBase(
  repository: ForgeRepository,
  pull: Pull,
): Promise<string> {
  return (
    (await mergeBase(repository.gitDir, pull.base_sha, pull.head_sha)) ??
    EMPTY_TREE
  );
}

// Whether two commits merge never changes, so it is worked out once.
const MERGEABILITY = new Map<string, boolean>();
const MAX_REMEMBERED = 1000;

/** Whether an open pull request merges without conflict; null when it is closed. */
export async function readMergeability(
  repository: ForgeRepository,
  issue: Issue,
  pull: Pull,
): Promise<boolean | null> {
  if (issue.state === 'closed') {
    return null;
  }
  const base = await readRef(repository.gitDir, `refs/heads/${pull.base_ref}`);
  if (!base) {
    return false;
  }
  const key = `${base} ${pull.head_sha}`;
  const known = MERGEABILITY.get(key);
  if (known !== undefined) {
    return known;
  }
  const ancestor = await mergeBase(repository.gitDir, base, pull.head_sha);
  const tree = await mergeTrees(
    repository.gitDir,
    ancestor,
    base,
    pull.head_sha,
  );
  if (MERGEABILITY.size >= MAX_REMEMBERED) {
    MERGEABILITY.clear();
  }
  MERGEABILITY.set(key, tree !== undefined);
  return tree !== undefined;
}

// SPDX-License-Identifier: Apache-2.0
import type { Forge } from './Forge';
import { writeCommit, type Signature } from './git/commits';
import { ZERO_SHA } from './git/refs';
import { findEntry, writeBlob, writeTree, type TreeChange } from './git/trees';
import type { ForgeRepository } from './types';

export interface FileChanges {
  additions: { path: string; content: Buffer }[];
  deletions: { path: string }[];
}

/**
 * One commit on a branch: compare and swap on `head` (undefined: the branch does not exist yet).
 *
 * @throws StaleRefError when the branch has moved on
 */
export async function commitChanges(
  forge: Forge,
  repository: ForgeRepository,
  options: {
    branch: string;
    head: string | undefined;
    changes: FileChanges;
    message: string;
    author: Signature;
    committer: Signature;
    sender: string;
  },
): Promise<string> {
  const { gitDir } = repository;
  const changes: TreeChange[] = options.changes.deletions.map(({ path }) => ({
    path,
    mode: '100644',
    sha: null,
  }));
  for (const { path, content } of options.changes.additions) {
    const existing = options.head
      ? await findEntry(gitDir, options.head, path)
      : undefined;
    changes.push({
      path,
      // An executable file stays one.
      mode: existing?.mode === '100755' ? '100755' : '100644',
      sha: await writeBlob(gitDir, content),
    });
  }
  const commit = await writeCommit(gitDir, {
    tree: await writeTree(gitDir, options.head, changes),
    parents: options.head ? [options.head] : [],
    message: options.message,
    author: options.author,
    committer: options.committer,
  });
  await forge.pushes.move(
    repository,
    {
      ref: `refs/heads/${options.branch}`,
      before: options.head ?? ZERO_SHA,
      after: commit,
    },
    options.sender,
  );
  return commit;
}

// SPDX-License-Identifier: Apache-2.0
import { mkdir } from 'node:fs/promises';
import { git, gitText } from './git';
import { withTemporaryIndex } from './trees';

/**
 * The tree of a three-way merge, or undefined when it conflicts. `base` undefined means unrelated histories.
 * Works in a temporary index and work tree: `git merge-recursive` is in every git, `git merge-tree --write-tree` is
 * not.
 */
export async function mergeTrees(
  gitDir: string,
  base: string | undefined,
  ours: string,
  theirs: string,
): Promise<string | undefined> {
  return withTemporaryIndex(async (indexEnv, workTree) => {
    await mkdir(workTree);
    const env = {
      ...indexEnv,
      GIT_WORK_TREE: workTree,
      GIT_COMMITTER_NAME: 'forge',
      GIT_COMMITTER_EMAIL: 'forge@localhost',
    };
    await git(gitDir, ['read-tree', ours], { env });
    await git(
      gitDir,
      ['checkout-index', '--all', '--force', '--quiet', '--index'],
      {
        env,
      },
    );
    const { exitCode } = await git(
      gitDir,
      ['merge-recursive', ...(base ? [base] : []), '--', ours, theirs],
      { env, okCodes: [1] },
    );
    return exitCode === 0
      ? gitText(gitDir, ['write-tree'], { env })
      : undefined;
  });
}

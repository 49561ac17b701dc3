// SPDX-License-Identifier: Apache-2.0
import fs from 'node:fs';
import { Refusal } from './templateFiles.mjs';

/** `git merge-tree --write-tree` came with it. */
const MINIMUM_GIT = [2, 38];

/**
 * Refuses what could not be upgraded, or not be given back as it was.
 *
 * @param {import('./clone.mjs').Clone} clone
 * @returns {string} The branch that is checked out.
 */
export function requireReady(clone) {
  if (!fs.statSync(clone.directory, { throwIfNoEntry: false })?.isDirectory()) {
    throw new Refusal(`There is no folder ${clone.directory}.`);
  }
  const [major, minor] = (clone.git(['version']).match(/\d+/g) ?? []).map(
    Number,
  );
  if (
    major < MINIMUM_GIT[0] ||
    (major === MINIMUM_GIT[0] && minor < MINIMUM_GIT[1])
  ) {
    throw new Refusal(
      `An upgrade needs git ${MINIMUM_GIT.join('.')} or newer; this is ${major}.${minor}.`,
    );
  }
  const top = clone.ask(['rev-parse', '--show-toplevel'])?.toString().trim();
  if (!top || fs.realpathSync(clone.directory) !== fs.realpathSync(top)) {
    throw new Refusal(
      `${clone.directory} is not the root of a clone with git: give the folder that git clone made.`,
    );
  }
  if (!clone.ask(['rev-parse', '--verify', '--quiet', 'HEAD'])) {
    throw new Refusal(`${clone.directory} has no commit yet.`);
  }
  const branch = clone.ask(['symbolic-ref', '--quiet', '--short', 'HEAD']);
  if (!branch) {
    throw new Refusal(
      'No branch is checked out (a detached HEAD), so a merge would belong to none. Run: git switch main',
    );
  }
  if (clone.ask(['rev-parse', '--verify', '--quiet', 'MERGE_HEAD'])) {
    throw new Refusal(
      'A merge is under way here: commit it, or give it up by git merge --abort.',
    );
  }
  const changes = clone.git(['status', '--porcelain']).split('\n');
  if (changes[0]) {
    throw new Refusal(
      `There is work that is not committed: commit it, or put it aside by git stash --include-untracked.\n${changes
        .slice(0, 10)
        .join('\n')}`,
    );
  }
  if (clone.git(['rev-parse', '--is-shallow-repository']) === 'true') {
    throw new Refusal(
      'This clone has only a part of the history, perhaps without the commit that made the repository. Run: git fetch --unshallow',
    );
  }
  if (!clone.ask(['var', 'GIT_COMMITTER_IDENT'])) {
    throw new Refusal(
      'git does not know who commits: set user.name and user.email by git config.',
    );
  }
  return branch.toString().trim();
}

// SPDX-License-Identifier: Apache-2.0
import type { ForgeRepository } from '../forge/types';
import { git, gitText } from '../forge/git/git';

/** GitHub's limit of a workflow file is lower; this keeps a hostile one out of memory. */
const maxFileBytes = 1024 * 1024;

/** The workflow files of a commit. */
export async function listWorkflowFiles(
  repository: ForgeRepository,
  sha: string,
): Promise<string[]> {
  const output = await gitText(repository.gitDir, [
    'ls-tree',
    '-z',
    '--name-only',
    sha,
    '--',
    '.github/workflows/',
  ]);
  return output.split('\0').filter(file => /\.ya?ml$/.test(file));
}

/** A file's content at a commit. */
export async function readFileAt(
  repository: ForgeRepository,
  sha: string,
  file: string,
): Promise<string | undefined> {
  const { stdout, exitCode } = await git(
    repository.gitDir,
    ['cat-file', 'blob', `${sha}:${file}`],
    { okCodes: [128], maxBytes: maxFileBytes },
  );
  return exitCode === 0 ? stdout.toString('utf8') : undefined;
}

/** The paths that differ between two commits. */
export async function changedFiles(
  repository: ForgeRepository,
  before: string,
  after: string,
): Promise<string[]> {
  const output = await gitText(repository.gitDir, [
    'diff',
    '--name-only',
    '--no-renames',
    '-z',
    before,
    after,
    '--',
  ]);
  return output.split('\0').filter(Boolean);
}

/** The first common ancestor of two commits. */
export async function mergeBase(
  repository: ForgeRepository,
  one: string,
  other: string,
): Promise<string | undefined> {
  const { stdout, exitCode } = await git(
    repository.gitDir,
    ['merge-base', one, other],
    { okCodes: [1, 128] },
  );
  return exitCode === 0 ? stdout.toString('utf8').trim() : undefined;
}

/** The message of a commit. */
export async function commitMessage(
  repository: ForgeRepository,
  sha: string,
): Promise<string> {
  return gitText(repository.gitDir, ['log', '-1', '--format=%B', sha, '--']);
}

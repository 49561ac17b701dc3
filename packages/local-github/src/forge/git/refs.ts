// SPDX-License-Identifier: Apache-2.0
import { isRefName, isSha } from '../names';
import { git, GitError, gitText } from './git';

export const ZERO_SHA = '0'.repeat(40);

export interface Ref {
  /** Full name, `refs/heads/main`. */
  name: string;
  sha: string;
  /** `commit`, `tag` (annotated), `tree` or `blob`. */
  type: string;
}

/** The ref was not at the value that the writer had seen. */
export class StaleRefError extends Error {
  readonly ref: string;
  readonly expected: string;

  constructor(ref: string, expected: string) {
    super(`${ref} is no longer at ${expected}`);
    this.ref = ref;
    this.expected = expected;
    this.name = 'StaleRefError';
  }
}

/** All refs below a prefix such as `refs/heads/`, by name. */
export async function listRefs(gitDir: string, prefix: string): Promise<Ref[]> {
  const output = await gitText(gitDir, [
    'for-each-ref',
    '--format=%(refname)%00%(objectname)%00%(objecttype)',
    '--',
    prefix.replace(/\/$/, ''),
  ]);
  return output
    .split('\n')
    .filter(Boolean)
    .map(line => {
      const [name, sha, type] = line.split('\0');
      return { name, sha, type };
    });
}

/** The object id that a full ref name points to. */
export async function readRef(
  gitDir: string,
  ref: string,
): Promise<string | undefined> {
  if (!ref.startsWith('refs/') || !isRefName(ref)) {
    return undefined;
  }
  const { stdout, exitCode } = await git(
    gitDir,
    ['rev-parse', '--verify', '--quiet', '--end-of-options', ref],
    { okCodes: [1, 128] },
  );
  const sha = stdout.toString('utf8').trim().split('\n').pop() ?? '';
  return exitCode === 0 && isSha(sha) ? sha : undefined;
}

/**
 * Moves a ref by compare and swap: `before` is where it must be now (`ZERO_SHA`: must not exist), `after` where it
 * goes (`ZERO_SHA`: away).
 *
 * @throws StaleRefError when it was elsewhere, or another writer was faster
 */
export async function updateRef(
  gitDir: string,
  ref: string,
  after: string,
  before: string,
): Promise<void> {
  const input =
    after === ZERO_SHA
      ? `delete ${ref}\0${before}\0`
      : `update ${ref}\0${after}\0${before}\0`;
  try {
    await git(gitDir, ['update-ref', '--stdin', '-z'], { input });
  } catch (error) {
    if (
      error instanceof GitError &&
      /cannot lock ref|unable to resolve reference|reference already exists/.test(
        error.stderr,
      )
    ) {
      throw new StaleRefError(ref, before);
    }
    throw error;
  }
}

async function peelToCommit(
  gitDir: string,
  name: string,
): Promise<string | undefined> {
  const { stdout, exitCode } = await git(
    gitDir,
    [
      'rev-parse',
      '--verify',
      '--quiet',
      '--end-of-options',
      `${name}^{commit}`,
    ],
    { okCodes: [1, 128] },
  );
  const sha = stdout.toString('utf8').trim().split('\n').pop() ?? '';
  return exitCode === 0 && isSha(sha) ? sha : undefined;
}

/**
 * The commit that a name means to GitHub: a branch, a tag, a full ref, `HEAD`, an object id or its first 7 or more
 * digits; undefined if there is none.
 */
export async function resolveCommit(
  gitDir: string,
  name: string,
): Promise<string | undefined> {
  if (!isRefName(name)) {
    return undefined;
  }
  const candidates = [
    ...(isSha(name) ? [name] : []),
    ...(name.startsWith('refs/') ? [name] : []),
    ...(/^(heads|tags|pull)\//.test(name) ? [`refs/${name}`] : []),
    `refs/heads/${name}`,
    `refs/tags/${name}`,
    ...(name === 'HEAD' ? ['HEAD'] : []),
    ...(/^[0-9a-f]{7,39}$/.test(name) ? [name] : []),
  ];
  for (const candidate of candidates) {
    const sha = await peelToCommit(gitDir, candidate);
    if (sha) {
      return sha;
    }
  }
  return undefined;
}

/** Points the repository's HEAD to a branch, which need not exist yet. */
export async function setDefaultBranch(
  gitDir: string,
  branch: string,
): Promise<void> {
  await git(gitDir, ['symbolic-ref', 'HEAD', `refs/heads/${branch}`]);
}

export async function isEmptyRepository(gitDir: string): Promise<boolean> {
  const output = await gitText(gitDir, [
    'for-each-ref',
    '--count=1',
    '--format=%(refname)',
    'refs/heads',
    'refs/tags',
  ]);
  return output === '';
}

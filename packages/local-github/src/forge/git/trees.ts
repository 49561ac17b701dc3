// SPDX-License-Identifier: Apache-2.0
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { git, GitError, gitText } from './git';

export const EMPTY_TREE = '4b825dc642cb6eb9a060e54bf8d69288fbee4904';

export interface TreeEntry {
  mode: string;
  type: 'blob' | 'tree' | 'commit';
  sha: string;
  /** Undefined for trees and submodules. */
  size?: number;
  path: string;
}

function entryType(value: string): TreeEntry['type'] {
  return value === 'tree' || value === 'commit' ? value : 'blob';
}

function parseTree(output: string): TreeEntry[] {
  return output
    .split('\0')
    .filter(Boolean)
    .map(line => {
      const tab = line.indexOf('\t');
      const [mode, type, sha, size] = line.slice(0, tab).split(/ +/);
      return {
        mode,
        type: entryType(type),
        sha,
        size: size === '-' ? undefined : Number(size),
        path: line.slice(tab + 1),
      };
    });
}

/** The entries of a tree or of a commit's tree, by full object id. */
export async function listTree(
  gitDir: string,
  treeish: string,
  options: { recursive?: boolean } = {},
): Promise<TreeEntry[]> {
  const { stdout } = await git(gitDir, [
    'ls-tree',
    '-z',
    '-l',
    '--full-tree',
    ...(options.recursive ? ['-r', '-t'] : []),
    treeish,
  ]);
  return parseTree(stdout.toString('utf8'));
}

/** The entry at a path, the root included (''); undefined if there is none. */
export async function findEntry(
  gitDir: string,
  commit: string,
  filePath: string,
): Promise<TreeEntry | undefined> {
  const cleaned = filePath.replace(/^\/+|(?<!\/)\/+$/g, '');
  if (cleaned === '') {
    const sha = await gitText(gitDir, ['rev-parse', `${commit}^{tree}`]);
    return { mode: '040000', type: 'tree', sha, path: '' };
  }
  if (cleaned.includes('\0')) {
    return undefined;
  }
  try {
    const { stdout } = await git(gitDir, [
      '--literal-pathspecs',
      'ls-tree',
      '-z',
      '-l',
      '--full-tree',
      commit,
      '--',
      cleaned,
    ]);
    return parseTree(stdout.toString('utf8')).find(
      entry => entry.path === cleaned,
    );
  } catch (error) {
    // `..` segments and the like: outside of the repository, so not there.
    if (error instanceof GitError) {
      return undefined;
    }
    throw error;
  }
}

/** A blob's bytes, by full object id. */
export async function readBlob(gitDir: string, sha: string): Promise<Buffer> {
  const { stdout } = await git(gitDir, ['cat-file', 'blob', sha]);
  return stdout;
}

/** Type and size of an object, or undefined. */
export async function statObject(
  gitDir: string,
  sha: string,
): Promise<{ type: string; size: number } | undefined> {
  const output = await gitText(gitDir, ['cat-file', '--batch-check'], {
    input: `${sha}\n`,
  });
  const [, type, size] = output.split(' ');
  return type === 'missing' || size === undefined
    ? undefined
    : { type, size: Number(size) };
}

export async function writeBlob(
  gitDir: string,
  content: Buffer,
): Promise<string> {
  return gitText(gitDir, ['hash-object', '-w', '--stdin'], { input: content });
}

/** A change to a tree; `sha: null` removes the path. */
export interface TreeChange {
  path: string;
  mode: string;
  sha: string | null;
}

/** A temporary index (and work tree, for merges) that is gone afterwards. */
export async function withTemporaryIndex<T>(
  action: (env: Record<string, string>, workTree: string) => Promise<T>,
): Promise<T> {
  const directory = await mkdtemp(path.join(os.tmpdir(), 'forge-index-'));
  try {
    return await action(
      { GIT_INDEX_FILE: path.join(directory, 'index') },
      path.join(directory, 'tree'),
    );
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** Applies changes to a tree (undefined: to the empty one) and answers the new tree's id. */
export async function writeTree(
  gitDir: string,
  base: string | undefined,
  changes: TreeChange[],
): Promise<string> {
  return withTemporaryIndex(async env => {
    await git(gitDir, base ? ['read-tree', base] : ['read-tree', '--empty'], {
      env,
    });
    const removals = changes.filter(change => change.sha === null);
    const additions = changes.filter(change => change.sha !== null);
    for (const change of additions.filter(({ mode }) => mode === '040000')) {
      await removeBelow(gitDir, env, change.path);
      await git(
        gitDir,
        ['read-tree', `--prefix=${change.path}/`, String(change.sha)],
        { env },
      );
    }
    const lines = [
      ...removals.map(({ path: file }) => `0 ${'0'.repeat(40)}\t${file}\0`),
      ...additions
        .filter(({ mode }) => mode !== '040000')
        .map(({ mode, sha, path: file }) => `${mode} ${sha}\t${file}\0`),
    ];
    await git(
      gitDir,
      ['update-index', '-z', '--add', '--replace', '--index-info'],
      { env, input: lines.join('') },
    );
    return gitText(gitDir, ['write-tree'], { env });
  });
}

async function removeBelow(
  gitDir: string,
  env: Record<string, string>,
  directory: string,
): Promise<void> {
  const { stdout } = await git(
    gitDir,
    ['--literal-pathspecs', 'ls-files', '-z', '--', directory],
    { env },
  );
  const files = stdout.toString('utf8').split('\0').filter(Boolean);
  await git(gitDir, ['update-index', '-z', '--index-info'], {
    env,
    input: files.map(file => `0 ${'0'.repeat(40)}\t${file}\0`).join(''),
  });
}

// SPDX-License-Identifier: Apache-2.0
import { git } from './git';

export interface FileDiff {
  path: string;
  previousPath?: string;
  status: 'added' | 'removed' | 'modified' | 'renamed' | 'copied' | 'changed';
  /** Object id of the new content; of the old one when removed. */
  sha: string;
  additions: number;
  deletions: number;
  binary: boolean;
  /** Hunks only, without git's header; undefined for binary or very large changes. */
  patch?: string;
}

// GitHub leaves the patch of a file this large out too.
const MAX_PATCH = 512 * 1024;

const STATUS: Record<string, FileDiff['status']> = {
  A: 'added',
  D: 'removed',
  M: 'modified',
  R: 'renamed',
  C: 'copied',
  T: 'changed',
};

function parseRaw(tokens: string[]): { files: FileDiff[]; rest: string[] } {
  const files: FileDiff[] = [];
  let i = 0;
  while (i < tokens.length && tokens[i].startsWith(':')) {
    const [, , oldSha, newSha, status] = tokens[i].slice(1).split(' ');
    const letter = status[0];
    const isMove = letter === 'R' || letter === 'C';
    files.push({
      path: tokens[i + (isMove ? 2 : 1)],
      previousPath: isMove ? tokens[i + 1] : undefined,
      status: STATUS[letter] ?? 'modified',
      sha: letter === 'D' ? oldSha : newSha,
      additions: 0,
      deletions: 0,
      binary: false,
    });
    i += isMove ? 3 : 2;
  }
  return { files, rest: tokens.slice(i) };
}

function addNumbers(files: FileDiff[], tokens: string[]): void {
  let i = 0;
  for (const file of files) {
    const [additions, deletions] = tokens[i].split('\t');
    file.binary = additions === '-';
    file.additions = Number(additions) || 0;
    file.deletions = Number(deletions) || 0;
    i += file.previousPath === undefined ? 1 : 3;
  }
}

/** What changed from one tree-ish to another (full object ids), with renames found. */
export async function diffFiles(
  gitDir: string,
  from: string,
  to: string,
  options: { patches?: boolean } = {},
): Promise<FileDiff[]> {
  const range = ['diff-tree', '-r', '-M', '--no-color', '--full-index'];
  const { stdout } = await git(gitDir, [
    ...range,
    '-z',
    '--raw',
    '--numstat',
    '--no-abbrev',
    from,
    to,
  ]);
  const tokens = stdout.toString('utf8').split('\0').slice(0, -1);
  const { files, rest } = parseRaw(tokens);
  addNumbers(files, rest);
  if (options.patches !== false && files.length > 0) {
    const output = await git(gitDir, [...range, '-p', from, to]);
    // Lines of content start with ' ', '+', '-' or '\', so this marks files only.
    const parts = output.stdout
      .toString('utf8')
      .split(/^diff --git /m)
      .slice(1);
    files.forEach((file, index) => {
      const part = parts[index] ?? '';
      const start = part.search(/^@@ /m);
      if (start >= 0 && part.length - start <= MAX_PATCH) {
        file.patch = part.slice(start).replace(/\n$/, '');
      }
    });
  }
  return files;
}

/** The unified diff (`format: diff`) or the mail-formatted patches (`format: patch`) of a range. */
export async function diffText(
  gitDir: string,
  from: string,
  to: string,
  format: 'diff' | 'patch',
): Promise<Buffer> {
  const { stdout } = await git(
    gitDir,
    format === 'diff'
      ? ['diff-tree', '-r', '-M', '-p', '--no-color', '--full-index', from, to]
      : ['format-patch', '--stdout', '--no-color', `${from}..${to}`],
  );
  return stdout;
}

// SPDX-License-Identifier: Apache-2.0
import { existsSync, fstatSync } from 'node:fs';
import { lstat, readdir, readlink } from 'node:fs/promises';
import path from 'node:path';
import ignore from '@balena/dockerignore';
import type { JobFiles } from '../execution/isolation/JobFiles';

/** Something of a build context or of a stage. */
export type SourceEntry =
  | { kind: 'directory' }
  | { kind: 'file'; executable: boolean; open: () => OpenFile }
  | { kind: 'link'; target: string };

/** A file that is open, with the size that it had then. */
export interface OpenFile {
  handle: number;
  size: number;
}

/** More than this in a context is a mistake, most likely a missing .dockerignore. */
const MAX_ENTRIES = 100_000;

/** Lists what a build may copy: the folder without what its .dockerignore names, by path without a slash in front. */
export async function readBuildContext(
  files: JobFiles,
  root: string,
  dockerfile: string,
): Promise<Map<string, SourceEntry>> {
  const entries = new Map<string, SourceEntry>();
  const patterns = readIgnoreFile(files, root, dockerfile);
  const ignored = ignore({ ignorecase: false }).add(patterns);
  const hasExceptions = patterns.includes('!');
  await walk('');
  return entries;

  async function walk(folder: string): Promise<void> {
    const names = await readdir(path.join(root, folder));
    for (const name of names.sort()) {
      const relative = folder ? `${folder}/${name}` : name;
      const isIgnored = ignored.ignores(relative);
      if (isIgnored && !hasExceptions) {
        continue;
      }
      const file = path.join(root, relative);
      const found = await lstat(file);
      if (!isIgnored && entries.size >= MAX_ENTRIES) {
        throw new Error(`the build context has more than ${MAX_ENTRIES} files`);
      }
      if (found.isDirectory()) {
        if (!isIgnored) {
          entries.set(relative, { kind: 'directory' });
        }
        await walk(relative);
      } else if (isIgnored) {
        continue;
      } else if (found.isSymbolicLink()) {
        entries.set(relative, { kind: 'link', target: await readlink(file) });
      } else if (found.isFile()) {
        entries.set(relative, {
          kind: 'file',
          // eslint-disable-next-line no-bitwise
          executable: (found.mode & 0o100) !== 0,
          open: () => {
            const handle = files.open(file);
            return { handle, size: fstatSync(handle).size };
          },
        });
      }
    }
  }
}

/** `<Dockerfile>.dockerignore` comes before `.dockerignore`. */
function readIgnoreFile(
  files: JobFiles,
  root: string,
  dockerfile: string,
): string {
  const file = [`${dockerfile}.dockerignore`, path.join(root, '.dockerignore')]
    .filter(candidate => existsSync(candidate))
    .at(0);
  return file ? files.read(file).toString('utf8') : '';
}

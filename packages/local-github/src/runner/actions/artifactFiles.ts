// SPDX-License-Identifier: Apache-2.0
import { lstat, stat } from 'node:fs/promises';
import path from 'node:path';
import { glob } from 'tinyglobby';
import type { JobState } from '../execution/JobState';

/** Files for an artifact: where they are, and their names inside it. */
export interface FoundFiles {
  root: string;
  files: { file: string; name: string }[];
}

const WILDCARD = /[*?[\]{}!()]/;

/**
 * Finds what `path:` of upload-artifact names, and cuts names at the least common folder of the search paths, as
 * @actions/artifact does.
 */
export async function findArtifactFiles(
  { directories: { workspace, home }, files: jobFiles }: JobState,
  named: string[],
  options: { includeHidden: boolean },
): Promise<FoundFiles> {
  const patterns = named.flatMap(pattern => {
    const bare = pattern.replace(/^!/, '').replace(/^~(?=\/|$)/, home);
    const located = path.isAbsolute(bare) ? jobFiles.locate(bare) : bare;
    return located ? [(pattern.startsWith('!') ? '!' : '') + located] : [];
  });
  const wanted = patterns.filter(pattern => !pattern.startsWith('!'));
  const unwanted = patterns
    .filter(pattern => pattern.startsWith('!'))
    .map(pattern => pattern.slice(1));
  const files = (
    await glob({
      patterns: wanted,
      ignore: unwanted,
      cwd: workspace,
      dot: true,
      absolute: true,
      expandDirectories: true,
      followSymbolicLinks: false,
    })
  )
    .map(file => path.normalize(file))
    .filter(file => options.includeHidden || !isHidden(workspace, file))
    .sort();

  const roots = await Promise.all(
    wanted.map(async pattern => {
      const fixed = fixedPart(pattern);
      const resolved = path.resolve(workspace, fixed);
      const isFile =
        fixed === pattern &&
        (await stat(resolved).then(
          found => found.isFile(),
          () => false,
        ));
      return isFile ? path.dirname(resolved) : resolved;
    }),
  );
  const root = commonDirectory(roots) ?? workspace;
  const regular: FoundFiles['files'] = [];
  for (const file of files) {
    if ((await lstat(file)).isFile()) {
      regular.push({
        file,
        name: path.relative(root, file).split(path.sep).join('/'),
      });
    }
  }
  return { root, files: regular.filter(({ name }) => !name.startsWith('../')) };
}

/** What comes before the first wildcard. */
function fixedPart(pattern: string): string {
  const parts = pattern.split('/');
  const index = parts.findIndex(part => WILDCARD.test(part));
  return index < 0 ? parts.join('/') : parts.slice(0, index).join('/') || '.';
}

function commonDirectory(directories: string[]): string | undefined {
  return directories.reduce<string | undefined>((common, directory) => {
    if (common === undefined) {
      return directory;
    }
    const other = directory.split(path.sep);
    const shared: string[] = [];
    for (const [index, part] of common.split(path.sep).entries()) {
      if (other[index] !== part) {
        break;
      }
      shared.push(part);
    }
    return shared.join(path.sep) || path.sep;
  }, undefined);
}

function isHidden(workspace: string, file: string): boolean {
  return path
    .relative(workspace, file)
    .split(path.sep)
    .some(part => part.startsWith('.') && part !== '..' && part !== '.');
}

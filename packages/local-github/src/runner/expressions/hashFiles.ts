// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import path from 'node:path';
import { globSync } from 'tinyglobby';
import type { JobFiles } from '../execution/isolation/JobFiles';

/**
 * GitHub's `hashFiles()`: SHA-256 over the SHA-256 of each file, or empty if no file matches. Only files inside the
 * workspace count.
 */
export function hashFiles(
  workspace: string,
  patterns: string[],
  jobFiles: JobFiles,
): string {
  if (patterns.length === 0) {
    return '';
  }
  const files = globSync({
    patterns: patterns.flatMap(pattern => pattern.split('\n')).filter(Boolean),
    cwd: workspace,
    dot: true,
    followSymbolicLinks: false,
    expandDirectories: true,
  })
    .map(file => path.resolve(workspace, file))
    .filter(file => file.startsWith(`${workspace}${path.sep}`))
    .sort();
  if (files.length === 0) {
    return '';
  }
  const result = createHash('sha256');
  for (const file of files) {
    result.update(createHash('sha256').update(jobFiles.read(file)).digest());
  }
  return result.digest('hex');
}

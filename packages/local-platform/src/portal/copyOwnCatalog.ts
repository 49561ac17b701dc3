// SPDX-License-Identifier: Apache-2.0
import fs from 'node:fs';
import path from 'node:path';
import { secureStateFolder } from '../../bootstrap/stateModes.mjs';

/**
 * Copies what describes this repository to the catalog, and its documentation, out of it: TechDocs rewrites `mkdocs.yml` where it
 * builds, and looks through the whole folder that it is told of.
 *
 * @param root - The repository.
 * @param target - A folder of ours; what it held is removed.
 * @returns the copy of catalog-info.yaml, which lists the others
 */
export function copyOwnCatalog(root: string, target: string): string {
  const packages = ['packages', 'plugins'].flatMap(group =>
    fs
      .readdirSync(path.join(root, group))
      .map(name => path.join(group, name, 'catalog-info.yaml'))
      .filter(file => fs.existsSync(path.join(root, file))),
  );
  fs.rmSync(target, { recursive: true, force: true });
  for (const name of ['catalog-info.yaml', 'mkdocs.yml', 'docs', ...packages]) {
    fs.cpSync(path.join(root, name), path.join(target, name), {
      recursive: true,
    });
  }
  // Copies have the rights of what was copied.
  secureStateFolder(target);
  return path.join(target, 'catalog-info.yaml');
}

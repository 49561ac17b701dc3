// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { PACKAGE_DIR } from '../../paths';

/** The Go module of all servers of the local cluster. */
export const MODULE_DIR = path.join(PACKAGE_DIR, 'go');

/** Go 1.25 or newer, as `go.mod` says: [1, 25, 8]. */
export function requiredGoVersion(moduleDir: string): number[] {
  const text = fs.readFileSync(path.join(moduleDir, 'go.mod'), 'utf8');
  const version = /^go (\d+(?:\.\d+)*)$/m.exec(text)?.[1];
  if (!version) {
    throw new Error(`${moduleDir}/go.mod names no version of Go`);
  }
  return version.split('.').map(Number);
}

/**
 * Names what is built from a module folder on this kind of machine. Go's own version is left out: an update of the
 * machine's Go must not cost ten minutes, and what an older one built works on.
 */
export function hashModule(moduleDir: string): string {
  const hash = createHash('sha256').update(
    `${process.platform} ${process.arch}\0`,
  );
  const files = fs
    .readdirSync(moduleDir, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile() && /\.(go|mod|sum|json)$/.test(entry.name))
    .map(entry =>
      path.relative(moduleDir, path.join(entry.parentPath, entry.name)),
    )
    .filter(name => !name.endsWith('_test.go'))
    .sort();
  for (const name of files) {
    const content = fs.readFileSync(path.join(moduleDir, name));
    hash.update(`${name}\0${content.length}\0`).update(content);
  }
  return hash.digest('hex').slice(0, 16);
}

// SPDX-License-Identifier: Apache-2.0
import path from 'node:path';

/**
 * A path below a folder.
 * @throws if it leads out of it.
 */
export function resolveInside(root: string, relative: string): string {
  const resolved = path.resolve(root, relative);
  if (resolved !== root && !resolved.startsWith(`${root}${path.sep}`)) {
    throw new Error(`'${relative}' is not under '${root}'`);
  }
  return resolved;
}

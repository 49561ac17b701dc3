// SPDX-License-Identifier: Apache-2.0
import { accessSync, constants, statSync } from 'node:fs';
import path from 'node:path';

/** The full path of a command on a PATH; a name with a slash is taken as it is. */
export function findExecutable(
  command: string,
  searchPath: string,
): string | undefined {
  const candidates = command.includes('/')
    ? [command]
    : searchPath
        .split(path.delimiter)
        .filter(Boolean)
        .map(directory => path.join(directory, command));
  return candidates.find(candidate => {
    try {
      accessSync(candidate, constants.X_OK);
      return statSync(candidate).isFile();
    } catch {
      return false;
    }
  });
}

// SPDX-License-Identifier: Apache-2.0
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';

/** Where a program of this name is on PATH, if it is as new as is asked: [0, 27] for 0.27. */
export function findProgram(
  name: string,
  required: [number, number],
): string | undefined {
  const file = (process.env.PATH ?? '')
    .split(path.delimiter)
    .filter(Boolean)
    .map(folder => path.join(folder, name))
    .find(isProgram);
  if (!file) {
    return undefined;
  }
  const { stdout } = spawnSync(file, ['--version'], {
    encoding: 'utf8',
    timeout: 15_000,
  });
  const [, major, minor] = /, version (\d+)\.(\d+)\./.exec(stdout ?? '') ?? [];
  const isNewEnough =
    Number(major) > required[0] ||
    (Number(major) === required[0] && Number(minor) >= required[1]);
  return isNewEnough ? file : undefined;
}

function isProgram(file: string): boolean {
  try {
    fs.accessSync(file, fs.constants.X_OK);
    return fs.statSync(file).isFile();
  } catch {
    return false;
  }
}

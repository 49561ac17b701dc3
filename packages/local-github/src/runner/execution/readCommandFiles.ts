// SPDX-License-Identifier: Apache-2.0
import { existsSync } from 'node:fs';
import type { JobFiles } from './isolation/JobFiles';

/** Bytes that a file command may have. */
const maxBytes = 1024 * 1024;

/**
 * Reads a file of `NAME=value` and `NAME<<DELIMITER` blocks, the format of `GITHUB_ENV`, `GITHUB_OUTPUT` and
 * `GITHUB_STATE`.
 * @throws with the line that does not fit, in the words of GitHub's runner.
 */
export function readKeyValueFile(
  files: JobFiles,
  file: string,
): [name: string, value: string][] {
  const lines = readLimited(files, file).split(/\r?\n/);
  const pairs: [string, string][] = [];
  for (let index = 0; index < lines.length; index += 1) {
    const line = lines[index];
    if (line === '') {
      continue;
    }
    const equals = line.indexOf('=');
    const heredoc = line.indexOf('<<');
    if (heredoc >= 0 && (equals < 0 || heredoc < equals)) {
      const name = line.slice(0, heredoc);
      const delimiter = line.slice(heredoc + 2);
      const end = lines.indexOf(delimiter, index + 1);
      if (name === '' || delimiter === '') {
        throw new Error(`Invalid format '${line}'`);
      }
      if (end < 0) {
        throw new Error(
          `Invalid value. Matching delimiter not found '${delimiter}'`,
        );
      }
      pairs.push([name, lines.slice(index + 1, end).join('\n')]);
      index = end;
    } else if (equals > 0) {
      pairs.push([line.slice(0, equals), line.slice(equals + 1)]);
    } else {
      throw new Error(`Invalid format '${line}'`);
    }
  }
  return pairs;
}

/** Reads a file of one entry a line, the format of `GITHUB_PATH`. */
export function readLinesFile(files: JobFiles, file: string): string[] {
  return readLimited(files, file)
    .split(/\r?\n/)
    .filter(line => line !== '');
}

/** The content of a file command; a file that a step removed is empty. */
export function readLimited(files: JobFiles, file: string): string {
  const content = existsSync(file) ? files.read(file) : Buffer.alloc(0);
  if (content.length > maxBytes) {
    throw new Error(
      `${content.length} bytes were written where at most ${maxBytes} are allowed`,
    );
  }
  return content.toString('utf8');
}

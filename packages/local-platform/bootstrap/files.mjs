// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';

/** @param {string} file @returns {string | undefined} */
function readIfExists(file) {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(/** @type {any} */ (error).code)) {
      return undefined;
    }
    throw error;
  }
}

/**
 * Reads JSON that we wrote; a file that a crash cut short counts as absent.
 *
 * @param {string} file
 * @returns {any}
 */
export function readJsonIfValid(file) {
  const text = readIfExists(file);
  if (text === undefined) {
    return undefined;
  }
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * Writes a file as a whole or not at all.
 *
 * @param {string} file
 * @param {string | Uint8Array} text
 * @param {number} [mode]
 */
export function writeAtomically(file, text, mode = 0o644) {
  fs.mkdirSync(path.dirname(file), { recursive: true });
  const temporary = `${file}.${process.pid}.tmp`;
  fs.writeFileSync(temporary, text, { mode });
  fs.renameSync(temporary, file);
}

/**
 * One hash over the contents of files and folders, so that "nothing changed" can be told.
 *
 * @param {string[]} paths Files and folders; what does not exist counts as such.
 * @param {(name: string) => boolean} [skip] Names of folders and files to leave out.
 * @returns {string}
 */
export function hashPaths(paths, skip = () => false) {
  const hash = createHash('sha256');
  /** @param {string} current */
  const visit = current => {
    const stat = fs.statSync(current, { throwIfNoEntry: false });
    if (!stat) {
      hash.update(`missing ${current}\0`);
    } else if (stat.isDirectory()) {
      for (const name of fs.readdirSync(current).sort()) {
        if (!skip(name)) {
          visit(path.join(current, name));
        }
      }
    } else {
      hash
        .update(`${current}\0${stat.size}\0`)
        .update(fs.readFileSync(current));
    }
  };
  paths.forEach(visit);
  return hash.digest('hex');
}

/** @param {string[]} parts @returns {string} */
export function hashText(...parts) {
  return createHash('sha256').update(parts.join('\0')).digest('hex');
}

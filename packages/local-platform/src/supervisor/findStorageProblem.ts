// SPDX-License-Identifier: Apache-2.0
import fs from 'node:fs';
import path from 'node:path';
import Sqlite from 'better-sqlite3';
import { Problem } from '../../bootstrap/Problem.mjs';

/** In bytes: with less, the databases cannot work for long. */
const MIN_FREE_SPACE = 50 * 1024 ** 2;

/** In bytes. A larger database is opened, and not read through. */
const MAX_CHECKED_SIZE = 64 * 1024 ** 2;

/** Where the parts keep their databases, by the part's id. */
const FOLDERS: Record<string, string> = {
  mlflow: 'mlflow',
  forge: 'forge',
  backend: 'backstage',
};

const FULL =
  /SQLITE_FULL|disk is full|ENOSPC|EDQUOT|No space left|Disk quota exceeded/i;

const NEWER = [
  // Alembic, knex, forge.
  /Can't locate revision/,
  /database schema \(found version/,
  /migration directory is corrupt/,
  /newer version of Greenroom/,
];

const UNWRITABLE =
  /SQLITE_(READONLY|CANTOPEN|PERM|IOERR)|readonly database|read-only (database|file system)|unable to open database file|disk I\/O error|EROFS/i;

function listDatabases(folder: string): string[] {
  const names = fs.existsSync(folder) ? fs.readdirSync(folder) : [];
  return names
    .filter(name => /\.(db|sqlite)$/.test(name))
    .map(name => path.join(folder, name));
}

/** What SQLite says is wrong with a file; undefined when nothing is. */
function findDamage(file: string): string | undefined {
  try {
    fs.accessSync(file, fs.constants.R_OK | fs.constants.W_OK);
    const database = new Sqlite(file, { fileMustExist: true, timeout: 1000 });
    try {
      database.pragma('schema_version');
      if (fs.statSync(file).size <= MAX_CHECKED_SIZE) {
        const found = database.pragma('quick_check(1)', { simple: true });
        return found === 'ok' ? undefined : String(found).split('\n')[0];
      }
      return undefined;
    } finally {
      database.close();
    }
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException;
    // Somebody else is at work on it: then it is no ruin.
    return code.startsWith('SQLITE_BUSY') ? undefined : message;
  }
}

const megabytes = (bytes: number) => `${Math.floor(bytes / 1024 ** 2)} MB`;

function describeSpace(stateDir: string): { free: number; words: string } {
  const { bavail, bsize } = fs.statfsSync(stateDir);
  const free = bavail * bsize;
  return { free, words: `${megabytes(free)} are free where ${stateDir} is` };
}

function fullDisk(words: string): Problem {
  return new Problem(`The disk is full: ${words}.`, [
    'Make room there, then run `npm start` again: what is stored is kept.',
    'Or name a folder on another disk: npm start -- --state DIR',
  ]);
}

function startAnew(stateDir: string): string[] {
  return [
    `To keep what can be kept, copy ${stateDir} away; forge's repositories are plain git in forge/repositories.`,
    'If you have a copy of the file from before, put it back. Else begin anew, with all data removed:',
    `npm run reset -- --state ${stateDir}`,
  ];
}

/**
 * Looks whether the databases of a state folder can be used, and the disk has
 * room for them.
 *
 * @param part - only this part's, by its id
 * @returns a problem that names the file and the remedy
 */
export function findStorageProblem(
  stateDir: string,
  part?: string,
): Problem | undefined {
  const { free, words } = describeSpace(stateDir);
  if (free < MIN_FREE_SPACE) {
    return fullDisk(`${words}, and ${megabytes(MIN_FREE_SPACE)} are needed`);
  }
  const folders = part ? [FOLDERS[part]] : Object.values(FOLDERS);
  for (const folder of folders.filter(Boolean)) {
    for (const file of listDatabases(path.join(stateDir, folder))) {
      const damage = findDamage(file);
      if (damage && /EACCES|EROFS|EPERM/.test(damage)) {
        return new Problem(`${file} cannot be written: ${damage}`, [
          `Make it writable for you (chmod u+rw), with its folder, or name another folder with --state.`,
        ]);
      }
      if (damage) {
        return new Problem(
          `The database ${file} is damaged: ${damage}.`,
          startAnew(stateDir),
        );
      }
    }
  }
  return undefined;
}

/** The database that a part speaks of: its only one, or that of the plugin that failed. */
function findFile(folder: string, lines: string[]): string {
  const files = listDatabases(folder);
  const plugin = lines
    .map(line => /[Pp]lugin '([\w-]+)'.{0,40}failed/.exec(line)?.[1])
    .findLast(Boolean);
  const file = plugin && path.join(folder, `${plugin}.sqlite`);
  return files.length === 1 ? files[0] : file || folder;
}

/**
 * Why a part has ended, if it is for its storage: by its databases, and by the
 * last lines of its log.
 */
export function explainStorage(options: {
  stateDir: string;
  part: string;
  lines: string[];
  log: string;
}): Problem | undefined {
  const { stateDir, part, lines, log } = options;
  const folder = FOLDERS[part];
  if (!folder) {
    return undefined;
  }
  const quote = (pattern: RegExp) => {
    const line = lines.findLast(each => pattern.test(each));
    return line === undefined ? undefined : [line.trim().slice(0, 300)];
  };
  const more = (problem: Problem, detail: string[] | undefined) =>
    new Problem(problem.message, problem.remedy, { detail, log });

  const full = quote(FULL);
  if (full) {
    const { words } = describeSpace(stateDir);
    return more(fullDisk(words), full);
  }
  const found = findStorageProblem(stateDir, part);
  if (found) {
    return more(found, undefined);
  }
  const where = findFile(path.join(stateDir, folder), lines);
  const newer = NEWER.map(quote).find(Boolean);
  if (newer) {
    return more(
      new Problem(
        `The database ${where} was written by a newer version of Greenroom or of what it runs.`,
        [
          'Check out that version again (git pull), or name another folder with --state.',
          ...startAnew(stateDir),
        ],
      ),
      newer,
    );
  }
  const unwritable = quote(UNWRITABLE);
  return (
    unwritable &&
    more(
      new Problem(`The database ${where} cannot be written.`, [
        'Make the file and its folder writable for you, look at the health of the disk, or name another folder with --state.',
      ]),
      unwritable,
    )
  );
}

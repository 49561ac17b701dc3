// SPDX-License-Identifier: Apache-2.0
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { writeFiles } from './render.mjs';
import { Refusal } from './templateFiles.mjs';

/** Where a generated repository says what it was made from. */
export const RECORD_PATH = '.greenroom/template.json';

/** Ours, without what a hook of git that runs this would point elsewhere. */
const ENVIRONMENT = {
  ...process.env,
  LC_ALL: 'C',
  GIT_DIR: undefined,
  GIT_INDEX_FILE: undefined,
  GIT_WORK_TREE: undefined,
};

/**
 * @typedef {object} TemplateRecord
 * @property {string} template
 * @property {string} version
 * @property {string} [mark]
 * @property {string} [base]
 * @property {Record<string, string | number | boolean>} values
 */

/**
 * @typedef {object} GitOptions
 * @property {string} [input]
 * @property {NodeJS.ProcessEnv} [env]
 * @property {number[]} [allow] Exit codes beside 0 that are no failure.
 */

/** @typedef {{ kind: string, file: string }} Conflict The kind as git names it, for example `modify/delete`. */

/** A person's clone of a model repository, asked through git. */
export class Clone {
  /** @param {string} directory Its root. */
  constructor(directory) {
    this.directory = directory;
  }

  /** @param {string[]} args @param {GitOptions} [options] */
  #run(args, { input = '', env = {}, allow = [] } = {}) {
    const { status, stdout, stderr, error } = spawnSync(
      'git',
      ['-C', this.directory, ...args],
      {
        input,
        env: { ...ENVIRONMENT, ...env },
        maxBuffer: 1024 ** 3,
      },
    );
    if (error) {
      throw new Refusal(`git does not start (${error.message}).`);
    }
    if (status !== 0 && !allow.includes(status ?? -1)) {
      throw new Error(`git ${args[0]}: ${stderr.toString().trim()}`);
    }
    return { status, stdout, stderr };
  }

  /** @param {string[]} args @param {GitOptions} [options] */
  git(args, options) {
    return this.#run(args, options).stdout.toString().trimEnd();
  }

  /** What git answers, or undefined where it knows no such thing. @param {string[]} args */
  ask(args) {
    const { status, stdout } = this.#run(args, { allow: [1, 128] });
    return status === 0 ? stdout : undefined;
  }

  /** @param {string} commit @param {string} file @returns {Buffer | undefined} */
  readFile(commit, file) {
    return this.ask(['cat-file', 'blob', `${commit}:${file}`]);
  }

  /** @param {string} commit @returns {TemplateRecord | undefined} */
  readRecord(commit) {
    const text = this.readFile(commit, RECORD_PATH)?.toString();
    if (text === undefined) {
      return undefined;
    }
    try {
      const record = JSON.parse(text);
      return typeof record?.template === 'string' &&
        typeof record.values === 'object'
        ? record
        : undefined;
    } catch {
      return undefined;
    }
  }

  /**
   * The newest commit that holds nothing but a rendering: that of the last upgrade, whose record names its parent,
   * or the one that brought the record in. What a person has merged by squashing holds the owner's edits too, and is
   * passed over.
   *
   * @returns {{ commit: string, isFirst: boolean, passedOver: number } | undefined}
   */
  findBase() {
    const log = this.git([
      'log',
      '--full-history',
      '--format=%H %P',
      'HEAD',
      '--',
      RECORD_PATH,
    ]);
    let passedOver = 0;
    for (const line of log.split('\n').filter(Boolean)) {
      const [commit, ...parents] = line.split(' ');
      const record = this.readRecord(commit);
      const isFirst =
        record !== undefined &&
        record.base === undefined &&
        !parents.some(parent => this.readFile(parent, RECORD_PATH));
      if (
        isFirst ||
        (record?.base && parents.length === 1 && parents[0] === record.base)
      ) {
        return { commit, isFirst, passedOver };
      }
      passedOver += record?.base && parents.length === 1 ? 1 : 0;
    }
    return undefined;
  }

  /**
   * Writes files as a tree into git's store. Neither the person's index nor the working tree is touched.
   *
   * @param {Map<string, import('./engine.mjs').RenderedFile>} files
   * @returns {string} The tree.
   */
  writeTree(files) {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'greenroom-upgrade-'));
    try {
      const tree = path.join(folder, 'tree');
      writeFiles(files, tree);
      const names = [...files.keys()];
      const blobs = this.git(
        ['hash-object', '-w', '--no-filters', '--stdin-paths'],
        { input: names.map(name => `${path.join(tree, name)}\n`).join('') },
      ).split('\n');
      const env = { GIT_INDEX_FILE: path.join(folder, 'index') };
      const entries = names.map((name, index) => {
        const mode = files.get(name)?.executable ? '100755' : '100644';
        return `${mode} ${blobs[index]}\t${name}\0`;
      });
      this.git(['update-index', '-z', '--index-info'], {
        input: entries.join(''),
        env,
      });
      return this.git(['write-tree'], { env });
    } finally {
      fs.rmSync(folder, { recursive: true, force: true });
    }
  }

  /**
   * Names what one tree does to another.
   *
   * @param {string} from @param {string} to
   * @returns {Array<{ status: string, file: string }>} The status as git's letter: A, M, D, T.
   */
  compare(from, to) {
    const words = this.git([
      'diff-tree',
      '-r',
      '-z',
      '--no-renames',
      '--name-status',
      from,
      to,
    ]).split('\0');
    const changes = [];
    for (let index = 0; index + 1 < words.length; index += 2) {
      changes.push({ status: words[index], file: words[index + 1] });
    }
    return changes;
  }

  /**
   * Puts a tree on a branch, as the one commit after the base. What stands there from an earlier try is taken when it is
   * the same, and replaced when it is a rendering too.
   *
   * @param {{ branch: string, base: string, tree: string, message: string }} options
   * @returns {string} The commit.
   */
  commitOnBranch({ branch, base, tree, message }) {
    const ref = `refs/heads/${branch}`;
    const existing = this.ask(['rev-parse', '--verify', '--quiet', ref])
      ?.toString()
      .trim();
    if (existing) {
      const [found, ...parents] = this.git([
        'show',
        '--no-patch',
        '--format=%T %P',
        existing,
      ]).split(' ');
      if (found === tree && parents.join() === base) {
        return existing;
      }
      if (parents.join() !== this.readRecord(existing)?.base) {
        throw new Refusal(
          `The branch ${branch} exists and holds more than an upgrade: rename it by git branch -m ${branch} NAME, or delete it.`,
        );
      }
    }
    const commit = this.git(['commit-tree', tree, '-p', base, '-m', message]);
    this.git(['update-ref', ref, commit, existing ?? '0'.repeat(40)]);
    return commit;
  }

  /**
   * What a merge into HEAD would meet, without doing it.
   *
   * @param {string} commit
   * @returns {{ tree: string, conflicts: Conflict[] }} The tree has marks where there are conflicts.
   */
  previewMerge(commit) {
    const { status, stdout } = this.#run(
      ['merge-tree', '--write-tree', '-z', '--name-only', 'HEAD', commit],
      { allow: [1] },
    );
    // The tree, the files in conflict, nothing, then the messages: number of paths, paths, kind, text.
    const words = stdout.toString().split('\0');
    const conflicts = new Map();
    const messages = status === 0 ? words.length : words.indexOf('') + 1;
    for (let at = messages; at < words.length - 1;) {
      const count = Number(words[at]);
      const [file] = words.slice(at + 1, at + 1 + count);
      const kind = /^CONFLICT \((.*)\)$/.exec(words[at + 1 + count])?.[1];
      if (kind && !conflicts.has(file)) {
        conflicts.set(file, { kind, file });
      }
      at += count + 3;
    }
    return {
      tree: words[0].trim(),
      conflicts: [...conflicts.values()].sort((a, b) =>
        a.file < b.file ? -1 : 1,
      ),
    };
  }

  /**
   * The files that still name one of these Python modules of a package.
   *
   * @param {string} tree @param {string} packageName @param {string[]} modules
   * @returns {string[]}
   */
  findUses(tree, packageName, modules) {
    if (modules.length === 0) {
      return [];
    }
    const any = `(${modules.join('|')})`;
    const patterns = [
      `\\b${packageName}\\.${any}\\b`,
      `^ *from +\\.+${any}\\b`,
      `^ *from +(\\.+|${packageName}) +import +(.*[ ,(])?${any}\\b`,
    ];
    const found = this.ask([
      ...['grep', '--name-only', '-z', '-I', '-E'],
      ...patterns.flatMap(pattern => ['-e', pattern]),
      tree,
    ]);
    return (found?.toString() ?? '')
      .split('\0')
      .filter(Boolean)
      .map(name => name.slice(tree.length + 1));
  }

  /**
   * `git merge` into the branch that is checked out.
   *
   * @param {string} branch @param {string} message
   * @returns {string} What git says where it has not committed: of conflicts, or of a hook of the owner's that refused.
   */
  merge(branch, message) {
    const { status, stdout, stderr } = this.#run(
      ['merge', '--no-ff', '--no-edit', '-m', message, branch],
      { allow: [1, 2, 128] },
    );
    if (status === 0) {
      return '';
    }
    if (!this.ask(['rev-parse', '--verify', '--quiet', 'MERGE_HEAD'])) {
      throw new Error(`git merge: ${stderr.toString().trim()}`);
    }
    return `${stdout}${stderr}`.trim();
  }
}

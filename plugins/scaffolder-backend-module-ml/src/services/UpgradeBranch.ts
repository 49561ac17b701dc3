// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import { isUtf8 } from 'node:buffer';
import { ConflictError } from '@backstage/errors';
import type { SerializedFile } from '@backstage/plugin-scaffolder-node';
import type { Octokit } from '@octokit/rest';
import { ifFound } from './GithubRepositories';
import {
  readRecord,
  readTree,
  type RepositoryHistory,
  type RepositoryName,
  type TreeEntry,
} from './readHistory';
import { parseTemplateRecord, RECORD_PATH } from './TemplateRecord';

/** What a rendering does to the commit that it comes after. */
export interface TreeChanges {
  added: string[];
  changed: string[];
  removed: string[];
}

/** The id that git gives a file. */
function toBlobId(content: Buffer): string {
  return createHash('sha1')
    .update(`blob ${content.length}\0`)
    .update(content)
    .digest('hex');
}

/** A record without what differs although nothing else does. */
function comparable(path: string, content: Buffer): Buffer {
  const record =
    path === RECORD_PATH
      ? parseTemplateRecord(content.toString('utf8'))
      : undefined;
  return record
    ? Buffer.from(JSON.stringify({ ...record, base: undefined }))
    : content;
}

/**
 * The branch that holds a rendering as the one commit after the base, written
 * by GitHub's Git database, so that a merge of it is git's own three-way merge.
 */
export class UpgradeBranch {
  readonly #octokit: Octokit;
  readonly #name: RepositoryName;
  readonly #base: RepositoryHistory['base'];
  readonly #branch: string;

  constructor(options: {
    octokit: Octokit;
    name: RepositoryName;
    base: RepositoryHistory['base'];
    branch: string;
  }) {
    this.#octokit = options.octokit;
    this.#name = options.name;
    this.#base = options.base;
    this.#branch = options.branch;
  }

  /** What the files change; nothing where only the record's base is another. */
  async compare(files: SerializedFile[]): Promise<TreeChanges> {
    const existing = await readTree(this.#octokit, {
      ...this.#name,
      commit: this.#base.commit,
    });
    const changes: TreeChanges = { added: [], changed: [], removed: [] };
    for (const { path, content, executable } of files) {
      const entry = existing.get(path);
      const mode = executable ? '100755' : '100644';
      if (!entry) {
        changes.added.push(path);
      } else if (!(await this.#isSame(path, content, entry))) {
        changes.changed.push(path);
      } else if (entry.mode !== mode) {
        changes.changed.push(path);
      }
      existing.delete(path);
    }
    changes.removed.push(...existing.keys());
    return changes;
  }

  async #isSame(
    path: string,
    content: Buffer,
    entry: TreeEntry,
  ): Promise<boolean> {
    if (path !== RECORD_PATH) {
      return toBlobId(content) === entry.sha;
    }
    const base = Buffer.from(JSON.stringify(this.#base.record));
    return comparable(path, content).equals(comparable(path, base));
  }

  /**
   * Writes the files as a commit and points the branch to it. What stands there
   * from an earlier run is kept when it is the same, and replaced when it is a
   * rendering too.
   *
   * @throws ConflictError where a person has committed to the branch
   */
  async write(files: SerializedFile[], message: string): Promise<void> {
    const tree = await this.#writeTree(files);
    const at = { ...this.#name, ref: `heads/${this.#branch}` };
    const found = await ifFound(this.#octokit.git.getRef(at));
    const tip = found?.data.object.sha;
    if (tip && (await this.#isDone(tip, tree))) {
      return;
    }
    const commit = await this.#octokit.git.createCommit({
      ...this.#name,
      message,
      tree,
      parents: [this.#base.commit],
    });
    const { sha } = commit.data;
    await (tip
      ? this.#octokit.git.updateRef({ ...at, sha, force: true })
      : this.#octokit.git.createRef({
          ...this.#name,
          ref: `refs/heads/${this.#branch}`,
          sha,
        }));
  }

  async #writeTree(files: SerializedFile[]): Promise<string> {
    const existing = await readTree(this.#octokit, {
      ...this.#name,
      commit: this.#base.commit,
    });
    const entries = [];
    for (const { path, content, executable } of files) {
      const mode = executable ? ('100755' as const) : ('100644' as const);
      const id = toBlobId(content);
      const entry = { path, mode, type: 'blob' as const };
      if (existing.get(path)?.sha === id) {
        entries.push({ ...entry, sha: id });
      } else if (isUtf8(content)) {
        entries.push({ ...entry, content: content.toString('utf8') });
      } else {
        const blob = await this.#octokit.git.createBlob({
          ...this.#name,
          content: content.toString('base64'),
          encoding: 'base64',
        });
        entries.push({ ...entry, sha: blob.data.sha });
      }
    }
    const { data } = await this.#octokit.git.createTree({
      ...this.#name,
      tree: entries,
    });
    return data.sha;
  }

  /** Whether the branch has this rendering; a person may have merged something into it. */
  async #isDone(tip: string, tree: string): Promise<boolean> {
    const { data } = await this.#octokit.repos.listCommits({
      ...this.#name,
      sha: tip,
      path: RECORD_PATH,
      per_page: 10,
    });
    const isOurs = ({ commit, parents }: (typeof data)[number]) =>
      commit.tree.sha === tree &&
      parents.length === 1 &&
      parents[0].sha === this.#base.commit;
    if (data.some(isOurs)) {
      return true;
    }
    const record = await readRecord(this.#octokit, { ...this.#name, ref: tip });
    const { data: last } = await this.#octokit.git.getCommit({
      ...this.#name,
      commit_sha: tip,
    });
    if (last.parents.length !== 1 || last.parents[0].sha !== record?.base) {
      throw new ConflictError(
        `The branch ${this.#branch} holds more than an upgrade: merge or close its pull request and delete the branch, then run this again`,
      );
    }
    return false;
  }
}

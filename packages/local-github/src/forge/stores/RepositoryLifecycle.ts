// SPDX-License-Identifier: Apache-2.0
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { validationFailed } from '../http/errors';
import { writeCommit } from '../git/commits';
import { git } from '../git/git';
import { updateRef, ZERO_SHA } from '../git/refs';
import { writeBlob, writeTree } from '../git/trees';
import { timestamp } from '../database';
import type { Account } from './AccountStore';
import type {
  RepositoryRecord,
  RepositorySettings,
  RepositoryStore,
} from './RepositoryStore';

export interface NewRepository {
  owner: Account;
  name: string;
  defaultBranch: string;
  private: boolean;
  description: string | null;
  homepage: string | null;
  settings: RepositorySettings;
  /** Starts the history with a README, committed by this login. */
  initializedBy?: string;
}

/**
 * Creates and deletes repositories so that a crash between disk and database blocks nothing: a directory without a
 * row is rubbish that the next start, or the next creation under its name, removes.
 */
export class RepositoryLifecycle {
  #queue: Promise<unknown> = Promise.resolve();
  readonly #repositories: RepositoryStore;

  constructor(repositories: RepositoryStore) {
    this.#repositories = repositories;
  }

  get #temporary(): string {
    return path.join(this.#repositories.gitRoot, '.temporary');
  }

  /** Removes what an earlier process left half made. */
  async cleanUp(): Promise<void> {
    const root = this.#repositories.gitRoot;
    await rm(this.#temporary, { recursive: true, force: true });
    await mkdir(this.#temporary, { recursive: true });
    for (const owner of await readdir(root)) {
      if (owner === '.temporary') {
        continue;
      }
      for (const name of await readdir(path.join(root, owner))) {
        if (!this.#repositories.isDirectoryUsed(`${owner}/${name}`)) {
          await this.#discard(path.join(root, owner, name));
        }
      }
    }
  }

  /** @throws ApiError 422 when the name is taken */
  async create(options: NewRepository): Promise<RepositoryRecord> {
    const result = this.#queue.then(() => this.#createNow(options));
    this.#queue = result.catch(() => {});
    return result;
  }

  async remove(repository: RepositoryRecord): Promise<void> {
    this.#repositories.remove(repository.id);
    await this.#discard(repository.gitDir);
  }

  async #createNow(options: NewRepository): Promise<RepositoryRecord> {
    const { owner, name } = options;
    if (this.#repositories.find(owner.login, name)) {
      throw validationFailed({
        resource: 'Repository',
        code: 'custom',
        field: 'name',
        message: 'name already exists on this account',
      });
    }
    const temporary = path.join(this.#temporary, randomUUID());
    await this.#initialize(temporary, options);

    const plain = `${owner.login}/${name}.git`;
    // A renamed repository keeps its directory, so the plain one may belong to another name.
    const directory = this.#repositories.isDirectoryUsed(plain)
      ? `${owner.login}/${name}-${randomUUID()}.git`
      : plain;
    const target = path.join(
      this.#repositories.gitRoot,
      ...directory.split('/'),
    );
    if (existsSync(target)) {
      await this.#discard(target);
    }
    await mkdir(path.dirname(target), { recursive: true });
    await rename(temporary, target);
    const id = this.#repositories.insert({
      ownerId: owner.id,
      name,
      directory,
      defaultBranch: options.defaultBranch,
      private: options.private,
      description: options.description,
      homepage: options.homepage,
      settings: options.settings,
    });
    const created = this.#repositories.findById(id);
    if (!created) {
      throw new Error(`Repository ${owner.login}/${name} was not stored`);
    }
    return created;
  }

  async #initialize(directory: string, options: NewRepository): Promise<void> {
    await mkdir(directory, { recursive: true });
    await git(directory, ['init', '--quiet', '--bare', '--template=']);
    const branch = `refs/heads/${options.defaultBranch}`;
    await git(directory, ['symbolic-ref', 'HEAD', branch]);
    if (options.initializedBy === undefined) {
      return;
    }
    const readme = `# ${options.name}\n${options.description ? `${options.description}\n` : ''}`;
    const tree = await writeTree(directory, undefined, [
      {
        path: 'README.md',
        mode: '100644',
        sha: await writeBlob(directory, Buffer.from(readme)),
      },
    ]);
    const author = {
      name: options.initializedBy,
      email: `${options.initializedBy}@users.noreply.localhost`,
      date: timestamp(),
    };
    const commit = await writeCommit(directory, {
      tree,
      parents: [],
      message: 'Initial commit',
      author,
      committer: author,
    });
    await updateRef(directory, branch, commit, ZERO_SHA);
  }

  async #discard(directory: string): Promise<void> {
    if (!existsSync(directory)) {
      return;
    }
    const trash = path.join(this.#temporary, randomUUID());
    await rename(directory, trash);
    await rm(trash, { recursive: true, force: true });
  }
}

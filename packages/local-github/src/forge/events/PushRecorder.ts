// SPDX-License-Identifier: Apache-2.0
import { randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { createLock } from '../createLock';
import { readRef, updateRef, ZERO_SHA } from '../git/refs';
import { PRE_RECEIVE, keepsWorkflows } from '../git/workflowFiles';
import { notAccessibleByIntegration } from '../http/errors';
import { isSha } from '../names';
import { isBot, type ForgeContext, type ForgeRepository } from '../types';

/** A ref that moved; `ZERO_SHA` stands for "did not exist" and "is gone". */
export interface RefUpdate {
  ref: string;
  before: string;
  after: string;
}

/** Git runs this in the receiving repository after a push, with one `before after ref` line per ref. */
const POST_RECEIVE =
  '#!/bin/sh\ncat > "$FORGE_PUSH_FILE.part" && mv "$FORGE_PUSH_FILE.part" "$FORGE_PUSH_FILE"\n';

/**
 * Turns moved refs into events. What moved is written to a journal first, so that a push whose process was killed
 * is told at the next start.
 */
export class PushRecorder {
  readonly hooksDir: string;
  readonly #journalDir: string;
  // Events of a repository come in the order in which its refs moved.
  readonly #inOrder = createLock();
  readonly #repositories: ForgeContext['repositories'];
  /** Tells of refs that moved. */
  readonly #tell: (
    repository: ForgeRepository,
    updates: RefUpdate[],
    sender: string,
  ) => Promise<void>;

  constructor(
    dataDir: string,
    repositories: ForgeContext['repositories'],
    tell: (
      repository: ForgeRepository,
      updates: RefUpdate[],
      sender: string,
    ) => Promise<void>,
  ) {
    this.#repositories = repositories;
    this.#tell = tell;
    this.hooksDir = path.join(dataDir, 'hooks');
    this.#journalDir = path.join(dataDir, 'pushes');
  }

  async prepare(): Promise<void> {
    await mkdir(this.hooksDir, { recursive: true });
    await mkdir(this.#journalDir, { recursive: true });
    for (const [name, content] of [
      ['pre-receive', PRE_RECEIVE],
      ['post-receive', POST_RECEIVE],
    ]) {
      await writeFile(path.join(this.hooksDir, name), content, { mode: 0o755 });
    }
  }

  /** Where the hook of one push writes what it moved. */
  createJournalFile(repository: ForgeRepository, sender: string): string {
    return path.join(
      this.#journalDir,
      `${repository.id}.${sender}.${randomUUID()}.pushed`,
    );
  }

  /**
   * Moves a ref on behalf of the API, and tells of it.
   * @throws StaleRefError; ApiError 403 if the token of a job or an App would change workflow files
   */
  async move(
    repository: ForgeRepository,
    update: RefUpdate,
    sender: string,
  ): Promise<void> {
    if (isBot(sender) && !(await keepsWorkflows(repository.gitDir, update))) {
      throw notAccessibleByIntegration();
    }
    const file = this.createJournalFile(repository, sender).replace(
      /pushed$/,
      'intended',
    );
    await writeFile(file, `${update.before} ${update.after} ${update.ref}\n`);
    try {
      await updateRef(
        repository.gitDir,
        update.ref,
        update.after,
        update.before,
      );
      await this.#publish(repository, [update], sender);
    } finally {
      await rm(file, { force: true });
    }
  }

  /** Tells of the push that a hook wrote down, if it moved anything. */
  async finish(journalFile: string): Promise<void> {
    const [id, sender, , kind] = path.basename(journalFile).split('.');
    const content = await readFile(journalFile, 'utf8').catch(() => '');
    const repository = this.#repositories.findById(Number(id));
    if (repository) {
      const updates = content
        .split('\n')
        .map(line => {
          const [before, after, ref] = line.split(' ');
          return { before, after, ref };
        })
        .filter(
          ({ before, after, ref }) => ref && isSha(before) && isSha(after),
        );
      const moved: RefUpdate[] = [];
      for (const update of updates) {
        const now = (await readRef(repository.gitDir, update.ref)) ?? ZERO_SHA;
        // An intention that was cut short has moved nothing.
        if (kind === 'pushed' || now === update.after) {
          moved.push(update);
        }
      }
      await this.#publish(repository, moved, sender);
    }
    await rm(journalFile, { force: true });
  }

  /** Tells of what an earlier process did not get to tell. */
  async replay(): Promise<void> {
    for (const name of await readdir(this.#journalDir)) {
      const file = path.join(this.#journalDir, name);
      if (/\.(pushed|intended)$/.test(name)) {
        await this.finish(file);
      } else {
        await rm(file, { force: true });
      }
    }
  }

  #publish(
    repository: ForgeRepository,
    updates: RefUpdate[],
    sender: string,
  ): Promise<void> {
    return this.#inOrder(repository.id, () =>
      this.#tell(repository, updates, sender),
    );
  }
}

// SPDX-License-Identifier: Apache-2.0
import type { LoggerService } from '@backstage/backend-plugin-api';
import type { SignalsService } from '@backstage/plugin-signals-node';
import type { TriageSignal } from '@greenroom/plugin-triage-common';
import { createHmac } from 'node:crypto';
import { toRepositoryKey, type Repository } from './Repository';

const REPOSITORY_QUIET_MS = 500;
/** Of pages over all repositories, where something changes all the time. */
const ALL_QUIET_MS = 2_000;
const ALL = 'all';

/**
 * Tells open pages that their answer is another one now. A channel's name is a keyed
 * hash, so that it says nothing and nobody guesses another's.
 */
export class ChangeSignals {
  readonly #key: Buffer;
  readonly #signals: SignalsService;
  readonly #logger: LoggerService;
  readonly #timers = new Map<string, NodeJS.Timeout>();

  constructor(options: {
    /** Shared by all replicas. */
    key: Buffer;
    signals: SignalsService;
    logger: LoggerService;
  }) {
    this.#key = options.key;
    this.#signals = options.signals;
    this.#logger = options.logger;
  }

  /** The channel of a repository's incidents, or of all. */
  channelOf(repository?: Repository): string {
    const name = repository ? toRepositoryKey(repository) : ALL;
    const hash = createHmac('sha256', this.#key)
      .update(name)
      .digest('base64url');
    return `triage:${hash.slice(0, 32)}`;
  }

  /** An incident changed. */
  changed(repository: Repository): void {
    this.#schedule(this.channelOf(repository), REPOSITORY_QUIET_MS);
    this.#schedule(this.channelOf(), ALL_QUIET_MS);
  }

  /** Something changed of which no repository is known yet. */
  changedAny(): void {
    this.#schedule(this.channelOf(), ALL_QUIET_MS);
  }

  stop(): void {
    this.#timers.forEach(timer => clearTimeout(timer));
    this.#timers.clear();
  }

  #schedule(channel: string, delay: number): void {
    if (this.#timers.has(channel)) {
      return;
    }
    const timer = setTimeout(() => {
      this.#timers.delete(channel);
      const message: TriageSignal = { changed: true };
      this.#signals
        .publish({ recipients: { type: 'broadcast' }, channel, message })
        .catch(error => this.#logger.warn('No signal was sent', error));
    }, delay);
    this.#timers.set(channel, timer.unref());
  }
}

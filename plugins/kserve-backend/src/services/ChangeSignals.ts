// SPDX-License-Identifier: Apache-2.0
import type { LoggerService } from '@backstage/backend-plugin-api';
import type { SignalsService } from '@backstage/plugin-signals-node';
import { LRUCache } from 'lru-cache';
import { createHmac } from 'node:crypto';

const QUIET_MS = 250;
const BUSY_MS = 1_000;

/** What an answer was made from. */
export interface Watched {
  /** `cluster/namespace/name` of inference services in it, or named by the entity. */
  keys: ReadonlySet<string>;
  /** Whether an inference service that comes, goes or is relabelled could belong to it. */
  isOpen: boolean;
}

/**
 * Tells open pages that their answer is another one now: `{ changed: true }` on
 * the answer's channel, at most once a second. The channel's name is a keyed hash,
 * so that it says nothing and nobody guesses another's. Only answers that were
 * asked for within the hour are told of.
 */
export class ChangeSignals {
  readonly #key: Buffer;
  readonly #signals: SignalsService;
  readonly #logger: LoggerService;
  readonly #watched = new LRUCache<string, Watched>({
    max: 10_000,
    ttl: 3_600_000,
  });
  readonly #changed = new Set<string>();
  #isListChanged = false;
  #isAllChanged = false;
  #timer?: NodeJS.Timeout;
  #toldAt = 0;

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

  /** Notes what an answer was made from. @returns its channel. */
  follow(answer: string, watched: Watched): string {
    const channel = `kserve:${createHmac('sha256', this.#key)
      .update(answer)
      .digest('base64url')
      .slice(0, 32)}`;
    this.#watched.set(channel, watched);
    return channel;
  }

  /** An inference service changed. */
  changed(key: string, isListChange: boolean): void {
    this.#changed.add(key);
    this.#isListChanged ||= isListChange;
    this.#schedule();
  }

  /** Something changed that every answer says, such as a cluster's state. */
  allChanged(): void {
    this.#isAllChanged = true;
    this.#schedule();
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  #schedule(): void {
    this.#timer ??= setTimeout(
      () => this.#tell(),
      Math.max(QUIET_MS, this.#toldAt + BUSY_MS - Date.now()),
    ).unref();
  }

  #tell(): void {
    this.#timer = undefined;
    this.#toldAt = Date.now();
    for (const [channel, { isOpen, keys }] of this.#watched.entries()) {
      const isChanged =
        this.#isAllChanged ||
        (isOpen && this.#isListChanged) ||
        [...keys].some(key => this.#changed.has(key));
      if (isChanged) {
        this.#signals
          .publish({
            recipients: { type: 'broadcast' },
            channel,
            message: { changed: true },
          })
          .catch(error => this.#logger.warn('No signal was sent', error));
      }
    }
    this.#changed.clear();
    this.#isListChanged = false;
    this.#isAllChanged = false;
  }
}

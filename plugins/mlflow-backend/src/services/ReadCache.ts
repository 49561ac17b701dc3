import type { MlflowInstanceError } from '@greenroom/plugin-mlflow-common';
import { MlflowClientError } from '@greenroom/plugin-mlflow-node';
import { LRUCache } from 'lru-cache';
import { setTimeout as sleep } from 'node:timers/promises';
import type { InstanceHealth } from './InstanceHealth';

/** A value, an earlier value with the reason for its age, or only the reason. */
export type CachedAnswer<T> =
  | { known: true; value: T; fetchedAt: number; error?: MlflowInstanceError }
  | { known: false; error: MlflowInstanceError };

interface Failure {
  error: MlflowClientError;
  since: number;
  at: number;
}

interface Entry<T> {
  last?: { value: T; fetchedAt: number };
  failure?: Failure;
  flight?: Promise<void>;
}

const FRESH_MS = 5_000;
const REVALIDATE_MS = 30_000;
const RETRY_MS = 1_500;
const GRACE_MS = 1_500;
const REMEMBER_MS = 24 * 60 * 60 * 1000;

/**
 * Answers of one kind of upstream call, shared by all viewers: one fetch at a
 * time for each key, younger than 5 s as it is, younger than 30 s at once while
 * it is fetched anew, and the last known answer while the instance fails. After
 * a failure neither the call nor, in an outage, the instance is tried for 1.5 s.
 */
export class ReadCache<T> {
  readonly #entries: LRUCache<string, Entry<T>>;
  readonly #health: InstanceHealth;
  readonly #freshMs: (value: T) => number;

  constructor(options: {
    health: InstanceHealth;
    /** How many answers are kept. */
    maxEntries: number;
    /** For how long a value counts as fresh; default 5 s. */
    freshMs?: (value: T) => number;
  }) {
    this.#health = options.health;
    this.#freshMs = options.freshMs ?? (() => FRESH_MS);
    this.#entries = new LRUCache({ max: options.maxEntries, ttl: REMEMBER_MS });
  }

  async read(
    instance: string,
    call: unknown,
    load: () => Promise<T>,
  ): Promise<CachedAnswer<T>> {
    const key = JSON.stringify([instance, call]);
    const entry = this.#entries.get(key) ?? {};
    const { last, failure } = entry;
    const age = last ? Date.now() - last.fetchedAt : Infinity;
    if (last && !failure && age < this.#freshMs(last.value)) {
      return { known: true, ...last };
    }
    const outage = this.#health.getOutage(instance);
    for (const recent of [failure, outage]) {
      if (recent && !entry.flight && Date.now() - recent.at < RETRY_MS) {
        return this.#settle(entry, recent);
      }
    }
    entry.flight ??= this.#fetch(instance, entry, load).finally(() => {
      entry.flight = undefined;
    });
    // Anew each time: it moves to the young end and its time of keeping starts.
    this.#entries.set(key, entry);

    const { flight } = entry;
    const troubled = failure ?? outage;
    if (last && !troubled && age < REVALIDATE_MS) {
      flight.catch(() => {});
      return { known: true, ...last };
    }
    if (last && troubled) {
      // A hanging instance must not make every viewer wait for its time limit.
      const isDone = await Promise.race([
        flight.then(() => true),
        sleep(GRACE_MS, false, { ref: false }),
      ]);
      if (!isDone) {
        flight.catch(() => {});
        return this.#settle(entry, troubled);
      }
    } else {
      await flight;
    }
    return this.#settle(entry, entry.failure);
  }

  async #fetch(
    instance: string,
    entry: Entry<T>,
    load: () => Promise<T>,
  ): Promise<void> {
    const startedAt = Date.now();
    try {
      const value = await load();
      entry.last = { value, fetchedAt: Date.now() };
      entry.failure = undefined;
      this.#health.answered(instance);
    } catch (error) {
      if (!(error instanceof MlflowClientError)) {
        throw error;
      }
      const at = Date.now();
      entry.failure = { error, at, since: entry.failure?.since ?? at };
      if (error.retryable) {
        this.#health.failed(instance, error, startedAt);
      } else {
        this.#health.answered(instance);
      }
    }
  }

  #settle(entry: Entry<T>, failure: Failure | undefined): CachedAnswer<T> {
    const { last } = entry;
    if (!failure) {
      if (!last) {
        throw new Error('A fetch ended without a value and without a failure');
      }
      return { known: true, ...last };
    }
    const { code, instance, message, retryable } = failure.error;
    const error: MlflowInstanceError = { instance, code, message, retryable };
    if (!retryable) {
      // An instance that now refuses must not be answered for from memory.
      return { known: false, error };
    }
    const outage = this.#health.getOutage(instance);
    error.since = Math.min(failure.since, outage?.since ?? failure.since);
    return last ? { known: true, ...last, error } : { known: false, error };
  }
}

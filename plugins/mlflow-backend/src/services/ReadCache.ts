import type { MlflowInstanceError } from '@greenroom/plugin-mlflow-common';
import { MlflowClientError } from '@greenroom/plugin-mlflow-node';
import { LRUCache } from 'lru-cache';
import { setTimeout as sleep } from 'node:timers/promises';
import type { InstanceHealth } from './InstanceHealth';

/** A value, an earlier value with the reason for its age, or only the reason. */
export type CachedAnswer<T> =
  | { known: true; value: T; fetchedAt: number; error?: MlflowInstanceError }
  | { known: false; error: MlflowInstanceError };

interface Entry<T> {
  last?: { value: T; fetchedAt: number };
  failure?: { error: MlflowClientError; since: number; at: number };
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
 * it is fetched anew, and the last known answer while the instance fails.
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
    if (failure && Date.now() - failure.at < RETRY_MS) {
      return this.#settle(entry, failure);
    }
    entry.flight ??= this.#fetch(instance, entry, load).finally(() => {
      entry.flight = undefined;
    });
    // Anew each time: it moves to the young end and its time of keeping starts.
    this.#entries.set(key, entry);

    const isFailing = failure || this.#health.failingSince(instance);
    if (last && !isFailing && age < REVALIDATE_MS) {
      entry.flight.catch(() => {});
      return { known: true, ...last };
    }
    if (last && isFailing) {
      // A hanging instance must not make every viewer wait for its time limit.
      const flight = entry.flight;
      const isDone = await Promise.race([
        flight.then(() => true),
        sleep(GRACE_MS, false, { ref: false }),
      ]);
      if (!isDone) {
        flight.catch(() => {});
        return { known: true, ...last, error: this.#ongoing(instance, entry) };
      }
    } else {
      await entry.flight;
    }
    return this.#settle(entry, entry.failure);
  }

  async #fetch(
    instance: string,
    entry: Entry<T>,
    load: () => Promise<T>,
  ): Promise<void> {
    try {
      const value = await load();
      entry.last = { value, fetchedAt: Date.now() };
      entry.failure = undefined;
      this.#health.answered(instance);
    } catch (error) {
      if (!(error instanceof MlflowClientError)) {
        throw error;
      }
      const now = Date.now();
      entry.failure = { error, at: now, since: entry.failure?.since ?? now };
      if (error.retryable) {
        this.#health.failed(instance);
      } else {
        this.#health.answered(instance);
      }
    }
  }

  #settle(entry: Entry<T>, failure: Entry<T>['failure']): CachedAnswer<T> {
    if (!failure) {
      if (!entry.last) {
        throw new Error('A fetch ended without a value and without a failure');
      }
      return { known: true, ...entry.last };
    }
    const { code, instance, message, retryable } = failure.error;
    const error: MlflowInstanceError = { instance, code, message, retryable };
    if (!retryable) {
      // An instance that now refuses must not be answered for from memory.
      return { known: false, error };
    }
    const healthSince = this.#health.failingSince(instance) ?? failure.since;
    error.since = Math.min(failure.since, healthSince);
    return entry.last
      ? { known: true, ...entry.last, error }
      : { known: false, error };
  }

  #ongoing(instance: string, entry: Entry<T>): MlflowInstanceError {
    return {
      instance,
      code: entry.failure?.error.code ?? 'TIMEOUT',
      message:
        entry.failure?.error.message ??
        `MLflow instance '${instance}' is slow to answer`,
      retryable: true,
      since: this.#health.failingSince(instance) ?? entry.failure?.since,
    };
  }
}

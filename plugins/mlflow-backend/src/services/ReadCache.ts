// SPDX-License-Identifier: Apache-2.0
import type { MlflowInstanceError } from '@greenroom/plugin-mlflow-common';
import { MlflowClientError } from '@greenroom/plugin-mlflow-node';
import { LRUCache } from 'lru-cache';
import { setTimeout as sleep } from 'node:timers/promises';
import type { InstanceHealth } from './InstanceHealth';
import { isNewAsked } from './requestFreshness';

/** A value, an earlier value with the reason for its age, or only the reason. */
export type CachedAnswer<T> =
  | { known: true; value: T; fetchedAt: number; error?: MlflowInstanceError }
  | { known: false; error: MlflowInstanceError };

/** One upstream call. */
export interface CachedCall<T> {
  instance: string;
  /** What is asked; equal keys are one call. */
  key: unknown;
  load: () => Promise<T>;
  /**
   * Made up by a person (a filter, an order): that it fails or hangs says
   * nothing about the instance.
   */
  isPersonal?: boolean;
}

interface Failure {
  error: MlflowClientError;
  at: number;
}

interface Entry<T> {
  last?: { value: T; fetchedAt: number };
  failure?: Failure;
  flight?: Promise<void>;
}

const FRESH_MS = 5_000;
/** How long after its freshness a value is answered at once. */
const AT_ONCE_MS = 2_000;
/** For how long a value stands in for a call that is only slow. */
const STAND_IN_MS = 30_000;
const RETRY_MS = 1_500;
const SUSPECT_MS = 1_500;
const REMEMBER_MS = 24 * 60 * 60 * 1000;

/**
 * Answers of one kind of upstream call, shared by all viewers: one fetch at a
 * time for each key, a fresh answer as it is, one that was fresh 2 s ago at once
 * while it is fetched anew. A call that hangs for 1.5 s makes the health of its
 * instance be asked: while that is bad, the last known answers go out, and no
 * call but the probe goes upstream.
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

  async read(call: CachedCall<T>): Promise<CachedAnswer<T>> {
    const { instance } = call;
    const key = JSON.stringify([instance, call.key]);
    const isNew = isNewAsked();
    const known = this.#entries.get(key);
    if (known && this.#age(known) < (isNew ? RETRY_MS : this.#fresh(known))) {
      return this.#settle(call, known, undefined);
    }
    if (this.#health.getOutage(instance)) {
      const outage = await this.#outage(instance);
      if (outage) {
        return this.#settle(call, known ?? {}, outage);
      }
    }
    // From here to its flight nothing may wait, or there would be two.
    const entry = this.#entries.get(key) ?? {};
    const { failure, last } = entry;
    if (failure && !entry.flight && Date.now() - failure.at < RETRY_MS) {
      return this.#settle(call, entry, failure);
    }
    entry.flight ??= this.#fetch(call, entry).finally(() => {
      entry.flight = undefined;
    });
    // Anew each time: it moves to the young end and its time of keeping starts.
    this.#entries.set(key, entry);

    const { flight } = entry;
    flight.catch(() => {});
    const overdue = this.#age(entry) - this.#fresh(entry);
    if (last && !isNew && overdue < AT_ONCE_MS) {
      return this.#settle(call, entry, undefined);
    }
    const verdict = await this.#wait(call, flight);
    if (verdict === 'slow') {
      if (last && !isNew && (failure || overdue < STAND_IN_MS)) {
        return this.#settle(call, entry, failure);
      }
      await flight;
    }
    return this.#settle(
      call,
      entry,
      typeof verdict === 'object' ? verdict : entry.failure,
    );
  }

  /** Infinite where nothing is known, or the newest attempt failed. */
  #age({ failure, last }: Entry<T>): number {
    return last && !failure ? Date.now() - last.fetchedAt : Infinity;
  }

  #fresh({ last }: Entry<T>): number {
    return last ? this.#freshMs(last.value) : 0;
  }

  /** The outage that goes on; it is looked anew from time to time. */
  async #outage(instance: string): Promise<Failure | undefined> {
    const outage = this.#health.getOutage(instance);
    if (!outage || Date.now() - outage.at < RETRY_MS) {
      return outage;
    }
    // A hanging instance must not make every viewer wait for its time limit.
    return Promise.race([
      this.#health.check(instance),
      sleep(SUSPECT_MS, outage, { ref: false }),
    ]);
  }

  /** Waits until it is there, or it is known why it is not yet. */
  async #wait(
    { instance, isPersonal }: CachedCall<T>,
    flight: Promise<void>,
  ): Promise<'done' | 'slow' | Failure> {
    const done = flight.then(() => 'done' as const);
    const first = await Promise.race([
      done,
      sleep(SUSPECT_MS, 'slow' as const, { ref: false }),
    ]);
    if (first === 'done' || isPersonal) {
      return first;
    }
    const outage = this.#health.check(instance);
    return Promise.race([done, outage.then(found => found ?? 'slow')]);
  }

  async #fetch(call: CachedCall<T>, entry: Entry<T>): Promise<void> {
    const { instance } = call;
    try {
      const value = await call.load();
      entry.last = { value, fetchedAt: Date.now() };
      entry.failure = undefined;
      this.#health.answered(instance);
    } catch (error) {
      if (!(error instanceof MlflowClientError)) {
        throw error;
      }
      entry.failure = { error, at: Date.now() };
      if (!error.retryable) {
        // An instance that now refuses must not be answered for from memory.
        entry.last = undefined;
        this.#health.answered(instance);
      } else if (!call.isPersonal) {
        await this.#health.check(instance);
      }
    }
  }

  #settle(
    { instance }: CachedCall<T>,
    { last }: Entry<T>,
    failure: Failure | undefined,
  ): CachedAnswer<T> {
    if (!failure) {
      if (!last) {
        throw new Error('A fetch ended without a value and without a failure');
      }
      return { known: true, ...last };
    }
    const { code, message, retryable } = failure.error;
    const error: MlflowInstanceError = {
      instance,
      code,
      message,
      retryable,
      since: retryable ? this.#health.getOutage(instance)?.since : undefined,
    };
    return last ? { known: true, ...last, error } : { known: false, error };
  }
}

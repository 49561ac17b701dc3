// SPDX-License-Identifier: Apache-2.0
import type { KubernetesObject } from '@greenroom/plugin-kserve-common';
import { type ApiServer, ApiServerError } from '@greenroom/plugin-kserve-node';
import { StringDecoder } from 'node:string_decoder';
import { setTimeout as sleep } from 'node:timers/promises';

const PAGE_SIZE = 500;
const MAX_LINE = 4 * 1024 * 1024;

/** Times of watches in ms; tests and the laptop shorten them. */
export interface WatchTimes {
  /** A watch is asked to end by itself after this and half as much again. */
  watchMs: number;
  /** First wait after a failure; doubled for each further one, jittered. */
  backoffMs: number;
  maxBackoffMs: number;
}

/** What is watched in all namespaces. */
export interface WatchedResource {
  /** Plural name, e.g. `pods`. */
  name: string;
  kind: string;
  /** e.g. `apps/v1`. */
  apiVersion: string;
  labelSelector?: string;
  fieldSelector?: string;
}

/** Where the objects go. */
export interface WatchSink {
  upsert(object: KubernetesObject): void;
  remove(object: KubernetesObject): void;
  /** Drops what a whole list does not hold: `keys` are `namespace/name`. */
  retain(keys: ReadonlySet<string>): void;
}

/** `namespace/name` of an object. */
export function toKey({ metadata }: KubernetesObject): string {
  return `${metadata?.namespace ?? ''}/${metadata?.name ?? ''}`;
}

/** Half to one and a half times as long, so that watches do not go in step. */
export function jitter(ms: number): number {
  return ms * (0.5 + Math.random());
}

/**
 * Keeps a sink equal to what an API server holds of one resource: a LIST in
 * pages, then a WATCH from its resourceVersion on. A watch that ends or is cut
 * goes on where it was; 410 lists anew; silence beyond the asked time reconnects.
 * https://kubernetes.io/docs/reference/using-api/api-concepts/#efficient-detection-of-changes
 */
export class ResourceWatch {
  readonly resource: WatchedResource;
  readonly #server: ApiServer;
  readonly #sink: WatchSink;
  readonly #times: WatchTimes;
  readonly #onState: () => void;
  readonly #stop = new AbortController();
  #wake = new AbortController();
  #version?: string;
  #isListed = false;
  #failure?: { error: ApiServerError; since: number };
  #heardAt = Date.now();
  /** In a row. */
  #failures = 0;

  constructor(options: {
    resource: WatchedResource;
    server: ApiServer;
    sink: WatchSink;
    times: WatchTimes;
    /** After a failure and when it is over. */
    onState: () => void;
  }) {
    this.resource = options.resource;
    this.#server = options.server;
    this.#sink = options.sink;
    this.#times = options.times;
    this.#onState = options.onState;
  }

  /** Whether the sink once held the whole list. */
  get isListed(): boolean {
    return this.#isListed;
  }

  /** Why nothing new comes, and when something came last. */
  get failure(): { error: ApiServerError; since: number } | undefined {
    return this.#failure;
  }

  /** When the server last said something on this watch, ms since 1970. */
  get heardAt(): number {
    return this.#heardAt;
  }

  stop(): void {
    this.#stop.abort();
    this.#wake.abort();
  }

  /** Gives up the connection at hand, or the wait for the next one, and connects anew. */
  reconnect(): void {
    this.#wake.abort();
  }

  async run(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      this.#wake = new AbortController();
      const signal = AbortSignal.any([this.#stop.signal, this.#wake.signal]);
      try {
        if (this.#version === undefined) {
          await this.#list(signal);
        }
        const openedAt = Date.now();
        await this.#watch(signal);
        if (Date.now() - openedAt < this.#times.backoffMs) {
          await this.#pause(this.#times.backoffMs, signal);
        }
      } catch (cause) {
        if (this.#stop.signal.aborted) {
          break;
        }
        if (signal.aborted) {
          continue;
        }
        const error = ApiServerError.fromCause(cause, this.#server.cluster);
        if (error.status === 410 || error.status === 404) {
          this.#version = undefined;
        }
        // A connection that breaks once, or a version that is too old, is no news.
        const isHiccup =
          this.#failures === 0 &&
          this.#isListed &&
          (error.status === 410 || error.status === undefined);
        if (!isHiccup) {
          this.#failure = {
            error,
            since: this.#failure?.since ?? this.#heardAt,
          };
          this.#onState();
        }
        const { backoffMs, maxBackoffMs } = this.#times;
        const wait = isHiccup
          ? backoffMs / 10
          : backoffMs * 2 ** this.#failures;
        this.#failures = Math.min(this.#failures + 1, 10);
        await this.#pause(Math.min(wait, maxBackoffMs), signal);
      }
    }
  }

  /** Drops what the sink holds, after `stop`. */
  clear(): void {
    this.#sink.retain(new Set());
  }

  async #pause(ms: number, signal: AbortSignal): Promise<void> {
    await sleep(jitter(ms), undefined, { signal }).catch(() => {});
  }

  #heard(): void {
    this.#heardAt = Date.now();
    if (this.#failure) {
      this.#failure = undefined;
      this.#onState();
    }
  }

  #path(): string {
    const { apiVersion, name } = this.resource;
    return `/${apiVersion.includes('/') ? 'apis' : 'api'}/${apiVersion}/${name}`;
  }

  async #list(signal: AbortSignal): Promise<void> {
    const { fieldSelector, labelSelector } = this.resource;
    const keys = new Set<string>();
    let page: string | undefined;
    let version: string | undefined;
    do {
      const list = (await this.#server.getJson({
        path: this.#path(),
        query: {
          limit: PAGE_SIZE,
          continue: page,
          labelSelector,
          fieldSelector,
        },
        signal,
      })) as {
        items?: KubernetesObject[];
        metadata?: { continue?: string; resourceVersion?: string };
      };
      for (const item of list.items ?? []) {
        keys.add(toKey(item));
        this.#sink.upsert(this.#complete(item));
      }
      // Pages of one list hold the state of the first one's version.
      version ??= list.metadata?.resourceVersion;
      page = list.metadata?.continue || undefined;
    } while (page);
    this.#sink.retain(keys);
    this.#version = version;
    const wasListed = this.#isListed;
    this.#isListed = true;
    this.#heard();
    if (!wasListed) {
      this.#onState();
    }
  }

  async #watch(signal: AbortSignal): Promise<void> {
    const { fieldSelector, labelSelector } = this.resource;
    const timeoutMs = this.#times.watchMs * (1 + Math.random() / 2);
    const answer = await this.#server.open({
      path: this.#path(),
      query: {
        watch: true,
        allowWatchBookmarks: true,
        resourceVersion: this.#version,
        timeoutSeconds: Math.ceil(timeoutMs / 1000),
        labelSelector,
        fieldSelector,
      },
      signal,
    });
    this.#heard();
    // The server ends the watch itself; one that does not is no longer there.
    const stall = setTimeout(
      () =>
        answer.destroy(
          Object.assign(new Error('stalled'), { code: 'ETIMEDOUT' }),
        ),
      timeoutMs + 10_000,
    );
    try {
      const decoder = new StringDecoder('utf8');
      let rest = '';
      for await (const part of answer as AsyncIterable<Buffer>) {
        stall.refresh();
        this.#heardAt = Date.now();
        this.#failures = 0;
        const lines = (rest + decoder.write(part)).split('\n');
        rest = lines.pop() ?? '';
        if (rest.length > MAX_LINE) {
          throw new ApiServerError('An event of a watch is too long', {
            code: 'failed',
          });
        }
        for (const line of lines) {
          if (line) {
            this.#take(line);
          }
        }
      }
    } finally {
      clearTimeout(stall);
      answer.destroy();
    }
  }

  #take(line: string): void {
    const { object, type } = JSON.parse(line) as {
      type?: string;
      object?: KubernetesObject;
    };
    if (type === 'ERROR' || !object) {
      throw ApiServerError.fromStatus(
        typeof object?.code === 'number' ? object.code : 500,
        this.#server.cluster,
        typeof object?.message === 'string' ? object.message : undefined,
      );
    }
    if (type === 'DELETED') {
      this.#sink.remove(this.#complete(object));
    } else if (type === 'ADDED' || type === 'MODIFIED') {
      this.#sink.upsert(this.#complete(object));
    }
    this.#version = object.metadata?.resourceVersion ?? this.#version;
  }

  /** Items of a list do not say what they are. */
  #complete(object: KubernetesObject): KubernetesObject {
    const { apiVersion, kind } = this.resource;
    return { ...object, apiVersion, kind };
  }
}

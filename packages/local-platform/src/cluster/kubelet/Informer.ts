// SPDX-License-Identifier: Apache-2.0
import { setTimeout as sleep } from 'node:timers/promises';
import { KubeClient, KubeError } from './KubeClient';
import { KubeObject } from './kubeTypes';

/** What is listed and watched, and who hears of it. */
export interface InformerOptions<T> {
  client: KubeClient;
  /** For example `/api/v1/pods`. */
  path: string;
  fieldSelector: string;
  /** All there is: at the start, and after a watch could not be taken up again. */
  onList: (items: T[]) => void;
  onChange: (type: 'ADDED' | 'MODIFIED' | 'DELETED', object: T) => void;
  onError: (error: unknown) => void;
}

const RETRY_MS = [200, 1_000, 2_000, 5_000, 10_000];

/** A list and the watch that goes on from it, again and again, until it is stopped. */
export class Informer<T extends KubeObject> {
  readonly #options: InformerOptions<T>;
  readonly #abort = new AbortController();

  constructor(options: InformerOptions<T>) {
    this.#options = options;
  }

  async run(): Promise<void> {
    const { signal } = this.#abort;
    let failures = 0;
    let version: string | undefined;
    while (!signal.aborted) {
      try {
        version ??= await this.#list();
        version = await this.#watch(version);
        failures = 0;
      } catch (error) {
        if (signal.aborted) {
          return;
        }
        // What was missed is not known after a failure: all is read again.
        version = undefined;
        if (!(error instanceof KubeError && error.status === 410)) {
          this.#options.onError(error);
          const wait = RETRY_MS[Math.min(failures, RETRY_MS.length - 1)];
          failures += 1;
          await sleep(wait, undefined, { signal }).catch(() => {});
        }
      }
    }
  }

  stop(): void {
    this.#abort.abort();
  }

  async #list(): Promise<string | undefined> {
    const { client, path, fieldSelector, onList } = this.#options;
    const list = await client.get<{
      items: T[];
      metadata: { resourceVersion?: string };
    }>(`${path}?${new URLSearchParams({ fieldSelector })}`);
    onList(list.items);
    return list.metadata.resourceVersion;
  }

  /** @returns where the next watch goes on; undefined when it cannot. */
  async #watch(from: string | undefined): Promise<string | undefined> {
    const { client, path, fieldSelector, onChange } = this.#options;
    let version = from;
    await client.watch<T>(
      path,
      { fieldSelector, resourceVersion: from ?? '' },
      ({ type, object }) => {
        if (type === 'ERROR') {
          version = undefined;
          return;
        }
        if (version !== undefined) {
          version = object.metadata?.resourceVersion ?? version;
        }
        if (type !== 'BOOKMARK') {
          onChange(type, object);
        }
      },
      this.#abort.signal,
    );
    return version;
  }
}

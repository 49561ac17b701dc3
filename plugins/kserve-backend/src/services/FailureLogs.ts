// SPDX-License-Identifier: Apache-2.0
import type {
  KserveContainer,
  KserveInferenceService,
  KservePod,
} from '@greenroom/plugin-kserve-common';
import { type ApiServer, readBytes } from '@greenroom/plugin-kserve-node';
import { LRUCache } from 'lru-cache';

const LINES = 200;
const MAX_BYTES = 64 * 1024;
/** A process that still runs writes on. */
const FRESH_MS = 3_000;
const FETCH_MS = 5_000;
const MAX_CONTAINERS = 4;

/** Text by `POD_CONTAINER`. */
export type Logs = Record<string, string>;

function hasFailed({ ready, restarts, state }: KserveContainer): boolean {
  return (
    !ready && (restarts > 0 || state === 'running' || state === 'terminated')
  );
}

/**
 * The ends of the logs of containers that are not ready: what proves why. Asked of
 * the cluster when somebody looks who may read logs, once for all of them.
 */
export class FailureLogs {
  readonly #texts = new LRUCache<string, Promise<string>>({
    max: 500,
    ttl: FRESH_MS,
  });

  /** Empty where nothing failed; a log that cannot be had is left out. */
  async read(
    server: ApiServer,
    service: KserveInferenceService,
  ): Promise<Logs | undefined> {
    const failed = service.pods
      .flatMap(pod => pod.containers.map(container => ({ pod, container })))
      .filter(({ container }) => hasFailed(container))
      .slice(0, MAX_CONTAINERS);
    if (failed.length === 0) {
      return undefined;
    }
    const entries = await Promise.all(
      failed.map(async ({ container, pod }) => {
        const key = `${pod.name}_${container.name}`;
        return [key, await this.#text(server, service, pod, container)];
      }),
    );
    return Object.fromEntries(entries.filter(([, text]) => text));
  }

  async #text(
    server: ApiServer,
    service: KserveInferenceService,
    pod: KservePod,
    container: KserveContainer,
  ): Promise<string> {
    const { name, restarts, state } = container;
    const key = JSON.stringify([
      service.cluster,
      service.namespace,
      pod.name,
      name,
      restarts,
      state,
    ]);
    let text = this.#texts.get(key);
    if (!text) {
      const path = `/api/v1/namespaces/${encodeURIComponent(service.namespace)}/pods/${encodeURIComponent(pod.name)}/log`;
      // One that waits for its next start still has the log of the last one.
      const runs =
        state === 'running' && restarts > 0 ? [true, undefined] : [undefined];
      text = Promise.all(
        runs.map(previous => fetchEnd(server, path, name, previous)),
      ).then(texts => texts.join(''));
      this.#texts.set(key, text);
    }
    return await text;
  }
}

async function fetchEnd(
  server: ApiServer,
  path: string,
  container: string,
  previous: boolean | undefined,
): Promise<string> {
  try {
    const answer = await server.open({
      path,
      query: { container, previous, tailLines: LINES, limitBytes: MAX_BYTES },
      headers: { accept: '*/*' },
      signal: AbortSignal.timeout(FETCH_MS),
      timeoutMs: FETCH_MS,
    });
    return (await readBytes(answer, MAX_BYTES)).bytes.toString();
  } catch {
    return '';
  }
}

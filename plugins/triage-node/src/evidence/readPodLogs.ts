// SPDX-License-Identifier: Apache-2.0
import { toError } from '@backstage/errors';
import type { PodLog } from '@greenroom/triage-engine';
import { z } from 'zod';
import type { ReadPod } from './kubernetesSchemas';
import type { KubernetesApi } from './types';

const TIMEOUT_MS = 8_000;
const LINES = 5_000;
/** The end counts: what comes before it is let go. */
const MAX_BYTES = 1024 * 1024;
const MAX_CONTAINERS = 2;
const answerSchema = z.object({ status: z.number() });

/** KServe's name of the container that serves the model. */
const MAIN_CONTAINER = 'kserve-container';

/**
 * The end of the log of the container that an alert names, and of the one before its
 * last restart. Never fails: why there is none is in `errors`.
 */
export async function readPodLogs(options: {
  server: KubernetesApi;
  pod: ReadPod;
  namespace: string;
  /** Of the alert; without it those that are in trouble. */
  container?: string;
  signal: AbortSignal;
}): Promise<{ logs: PodLog[]; errors: string[] }> {
  const { server, pod, namespace, container, signal } = options;
  const errors: string[] = [];
  const logs: PodLog[] = [];
  for (const name of chooseContainers(pod, container)) {
    for (const previous of [false, true]) {
      try {
        const content = await readEnd(server, {
          path: `/api/v1/namespaces/${namespace}/pods/${encodeURIComponent(pod.metadata.name)}/log`,
          container: name,
          previous,
          signal,
        });
        logs.push(toLog(pod.metadata.name, name, previous, content));
      } catch (error) {
        signal.throwIfAborted();
        const status = answerSchema.safeParse(error).data?.status;
        // It waits for its start, or nothing was before it.
        if (status !== 400 && !(previous && status === 404)) {
          errors.push(
            `Log of ${pod.metadata.name}/${name}: ${toError(error).message}`,
          );
        }
      }
    }
  }
  return { logs, errors };
}

function chooseContainers(pod: ReadPod, named?: string): string[] {
  const { containers, initContainers } = pod.spec;
  const names = [...containers, ...initContainers].map(({ name }) => name);
  if (named) {
    return names.includes(named) ? [named] : [];
  }
  const { containerStatuses, initContainerStatuses } = pod.status;
  const troubled = [...containerStatuses, ...initContainerStatuses]
    .filter(({ ready, restartCount }) => !ready || restartCount > 0)
    .map(({ name }) => name);
  const main = names.includes(MAIN_CONTAINER) ? MAIN_CONTAINER : names[0];
  return [...new Set([...troubled, ...(main ? [main] : [])])].slice(
    0,
    MAX_CONTAINERS,
  );
}

function toLog(
  pod: string,
  container: string,
  previous: boolean,
  content: Buffer,
): PodLog {
  return {
    pod,
    container,
    previous,
    input: {
      source: `${pod}_${container}${previous ? '.previous' : ''}.txt`,
      async *open() {
        yield content;
      },
    },
  };
}

async function readEnd(
  server: KubernetesApi,
  options: {
    path: string;
    container: string;
    previous: boolean;
    signal: AbortSignal;
  },
): Promise<Buffer> {
  const { path, container, previous, signal } = options;
  const answer = await server.open({
    path,
    query: { container, previous: previous || undefined, tailLines: LINES },
    headers: { accept: '*/*' },
    signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
  });
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of answer) {
    parts.push(Buffer.from(part));
    size += part.length;
    while (size - parts[0].length >= MAX_BYTES) {
      size -= parts[0].length;
      parts.shift();
    }
  }
  const all = Buffer.concat(parts);
  if (all.length <= MAX_BYTES) {
    return all;
  }
  const end = all.subarray(all.length - MAX_BYTES);
  // Not from the middle of a line, nor of a letter.
  return end.subarray(end.indexOf('\n') + 1);
}

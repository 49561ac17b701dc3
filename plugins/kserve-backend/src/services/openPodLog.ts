// SPDX-License-Identifier: Apache-2.0
import {
  InputError,
  NotFoundError,
  ServiceUnavailableError,
} from '@backstage/errors';
import type {
  KserveInferenceService,
  KserveLogsQuery,
  KservePod,
} from '@greenroom/plugin-kserve-common';
import { type ApiServer, ApiServerError } from '@greenroom/plugin-kserve-node';
import type { KserveLimits } from './readKserveConfig';

const DEFAULT_LINES = 500;
// KServe's name of the container that serves the model.
const MAIN_CONTAINER = 'kserve-container';

function findContainer(pod: KservePod, name?: string): string {
  const { containers } = pod;
  const found = name
    ? containers.find(item => item.name === name)
    : (containers.find(item => item.name === MAIN_CONTAINER) ??
      containers.find(item => !item.init) ??
      containers[0]);
  if (!found) {
    throw new NotFoundError(`Pod '${pod.name}' has no such container`);
  }
  return found.name;
}

/**
 * Opens the log of a container of one of the service's own pods: text with a time
 * before each line, cut after `kserve.limits.logBytes` and, where it is followed,
 * after `kserve.limits.logSeconds`.
 *
 * @throws NotFoundError for a pod or container that is not this service's.
 */
export async function openPodLog(options: {
  server: ApiServer;
  service: KserveInferenceService;
  query: KserveLogsQuery;
  limits: KserveLimits;
  /** Ends the log, e.g. when the reader went. */
  signal: AbortSignal;
}): Promise<AsyncIterable<Buffer>> {
  const { limits, query, server, service, signal } = options;
  const pod = service.pods.find(({ name }) => name === query.pod);
  if (!pod) {
    throw new NotFoundError(
      `The inference service '${service.namespace}/${service.name}' has no such pod`,
    );
  }
  const container = findContainer(pod, query.container);
  const time = AbortSignal.timeout(limits.logSeconds * 1_000);
  const ends = AbortSignal.any([signal, time]);
  try {
    const answer = await server.open({
      path: `/api/v1/namespaces/${encodeURIComponent(service.namespace)}/pods/${encodeURIComponent(pod.name)}/log`,
      query: {
        container,
        timestamps: true,
        tailLines: query.tailLines ?? DEFAULT_LINES,
        sinceSeconds: query.sinceSeconds,
        previous: query.previous || undefined,
        follow: query.follow || undefined,
      },
      headers: { accept: '*/*' },
      signal: ends,
    });
    return limit(answer, { ...limits, time });
  } catch (cause) {
    signal.throwIfAborted();
    const error = ApiServerError.fromCause(cause, server.cluster);
    if (error.status === 400) {
      // Waiting to start, or nothing before the last restart: Kubernetes' own sentence.
      throw new InputError(error.message);
    }
    if (error.status === 404) {
      throw new NotFoundError(error.message);
    }
    throw new ServiceUnavailableError(
      error.code === 'not-allowed'
        ? `The portal may not read logs (get of pods/log) on cluster '${server.cluster}'`
        : error.message,
    );
  }
}

async function* limit(
  log: AsyncIterable<Buffer>,
  options: { logBytes: number; logSeconds: number; time: AbortSignal },
): AsyncGenerator<Buffer> {
  const { logBytes, logSeconds, time } = options;
  let left = logBytes;
  try {
    for await (const part of log) {
      yield part.subarray(0, left);
      left -= part.length;
      if (left <= 0) {
        yield Buffer.from(`\n… cut after ${logBytes} bytes\n`);
        return;
      }
    }
  } catch {
    yield Buffer.from(
      time.aborted
        ? `… ended after ${logSeconds} seconds\n`
        : '… the cluster broke the log off\n',
    );
  }
}

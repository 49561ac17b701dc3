// SPDX-License-Identifier: Apache-2.0
import { ManifestsRepository } from '../cluster/gitops/laptopManifests';

const FILE = 'platform/monitoring/kube-prometheus-stack.values.yaml';
const MOST_CHARACTERS = 256 * 1024;
const TIMEOUT_MS = 10_000;

/**
 * The values of kube-prometheus-stack that a repository of manifests has on its main branch; undefined where there are none.
 *
 * @throws when its server does not answer
 */
export async function readMonitoringValues(
  { url, apiUrl, token }: ManifestsRepository,
  signal?: AbortSignal,
): Promise<string | undefined> {
  const timeout = AbortSignal.timeout(TIMEOUT_MS);
  const response = await fetch(
    `${apiUrl}/repos${new URL(url).pathname}/contents/${FILE}?ref=main`,
    {
      headers: {
        accept: 'application/vnd.github.raw+json',
        ...(token && { authorization: `token ${token}` }),
      },
      signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
    },
  );
  if (response.status === 404) {
    await response.body?.cancel();
    return undefined;
  }
  const text = await response.text();
  if (!response.ok || text.length > MOST_CHARACTERS) {
    throw new Error(`${FILE} could not be read: ${response.status}`);
  }
  return text;
}

// SPDX-License-Identifier: Apache-2.0
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { KubernetesApi } from '@greenroom/plugin-triage-node';
import { KubectlApi } from './KubectlApi';

/**
 * Runs with the cluster of the given kubeconfig, which is a file for that time only, else
 * with that of KUBECONFIG, which an earlier step may have set; else with why there is none.
 */
export async function withKubeconfig<T>(
  env: NodeJS.ProcessEnv,
  kubeconfig: string | undefined,
  run: (api: KubernetesApi | string) => Promise<T>,
): Promise<T> {
  if (!kubeconfig && !env.KUBECONFIG) {
    return run(
      'The cluster was not asked: neither the secret KUBECONFIG nor a step that signs in gives a kubeconfig',
    );
  }
  const folder = await mkdtemp(
    path.join(env.RUNNER_TEMP || os.tmpdir(), 'kubeconfig-'),
  );
  try {
    const file = path.join(folder, 'config');
    if (kubeconfig) {
      await writeFile(file, kubeconfig, { mode: 0o600 });
    }
    const own = kubeconfig ? { ...env, KUBECONFIG: file } : env;
    return await run(new KubectlApi(own, path.join(folder, 'cache')));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

// SPDX-License-Identifier: Apache-2.0
import { Steps } from '../../bootstrap/Steps.mjs';
import { readKubeconfig } from '../cluster/kubeconfig/readKubeconfig';
import { ClusterAccess } from '../portal/portalConfig';
import { PlatformState } from './PlatformState';

/** The cluster of `--kubeconfig`, once it is known to do. */
export async function useCluster(
  { kubeconfig: file = '', steps }: { kubeconfig?: string; steps: Steps },
  state: PlatformState,
): Promise<ClusterAccess> {
  return steps.run('Cluster', async step => {
    const caFile = state.path('config', 'cluster-ca.crt');
    const { access, versions } = await readKubeconfig({ file, caFile });
    const { kubernetes, kserve, argocd } = versions;
    step.detail(
      [
        access.name,
        `Kubernetes ${kubernetes}`,
        kserve && `KServe ${kserve}`,
        argocd && `Argo CD ${argocd}`,
      ]
        .filter(Boolean)
        .join(', '),
    );
    return access;
  });
}

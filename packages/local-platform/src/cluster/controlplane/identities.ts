// SPDX-License-Identifier: Apache-2.0

/** The one node of the laptop's cluster. */
export const NODE_NAME = 'laptop';

/** The name in the certificate of the kubelet's one caller that may read metrics and nothing else. */
export const KUBELET_METRICS_CLIENT = 'prometheus';

/** Who talks to the API server of the local cluster, each with a token and a kubeconfig of its own. */
export type Identity =
  | 'admin'
  | 'kubelet'
  | 'kube-controller-manager'
  | 'kserve'
  | 'argocd'
  | 'argocd-applicationset'
  | 'traefik'
  | 'portal'
  | 'prometheus';

/** What the API server takes a token's holder for. */
export interface IdentityUser {
  user: string;
  groups: string[];
}

/** A controller that runs as a process here and as a pod elsewhere: its rights are those of the service account. */
function serviceAccount(namespace: string, name: string): IdentityUser {
  return {
    user: `system:serviceaccount:${namespace}:${name}`,
    groups: ['system:serviceaccounts', `system:serviceaccounts:${namespace}`],
  };
}

/** By identity: user and groups. Only `admin` may do everything; it applies what the cluster starts with. */
export const IDENTITIES: Record<Identity, IdentityUser> = {
  admin: { user: 'greenroom:admin', groups: ['system:masters'] },
  kubelet: { user: `system:node:${NODE_NAME}`, groups: ['system:nodes'] },
  'kube-controller-manager': {
    user: 'system:kube-controller-manager',
    groups: [],
  },
  kserve: serviceAccount('kserve', 'kserve-controller-manager'),
  argocd: serviceAccount('argocd', 'argocd-application-controller'),
  'argocd-applicationset': serviceAccount(
    'argocd',
    'argocd-applicationset-controller',
  ),
  traefik: serviceAccount('traefik', 'traefik'),
  portal: serviceAccount('greenroom', 'portal'),
  prometheus: serviceAccount('monitoring', 'prometheus'),
};

export const ALL_IDENTITIES = Object.keys(IDENTITIES) as Identity[];

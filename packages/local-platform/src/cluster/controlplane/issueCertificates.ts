// SPDX-License-Identifier: Apache-2.0
import { spawnSync } from 'node:child_process';
import { Problem } from '../../../bootstrap/Problem.mjs';
import { ClusterState } from './ClusterState';
import { KUBELET_METRICS_CLIENT, NODE_NAME } from './identities';

/** The first address of the services, by which pods know the API server. */
const KUBERNETES_SERVICE_IP = '10.0.0.1';

const LOCAL = ['127.0.0.1', 'localhost'];

const REQUESTS = [
  { name: 'etcd-ca', commonName: 'greenroom-etcd' },
  {
    name: 'etcd',
    signedBy: 'etcd-ca',
    commonName: 'etcd',
    hosts: LOCAL,
  },
  { name: 'etcd-client', signedBy: 'etcd-ca', commonName: 'kube-apiserver' },
  { name: 'ca', commonName: 'greenroom' },
  {
    name: 'apiserver',
    signedBy: 'ca',
    commonName: 'kube-apiserver',
    hosts: [
      ...LOCAL,
      KUBERNETES_SERVICE_IP,
      'kubernetes',
      'kubernetes.default',
      'kubernetes.default.svc',
      'kubernetes.default.svc.cluster.local',
    ],
  },
  {
    name: 'kubelet',
    signedBy: 'ca',
    commonName: `system:node:${NODE_NAME}`,
    organizations: ['system:nodes'],
    hosts: [...LOCAL, NODE_NAME],
  },
  {
    name: 'kubelet-client-ca',
    commonName: 'greenroom-kubelet-clients',
  },
  {
    name: 'apiserver-kubelet-client',
    signedBy: 'kubelet-client-ca',
    commonName: 'kube-apiserver-kubelet-client',
  },
  {
    name: 'prometheus-kubelet-client',
    signedBy: 'kubelet-client-ca',
    commonName: KUBELET_METRICS_CLIENT,
  },
  {
    name: 'monitoring',
    signedBy: 'ca',
    commonName: 'greenroom-monitoring',
    hosts: LOCAL,
  },
  { name: 'monitoring-client-ca', commonName: 'greenroom-monitoring-clients' },
  {
    name: 'monitoring-client',
    signedBy: 'monitoring-client-ca',
    commonName: 'greenroom-monitoring-client',
  },
  {
    // The names that KServe looks for.
    name: 'kserve-webhook/tls',
    signedBy: 'ca',
    commonName: 'kserve-webhook',
    hosts: LOCAL,
  },
];

/**
 * Makes the cluster's authorities if they are not there, and all other certificates anew: `etcd-ca` for etcd alone, `ca` for
 * what serves, `kubelet-client-ca` for whom the kubelet answers,
 * `monitoring-client-ca` for whom Prometheus and Alertmanager answer.
 *
 * @param binary - the multi-call binary of the control plane
 */
export function issueCertificates(state: ClusterState, binary: string): void {
  const result = spawnSync(binary, ['certificates'], {
    input: JSON.stringify({
      dir: state.path('certificates'),
      requests: REQUESTS,
    }),
    encoding: 'utf8',
    timeout: 30_000,
  });
  if (result.status !== 0) {
    throw new Problem(
      'The certificates of the local cluster could not be made.',
      `Remove ${state.path('certificates')}, and start again: it makes them anew.`,
      {
        detail: (result.stderr || String(result.error ?? ''))
          .split('\n')
          .filter(Boolean),
      },
    );
  }
}

// SPDX-License-Identifier: Apache-2.0
import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import { writeAtomically } from '../../bootstrap/files.mjs';
import { PartDescription } from '../supervisor/platformParts';
import { ClusterState } from './controlplane/ClusterState';
import { NODE_NAME } from './controlplane/identities';
import { KubeletOptions } from './kubelet/kubeletOptions';
import { kubeletAnswers, kubeletProcess } from './kubelet/kubeletProcess';

/** So many container ports at most listen at once. */
const CONTAINER_PORTS = 200;

/** A kubelet as a part, and the way to its pods. */
export interface KubeletPart {
  description: PartDescription;
  /** `socks5://user:password@127.0.0.1:port`, for this run. */
  podNetwork: string;
}

/** What a kubelet may do at another pace; tests cannot wait for minutes. */
export type KubeletPace = Pick<
  KubeletOptions,
  'restartBackoff' | 'memoryCheckMs' | 'adoptionMs' | 'controlGroups'
>;

/** The process kubelet of the cluster's one node: ready when the node is registered. */
export async function kubeletPart(
  state: ClusterState,
  images: KubeletOptions['images'],
  pace: KubeletPace = {},
): Promise<KubeletPart> {
  const kubeletPort = await state.settlePort('kubelet');
  const podProxyPort = await state.settlePort('podNetwork');
  const firstPort = await state.settleRange('containers', CONTAINER_PORTS);
  const tokenFile = state.path('kubelet.token');
  writeAtomically(tokenFile, state.token('kubelet'), 0o600);
  const credentials = {
    user: 'greenroom',
    password: randomBytes(24).toString('hex'),
  };
  const read = (name: string) =>
    fs.readFileSync(state.certificate(name), 'utf8');
  const options: KubeletOptions = {
    server: state.server,
    tokenFile,
    caFile: state.certificate('ca.crt'),
    nodeName: NODE_NAME,
    rootDir: state.path('kubelet'),
    images,
    kubeletPort,
    clientCaFile: state.certificate('kubelet-client-ca.crt'),
    certFile: state.certificate('kubelet.crt'),
    keyFile: state.certificate('kubelet.key'),
    podNetworkSocket: state.podNetworkSocket,
    podProxyPort,
    podProxyCredentials: credentials,
    containerPorts: [firstPort, firstPort + CONTAINER_PORTS - 1],
    ...pace,
  };
  return {
    description: {
      id: 'cluster-kubelet',
      spec: () => kubeletProcess(options, state.log('kubelet')),
      check: signal =>
        kubeletAnswers(
          kubeletPort,
          {
            cert: read('apiserver-kubelet-client.crt'),
            key: read('apiserver-kubelet-client.key'),
            ca: read('ca.crt'),
          },
          signal,
        ),
      timeoutMs: 60_000,
    },
    podNetwork: `socks5://${credentials.user}:${credentials.password}@127.0.0.1:${podProxyPort}`,
  };
}

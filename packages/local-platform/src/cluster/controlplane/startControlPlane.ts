// SPDX-License-Identifier: Apache-2.0
import fs from 'node:fs';
import path from 'node:path';
import { PACKAGE_DIR } from '../../paths';
import { Part } from '../../supervisor/Part';
import { PartDescription } from '../../supervisor/platformParts';
import { applyManifests } from '../apply/applyManifests';
import { ClusterState } from './ClusterState';
import {
  ControlPlaneContext,
  apiServerPart,
  controllerManagerPart,
  etcdPart,
  kservePart,
} from './controlPlaneParts';
import { issueCertificates } from './issueCertificates';
import { kserveManifests, readManifests } from './kserveManifests';

/** What of a control plane is started, and how its parts are watched. */
export interface ControlPlaneOptions {
  state: ClusterState;
  /** Holds the binaries and `manifests/`, as `buildCluster` makes them. */
  binDir: string;
  /** KServe with the Gateway API; `full` has the definitions of a production cluster. */
  kserve?: 'minimal' | 'full';
  /** The kubelet, started once the API server has given it its rights. */
  kubelet?: PartDescription;
  /** Makes a part that is started, and ended with all others. */
  addPart: (description: PartDescription) => Part;
  /** What is being done now, for a person. */
  onProgress?: (detail: string) => void;
  signal?: AbortSignal;
}

/** Who owns the fields of what the cluster starts with. */
export const BOOTSTRAP_FIELD_MANAGER = 'greenroom-bootstrap';

const MANIFESTS_DIR = path.join(
  PACKAGE_DIR,
  'src',
  'cluster',
  'controlplane',
  'manifests',
);

/** Also what production gives its portal. */
const PORTAL_ACCESS_DIR = path.resolve(
  PACKAGE_DIR,
  '../../deploy/apps/greenroom/portal-access',
);

/** Starts etcd, the API server, controllers, kubelet and KServe in their order, and applies what they need. */
export async function startControlPlane(
  options: ControlPlaneOptions,
): Promise<void> {
  const { state, binDir, addPart, onProgress = () => {}, signal } = options;
  const context: ControlPlaneContext = { state, binDir };
  await settlePorts(options);
  issueCertificates(state, path.join(binDir, 'cluster'));
  onProgress('etcd');
  await addPart(etcdPart(context)).start();
  signal?.throwIfAborted();
  onProgress('API server');
  await addPart(apiServerPart(context)).start();
  signal?.throwIfAborted();
  onProgress('controllers');
  await Promise.all([
    addPart(controllerManagerPart(context)).start(),
    applyBootstrap(options),
  ]);
  signal?.throwIfAborted();
  onProgress(options.kserve ? 'KServe' : 'kubelet');
  await Promise.all([
    options.kubelet && addPart(options.kubelet).start(),
    options.kserve && addPart(kservePart(context)).start(),
  ]);
}

async function settlePorts({ state, kserve }: ControlPlaneOptions) {
  for (const name of kserve ? ['kserveWebhook', 'kserveHealth'] : []) {
    await state.settlePort(name);
  }
}

async function applyBootstrap(options: ControlPlaneOptions): Promise<void> {
  const { state, binDir, kserve, signal } = options;
  await applyManifests({
    kubeConfig: state.kubeConfig('admin'),
    manifests: [
      ...readManifests(MANIFESTS_DIR),
      ...readManifests(PORTAL_ACCESS_DIR),
      ...(kserve
        ? kserveManifests({
            manifestsDir: path.join(binDir, 'manifests'),
            crds: kserve,
            webhookPort: state.port('kserveWebhook'),
            webhookCa: fs.readFileSync(state.certificate('ca.crt'), 'utf8'),
          })
        : []),
    ],
    fieldManager: BOOTSTRAP_FIELD_MANAGER,
    signal,
  });
}

// SPDX-License-Identifier: Apache-2.0
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { KubeConfig } from '@kubernetes/client-node';
import { ensurePythonEnvironment } from '@greenroom/local-github/testing';
import { buildCluster } from '../cluster/build/buildCluster';
import { ClusterState } from '../cluster/controlplane/ClusterState';
import { apiServerPart } from '../cluster/controlplane/controlPlaneParts';
import { Identity } from '../cluster/controlplane/identities';
import { startControlPlane } from '../cluster/controlplane/startControlPlane';
import { kubeletPart } from '../cluster/kubeletPart';
import { Part } from '../supervisor/Part';
import { PartDescription } from '../supervisor/platformParts';

/** What of a cluster is started. */
export interface StartClusterOptions {
  /** KServe's controller, webhooks and definitions; `full` validates as in production and takes half a minute more. */
  kserve?: boolean | 'full';
  /** The process kubelet; images are folders, see FolderImageStore, below `images/` of the data folder or what is named. */
  kubelet?: boolean | { imagesDir: string };
  /** A folder that outlives the cluster; without it a temporary one goes with `stop()`. */
  dataDir?: string;
}

/** A real control plane on free loopback ports. */
export interface TestCluster {
  /** For example `https://127.0.0.1:16443`. */
  server: string;
  /** PEM of the authority that signed the API server's certificate. */
  caFile: string;
  /** The admin's kubeconfig. */
  kubeconfigFile: string;
  dataDir: string;
  /** Ports, certificates and kubeconfigs, for what is started beside it. */
  state: ClusterState;
  /** Holds the binaries. */
  binDir: string;
  /** The way to pods, when there is a kubelet: `socks5://user:password@127.0.0.1:port`. */
  podNetwork?: string;
  /** The bearer token of an identity. */
  token(identity: Identity): string;
  /** A client's configuration of an identity. */
  kubeConfig(identity: Identity): KubeConfig;
  /** Starts one more part, which ends with the cluster. */
  startPart(description: PartDescription): Promise<void>;
  stopApiServer(): Promise<void>;
  startApiServer(): Promise<void>;
  /** On the same port, with the same data. */
  restartApiServer(): Promise<void>;
  stop(): Promise<void>;
}

/** The folder of the cluster's binaries; whoever comes first builds them, which takes minutes. */
export async function getClusterBinaries(): Promise<string> {
  const build = buildCluster({ cacheDir: await cacheFolder() });
  await build.argocd;
  return build.dir;
}

/** The registry's binary, which is built before all others. */
export async function getRegistryBinary(): Promise<string> {
  const build = buildCluster({ cacheDir: await cacheFolder() });
  await build.registry;
  return path.join(build.dir, 'registry');
}

async function cacheFolder(): Promise<string> {
  return (
    process.env.GREENROOM_CACHE_DIR ??
    (await ensurePythonEnvironment()).cacheDir
  );
}

/**
 * Starts etcd, kube-apiserver and kube-controller-manager, and KServe if asked. Takes 10 to 30 s once the binaries are
 * built; give the hook the 20 minutes of a build.
 */
export async function startCluster(
  options: StartClusterOptions = {},
): Promise<TestCluster> {
  const binDir = await getClusterBinaries();
  const dataDir =
    options.dataDir ??
    fs.mkdtempSync(path.join(os.tmpdir(), 'greenroom-cluster-'));
  const state = await ClusterState.open({
    dir: dataDir,
    logsDir: path.join(dataDir, 'logs'),
  });
  const parts = new Map<string, Part>();
  const addPart = (description: PartDescription) => {
    const part = new Part({
      ...description,
      stateDir: dataDir,
      tell: () => {},
    });
    parts.set(description.id, part);
    return part;
  };
  const stop = async () => {
    // Last started, first ended: none complains of another that is gone.
    for (const part of [...parts.values()].reverse()) {
      await part.stop();
    }
    if (options.dataDir === undefined) {
      fs.rmSync(dataDir, { recursive: true, force: true });
    }
  };
  const apiServer = apiServerPart({ state, binDir });
  const stopApiServer = async () => parts.get(apiServer.id)?.stop();
  const startApiServer = () => addPart(apiServer).start();
  let podNetwork: string | undefined;
  try {
    const folder =
      typeof options.kubelet === 'object'
        ? options.kubelet.imagesDir
        : path.join(dataDir, 'images');
    const kubelet = options.kubelet
      ? await kubeletPart(state, { folder })
      : undefined;
    podNetwork = kubelet?.podNetwork;
    await startControlPlane({
      state,
      binDir,
      kubelet: kubelet?.description,
      kserve: options.kserve === true ? 'minimal' : options.kserve || undefined,
      addPart,
    });
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    server: state.server,
    caFile: state.certificate('ca.crt'),
    kubeconfigFile: state.kubeconfigFile('admin'),
    dataDir,
    state,
    binDir,
    podNetwork,
    token: identity => state.token(identity),
    kubeConfig: identity => state.kubeConfig(identity),
    startPart: description => addPart(description).start(),
    stopApiServer,
    startApiServer,
    restartApiServer: async () => {
      await stopApiServer();
      await startApiServer();
    },
    stop,
  };
}

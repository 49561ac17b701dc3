// SPDX-License-Identifier: Apache-2.0
import { Problem } from '../../bootstrap/Problem.mjs';
import { Part } from '../supervisor/Part';
import { PartDescription } from '../supervisor/platformParts';
import { buildCluster, isBuilt } from './build/buildCluster';
import { RUN_SPACE, requireRoom } from './build/requireRoom';
import { ClusterState } from './controlplane/ClusterState';
import { startControlPlane } from './controlplane/startControlPlane';
import { ensureTraefik } from './gitops/ensureTraefik';
import { ManifestsRepository } from './gitops/laptopManifests';
import { Gitops, startGitops } from './gitops/startGitops';
import { KubeletOptions } from './kubelet/kubeletOptions';
import { kubeletPart } from './kubeletPart';

/** How far the cluster is, for a person. */
export interface ClusterReport {
  detail: string;
  step?: number;
  of?: number;
  minutesLeft?: number;
}

/** What a cluster is run with. */
export interface ClusterOptions {
  state: ClusterState;
  /** Holds the parts' pid records. */
  stateDir: string;
  cacheDir: string;
  /** Where the kubelet gets images from. */
  images: KubeletOptions['images'];
  /** What Argo CD keeps the cluster as; it may be made later. */
  repository: ManifestsRepository;
  /** Hears of the registry's binary as soon as it is built, while the rest is. */
  onRegistry?: (binDir: string) => Promise<void>;
  report: (report: ClusterReport) => void;
  /** A line for the person at the terminal. */
  tell: (message: string) => void;
  signal: AbortSignal;
}

/** A cluster that runs. */
export interface Cluster {
  state: ClusterState;
  gitops: Gitops;
  /** The way to pods: `http://user:password@127.0.0.1:port`. */
  podProxy: string;
  stop(): Promise<void>;
}

/**
 * Builds the local cluster if it has not been, and starts it: the control plane, the kubelet and KServe as soon as they are
 * built, Argo CD and the Gateway when those are.
 *
 * @throws Problem when the machine is too small, or a part cannot be built or started; what runs already is ended
 */
export async function runCluster(options: ClusterOptions): Promise<Cluster> {
  const { state, cacheDir, signal, report, tell } = options;
  requireRoom(state.dir, RUN_SPACE);
  const parts: Part[] = [];
  const addPart = (description: PartDescription) => {
    signal.throwIfAborted();
    const part = new Part({ ...description, stateDir: options.stateDir, tell });
    part.failed.then((problem: Problem) => tell(problem.format()));
    parts.push(part);
    return part;
  };
  let gitops: Gitops | undefined;
  const stop = async () => {
    gitops?.stop();
    // Last started, first ended: none complains of another that is gone.
    for (const part of [...parts].reverse()) {
      await part.stop();
    }
  };
  const onAbort = () => {
    stop().catch(() => {});
  };
  signal.addEventListener('abort', onAbort);
  try {
    const build = buildCluster({
      cacheDir,
      signal,
      onProgress: report,
      onWait: () => report({ detail: 'another start is building it' }),
    });
    const { dir: binDir } = build;
    // While the rest is being built, how far that is says more.
    const onProgress = (detail: string) => {
      if (isBuilt(binDir)) {
        report({ detail });
      }
    };
    const registry = build.registry.then(() => options.onRegistry?.(binDir));
    registry.catch(() => {});
    await build.kubernetes;
    const kubelet = await kubeletPart(state, options.images);
    await startControlPlane({
      state,
      binDir,
      kserve: 'minimal',
      kubelet: kubelet.description,
      addPart,
      onProgress,
      signal,
    });
    await Promise.all([registry, build.argocd]);
    onProgress('Argo CD and the Gateway');
    gitops = await startGitops({
      state,
      binDir,
      traefik: await ensureTraefik({ cacheDir }),
      podNetwork: kubelet.podNetwork,
      repository: options.repository,
      addPart,
      onProgress,
      tell,
      signal,
    });
    signal.throwIfAborted();
    return {
      state,
      gitops,
      podProxy: kubelet.podNetwork.replace(/^socks5/, 'http'),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

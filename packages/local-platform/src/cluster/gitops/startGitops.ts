// SPDX-License-Identifier: Apache-2.0
import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { Part } from '../../supervisor/Part';
import { PartDescription } from '../../supervisor/platformParts';
import { applyManifests } from '../apply/applyManifests';
import { kubernetesRequest, requireOk } from '../apply/kubernetesRequest';
import { ClusterState } from '../controlplane/ClusterState';
import { readManifests } from '../controlplane/kserveManifests';
import { BOOTSTRAP_FIELD_MANAGER } from '../controlplane/startControlPlane';
import {
  GITOPS_PORTS,
  GitopsContext,
  argocdApplicationSetPart,
  argocdControllerPart,
  argocdRepoServerPart,
  linkTools,
  traefikPart,
} from './gitopsParts';
import {
  ARGOCD_NAMESPACE,
  ManifestsRepository,
  laptopManifests,
  repositoryName,
  rootApplication,
} from './laptopManifests';
import { RepositoryWatch } from './RepositoryWatch';

/** What GitOps is started with, on a control plane that runs. */
export interface GitopsOptions {
  state: ClusterState;
  /** Holds `argocd` and `manifests/`, as `buildCluster` makes them. */
  binDir: string;
  /** Traefik's binary (`ensureTraefik`). */
  traefik: string;
  /** The kubelet's proxy: `socks5://user:password@127.0.0.1:port`. */
  podNetwork: string;
  /** What Argo CD keeps the cluster as; it may be made later. */
  repository: ManifestsRepository;
  /** Makes a part that is started, and ended with all others. */
  addPart: (description: PartDescription) => Part;
  /** What is being done now, for a person. */
  onProgress?: (detail: string) => void;
  /** A line for the person at the terminal. */
  tell?: (message: string) => void;
  signal?: AbortSignal;
}

/** GitOps that runs. */
export interface Gitops {
  /** Where requests to models go, with the model's host name as Host: `http://127.0.0.1:17080`. */
  gatewayUrl: string;
  /** Traefik's counts, in Prometheus' form. */
  gatewayMetricsUrl: string;
  /** Makes Argo CD look at the repository now. */
  refresh(): Promise<void>;
  /** Stops watching the repository; the parts end with all others. */
  stop(): void;
}

/**
 * Applies what Argo CD and the Gateway need and starts them. All that comes after is written by Argo CD, from the repository.
 */
export async function startGitops(options: GitopsOptions): Promise<Gitops> {
  const { state, addPart, onProgress = () => {}, signal } = options;
  for (const name of GITOPS_PORTS) {
    await state.settlePort(name);
  }
  const context: GitopsContext = {
    ...options,
    cachePassword: randomBytes(24).toString('hex'),
  };
  onProgress('settings of Argo CD');
  await bootstrap(options, linkTools(context));
  signal?.throwIfAborted();
  onProgress('Argo CD and Traefik');
  await Promise.all([
    addPart(traefikPart(context)).start(),
    startArgoCD(context, addPart),
  ]);
  const watch = new RepositoryWatch({
    repository: options.repository,
    kubeConfig: state.kubeConfig('argocd'),
    onProblem: options.tell,
  });
  watch.start();
  return {
    gatewayUrl: `http://127.0.0.1:${state.port('gateway')}`,
    gatewayMetricsUrl: `http://127.0.0.1:${state.port('gatewayMetrics')}/metrics`,
    refresh: () => watch.refresh(),
    stop: () => watch.stop(),
  };
}

async function startArgoCD(
  context: GitopsContext,
  addPart: (description: PartDescription) => Part,
): Promise<void> {
  await addPart(argocdRepoServerPart(context)).start();
  await Promise.all([
    addPart(argocdControllerPart(context)).start(),
    addPart(argocdApplicationSetPart(context)).start(),
  ]);
}

async function bootstrap(options: GitopsOptions, tools: string): Promise<void> {
  const { state, binDir, repository, signal } = options;
  const kubeConfig = state.kubeConfig('admin');
  const fieldManager = BOOTSTRAP_FIELD_MANAGER;
  await applyManifests({
    kubeConfig,
    manifests: [
      ...readManifests(path.join(binDir, 'manifests'), 'argocd', 'crds'),
      ...(await laptopManifests({
        tools,
        repository,
        gatewayPort: state.port('gateway'),
        serverKey: randomBytes(24).toString('hex'),
      })),
    ],
    fieldManager,
    signal,
  });
  // Once it is there it belongs to Argo CD, which has put it as the repository says.
  const what = `Application ${repositoryName(repository)}`;
  const found = await kubernetesRequest(kubeConfig, {
    path: `/apis/argoproj.io/v1alpha1/namespaces/${ARGOCD_NAMESPACE}/applications/${repositoryName(repository)}`,
    signal,
  });
  if (found.status === 404) {
    const manifests = [rootApplication(repository)];
    await applyManifests({ kubeConfig, manifests, fieldManager, signal });
  } else {
    await requireOk(what, Promise.resolve(found));
  }
}

// SPDX-License-Identifier: Apache-2.0
import type { KubeConfig } from '@kubernetes/client-node';
import { z } from 'zod';
import { Problem } from '../../../bootstrap/Problem.mjs';
import {
  KubernetesResponse,
  kubernetesRequest,
} from '../apply/kubernetesRequest';

/** The oldest that serving needs; KServe 0.20 asks for this Kubernetes. */
const OLDEST = { kubernetes: [1, 32], kserve: [0, 17], argocd: [3, 2] };

const HOW_TO = 'docs/clusters.md says how to get one that has it.';

const versionSchema = z.object({ gitVersion: z.string() });

const groupSchema = z.object({
  versions: z.array(z.object({ version: z.string() })),
});

const workloadsSchema = z.object({
  items: z.array(
    z.object({
      spec: z.object({
        template: z.object({
          spec: z.object({
            containers: z.array(z.object({ image: z.string() })),
          }),
        }),
      }),
    }),
  ),
});

/** What a cluster is. */
export interface ClusterVersions {
  kubernetes: string;
  /** Undefined when the caller may not read which. */
  kserve?: string;
  argocd?: string;
}

/**
 * Whether a cluster can serve models for the portal.
 *
 * @throws Problem that tells apart: it cannot be reached, it does not know the caller, the caller may not read, KServe or Argo CD
 *   is not installed, something is too old.
 */
export async function checkCluster(
  kubeConfig: KubeConfig,
): Promise<ClusterVersions> {
  const server = kubeConfig.getCurrentCluster()?.server ?? '';
  const kubernetes = await readVersion(kubeConfig, server);
  requireVersion('Kubernetes', kubernetes, OLDEST.kubernetes);
  await requireGroup(kubeConfig, 'KServe', 'serving.kserve.io', 'v1beta1');
  await requireGroup(kubeConfig, 'Argo CD', 'argoproj.io', 'v1alpha1');
  const [kserve, argocd] = await Promise.all([
    findVersion(
      kubeConfig,
      'control-plane=kserve-controller-manager',
      'kserve-controller',
    ),
    findVersion(kubeConfig, 'app.kubernetes.io/part-of=argocd', 'argocd'),
  ]);
  requireVersion('KServe', kserve, OLDEST.kserve);
  requireVersion('Argo CD', argocd, OLDEST.argocd);
  return { kubernetes, kserve, argocd };
}

/** Asks, and says in words why there is no answer. */
export async function askCluster(
  kubeConfig: KubeConfig,
  request: Parameters<typeof kubernetesRequest>[1],
): Promise<KubernetesResponse> {
  const server = kubeConfig.getCurrentCluster()?.server ?? '';
  let response: KubernetesResponse;
  try {
    response = await kubernetesRequest(kubeConfig, {
      timeoutMs: 10_000,
      ...request,
    });
  } catch (error) {
    throw unreachable(server, error);
  }
  if (response.status === 401) {
    throw new Problem(
      `The cluster at ${server} does not know who asks (401).`,
      'The credentials of the kubeconfig have expired, or are of another cluster: get it anew.',
    );
  }
  return response;
}

function unreachable(server: string, error: unknown): Problem {
  const { code, name } = error as NodeJS.ErrnoException;
  const words = error instanceof Error ? error.message : String(error);
  const isCertificate = /CERT|SELF_SIGNED|UNABLE_TO_|ALTNAME|SSL/.test(
    `${code ?? ''}`,
  );
  const why = name === 'TimeoutError' ? 'no answer within 10 s' : words;
  return new Problem(
    isCertificate
      ? `The cluster at ${server} shows a certificate that the kubeconfig does not trust: ${words}`
      : `The cluster at ${server} cannot be reached: ${why}`,
    isCertificate
      ? 'The cluster was made anew, or something stands in between: get its kubeconfig anew.'
      : 'Start the cluster, or choose another context of the kubeconfig with `kubectl config use-context`.',
    { cause: error },
  );
}

async function readVersion(
  kubeConfig: KubeConfig,
  server: string,
): Promise<string> {
  const answer = await askCluster(kubeConfig, { path: '/version' });
  if (answer.status === 403) {
    throw forbidden(kubeConfig, 'the version', answer);
  }
  const version = versionSchema.safeParse(answer.body);
  if (!version.success) {
    throw new Problem(
      `What answers at ${server} is not Kubernetes (HTTP ${answer.status}).`,
      'Look at the server of the current context in the kubeconfig.',
    );
  }
  return version.data.gitVersion;
}

function forbidden(
  kubeConfig: KubeConfig,
  what: string,
  { body }: KubernetesResponse,
): Problem {
  const user = kubeConfig.getCurrentUser()?.name ?? 'the user';
  const said = z.object({ message: z.string() }).safeParse(body);
  return new Problem(
    `The user "${user}" of the kubeconfig may not read ${what} (403).`,
    'Use a kubeconfig whose user may; docs/clusters.md has the rights that the portal needs.',
    { detail: said.success ? [said.data.message] : [] },
  );
}

async function requireGroup(
  kubeConfig: KubeConfig,
  title: string,
  group: string,
  version: string,
): Promise<void> {
  const answer = await askCluster(kubeConfig, { path: `/apis/${group}` });
  if (answer.status === 404) {
    throw new Problem(
      `${title} is not installed in this cluster: it does not serve ${group}.`,
      HOW_TO,
    );
  }
  if (answer.status === 403) {
    throw forbidden(kubeConfig, group, answer);
  }
  const served = groupSchema.safeParse(answer.body);
  if (!served.data?.versions.some(each => each.version === version)) {
    throw new Problem(
      `${title} is too old in this cluster: it does not serve ${group}/${version}.`,
      HOW_TO,
    );
  }
}

/** By the tag of the image that runs; who may not list Deployments is not refused for it. */
async function findVersion(
  kubeConfig: KubeConfig,
  selector: string,
  image: string,
): Promise<string | undefined> {
  const query = new URLSearchParams({ labelSelector: selector, limit: '20' });
  const answer = await askCluster(kubeConfig, {
    path: `/apis/apps/v1/deployments?${query}`,
  });
  const workloads = workloadsSchema.safeParse(answer.body);
  return workloads.data?.items
    .flatMap(({ spec }) => spec.template.spec.containers)
    .map(container => /\/([\w-]+):(v?\d+\.\d+[\w.-]*)/.exec(container.image))
    .find(match => match?.[1] === image)?.[2];
}

function requireVersion(
  title: string,
  version: string | undefined,
  oldest: number[],
): void {
  const match = /^v?(\d+)\.(\d+)/.exec(version ?? '');
  if (!match) {
    return;
  }
  const [major, minor] = [Number(match[1]), Number(match[2])];
  if (major < oldest[0] || (major === oldest[0] && minor < oldest[1])) {
    throw new Problem(
      `${title} ${version} is too old in this cluster: ${oldest.join('.')} is the oldest that works.`,
      HOW_TO,
    );
  }
}

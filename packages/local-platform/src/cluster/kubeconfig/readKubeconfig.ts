// SPDX-License-Identifier: Apache-2.0
import fs from 'node:fs';
import { KubeConfig } from '@kubernetes/client-node';
import { z } from 'zod';
import { Problem } from '../../../bootstrap/Problem.mjs';
import { writeAtomically } from '../../../bootstrap/files.mjs';
import type { ClusterAccess } from '../../portal/portalConfig';
import { ClusterVersions, askCluster, checkCluster } from './checkCluster';

/** The account of deploy/apps/greenroom/portal-access. */
const ACCOUNT = { namespace: 'greenroom', name: 'portal' };
/** Clusters cut it to what they allow; the next start gets another. */
const TOKEN_SECONDS = 30 * 24 * 3600;

/** What the portal must be able to do, as questions to the cluster. */
const NEEDED: {
  group: string;
  resource: string;
  subresource?: string;
  verb: string;
}[] = [
  { group: 'serving.kserve.io', resource: 'inferenceservices', verb: 'list' },
  { group: 'serving.kserve.io', resource: 'inferenceservices', verb: 'watch' },
  { group: 'argoproj.io', resource: 'applications', verb: 'list' },
  { group: 'apps', resource: 'deployments', verb: 'list' },
  { group: '', resource: 'pods', verb: 'list' },
  { group: '', resource: 'pods', subresource: 'log', verb: 'get' },
  { group: '', resource: 'events', verb: 'list' },
  { group: '', resource: 'services', subresource: 'proxy', verb: 'create' },
];

const HOW_TO =
  'Apply the account that the portal needs: kubectl apply --server-side --kustomize deploy/apps/greenroom/portal-access';

const tokenSchema = z.object({ status: z.object({ token: z.string() }) });
const reviewSchema = z.object({ status: z.object({ allowed: z.boolean() }) });

/** A cluster that is there, ready for the portal's configuration. */
export interface GivenCluster {
  access: ClusterAccess;
  versions: ClusterVersions;
}

/**
 * Makes the cluster of a kubeconfig's current context the portal's: checks it, and gets the portal a token of its own account
 * there, so that the portal never has the rights of the person. A kubeconfig of that very account is used as it is.
 *
 * @throws Problem in words for whatever keeps the portal from using the cluster
 */
export async function readKubeconfig(options: {
  file: string;
  /** Where the certificate authority is written, for the portal's configuration. */
  caFile: string;
}): Promise<GivenCluster> {
  const kubeConfig = loadKubeconfig(options.file);
  const cluster = kubeConfig.getCurrentCluster();
  if (!cluster) {
    throw new Problem(
      `${options.file} has no current context, or its cluster is missing.`,
      'Choose one: kubectl config use-context NAME',
    );
  }
  const versions = await checkCluster(kubeConfig);
  const token = await getToken(kubeConfig);
  await requireRights(kubeConfig, token);
  const ca = cluster.caData
    ? Buffer.from(cluster.caData, 'base64').toString('utf8')
    : cluster.caFile && fs.readFileSync(cluster.caFile, 'utf8');
  if (ca) {
    writeAtomically(options.caFile, ca, 0o600);
  }
  return {
    versions,
    access: {
      name: kubeConfig.getCurrentContext(),
      url: cluster.server,
      caFile: ca ? options.caFile : undefined,
      skipTLSVerify: cluster.skipTLSVerify || undefined,
      token,
    },
  };
}

function loadKubeconfig(file: string): KubeConfig {
  const kubeConfig = new KubeConfig();
  try {
    kubeConfig.loadFromFile(file);
  } catch (error) {
    const isMissing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    throw new Problem(
      isMissing
        ? `There is no file ${file}.`
        : `${file} is not a kubeconfig: ${error instanceof Error ? error.message : error}`,
      'Name the file that `kubectl` uses, for example --kubeconfig ~/.kube/config',
      { cause: error },
    );
  }
  return kubeConfig;
}

async function getToken(kubeConfig: KubeConfig): Promise<string> {
  const { namespace, name } = ACCOUNT;
  const answer = await askCluster(kubeConfig, {
    method: 'POST',
    path: `/api/v1/namespaces/${namespace}/serviceaccounts/${name}/token`,
    body: {
      apiVersion: 'authentication.k8s.io/v1',
      kind: 'TokenRequest',
      spec: { expirationSeconds: TOKEN_SECONDS },
    },
  });
  const made = tokenSchema.safeParse(answer.body);
  if (made.success && answer.status === 201) {
    return made.data.status.token;
  }
  const own = kubeConfig.getCurrentUser()?.token;
  if (answer.status === 403 && own) {
    return own;
  }
  if (answer.status === 404) {
    throw new Problem(
      `The cluster has no service account ${namespace}/${name}.`,
      HOW_TO,
    );
  }
  throw new Problem(
    `The portal gets no token in this cluster (HTTP ${answer.status}).`,
    `The kubeconfig's user must be able to create serviceaccounts/token in ${namespace}, or be that account itself. ${HOW_TO}`,
  );
}

async function requireRights(kubeConfig: KubeConfig, token: string) {
  const portal = new KubeConfig();
  const cluster = kubeConfig.getCurrentCluster();
  portal.loadFromOptions({
    clusters: cluster ? [cluster] : [],
    users: [{ name: 'portal', token }],
    contexts: [{ name: 'portal', cluster: cluster?.name, user: 'portal' }],
    currentContext: 'portal',
  });
  const missing: string[] = [];
  for (const resourceAttributes of NEEDED) {
    const answer = await askCluster(portal, {
      method: 'POST',
      path: '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews',
      body: {
        apiVersion: 'authorization.k8s.io/v1',
        kind: 'SelfSubjectAccessReview',
        spec: { resourceAttributes },
      },
    });
    const review = reviewSchema.safeParse(answer.body);
    if (!review.data?.status.allowed) {
      const { verb, resource, subresource } = resourceAttributes;
      missing.push(
        `${verb} ${resource}${subresource ? `/${subresource}` : ''}`,
      );
    }
  }
  if (missing.length) {
    throw new Problem(
      `The portal's account may not: ${missing.join(', ')}.`,
      HOW_TO,
    );
  }
}

// SPDX-License-Identifier: Apache-2.0
import type { LoggerService } from '@backstage/backend-plugin-api';
import type { Config } from '@backstage/config';
import {
  ANNOTATION_KUBERNETES_AUTH_PROVIDER,
  SERVICEACCOUNT_CA_PATH,
} from '@backstage/plugin-kubernetes-common';
import type {
  AuthenticationStrategy,
  ClusterDetails,
  KubernetesCredential,
} from '@backstage/plugin-kubernetes-node';
import fs from 'node:fs/promises';
import path from 'node:path';
import { ApiServerError } from './ApiServerError';

const TOKEN_PATH = path.join(path.dirname(SERVICEACCOUNT_CA_PATH), 'token');

// They need the token that a user's browser sends.
const OF_USERS = ['aks', 'google', 'oidc'];

/** Whether the pod that the portal runs in says where the cluster is. */
export function isInCluster({ authMetadata }: ClusterDetails): boolean {
  return (
    authMetadata[ANNOTATION_KUBERNETES_AUTH_PROVIDER] === 'serviceAccount' &&
    !authMetadata.serviceAccountToken &&
    Boolean(process.env.KUBERNETES_SERVICE_HOST)
  );
}

/** Gives the portal's own credential for a cluster, anew for each request. @public */
export type CredentialReader = () => Promise<KubernetesCredential>;

/**
 * Makes the reader of a cluster's credential by its auth provider. `aws`, `azure`
 * and `googleServiceAccount` are the Kubernetes plugin's own strategies.
 *
 * @throws ApiServerError from the reader, where the provider is not one that works without a user.
 */
export function createCredentialReader(
  cluster: ClusterDetails,
  options: { config: Config; logger: LoggerService },
): CredentialReader {
  const provider = cluster.authMetadata[ANNOTATION_KUBERNETES_AUTH_PROVIDER];
  if (provider === 'localKubectlProxy') {
    return async () => ({ type: 'anonymous' });
  }
  if (provider === 'serviceAccount') {
    const token = cluster.authMetadata.serviceAccountToken;
    return async () => ({
      type: 'bearer token',
      // The kubelet renews the file every hour.
      token: token ?? (await readServiceAccountToken(cluster.name)),
    });
  }
  let strategy: Promise<AuthenticationStrategy> | undefined;
  return async () => {
    strategy ??= loadStrategy(provider, cluster, options);
    return await (await strategy).getCredential(cluster, {});
  };
}

async function readServiceAccountToken(cluster: string): Promise<string> {
  try {
    return (await fs.readFile(TOKEN_PATH, 'utf8')).trim();
  } catch (cause) {
    throw new ApiServerError(
      `Cluster '${cluster}' has no serviceAccountToken in 'kubernetes:', and the portal runs in no pod that holds one`,
      { code: 'not-configured', cause },
    );
  }
}

async function loadStrategy(
  provider: string | undefined,
  cluster: ClusterDetails,
  { config, logger }: { config: Config; logger: LoggerService },
): Promise<AuthenticationStrategy> {
  if (provider === undefined || OF_USERS.includes(provider)) {
    throw new ApiServerError(
      `Cluster '${cluster.name}' is not watched: its auth provider (${provider ?? 'none'}) needs the token of a user's browser. Watching takes serviceAccount, aws, azure, googleServiceAccount or localKubectlProxy`,
      { code: 'not-configured' },
    );
  }
  // Loaded for those who use it: it brings the clouds' libraries along.
  const strategies = await import('@backstage/plugin-kubernetes-backend');
  switch (provider) {
    case 'aws':
      return new strategies.AwsIamStrategy({ config });
    case 'azure':
      return new strategies.AzureIdentityStrategy(logger);
    case 'googleServiceAccount':
      return new strategies.GoogleServiceAccountStrategy({ config });
    default:
      throw new ApiServerError(
        `Cluster '${cluster.name}' is not watched: its auth provider '${provider}' is not known here`,
        { code: 'not-configured' },
      );
  }
}

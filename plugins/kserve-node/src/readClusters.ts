// SPDX-License-Identifier: Apache-2.0
import type { Config } from '@backstage/config';
import { InputError } from '@backstage/errors';
import {
  ANNOTATION_KUBERNETES_AUTH_PROVIDER,
  ANNOTATION_KUBERNETES_AWS_ASSUME_ROLE,
  ANNOTATION_KUBERNETES_AWS_EXTERNAL_ID,
} from '@backstage/plugin-kubernetes-common';
import type { ClusterDetails } from '@backstage/plugin-kubernetes-node';
import { z } from 'zod';

const KEY = 'kubernetes.clusterLocatorMethods';

const text = z.string().min(1);

const clusterSchema = z.object({
  name: text,
  title: text.optional(),
  url: z.url({ protocol: /^https?$/ }),
  authProvider: text.optional(),
  authMetadata: z.record(z.string(), z.string()).optional(),
  serviceAccountToken: text.optional(),
  assumeRole: text.optional(),
  externalId: text.optional(),
  skipTLSVerify: z.boolean().optional(),
  caData: text.optional(),
  caFile: text.optional(),
});

const methodSchema = z.object({
  type: text,
  clusters: z.array(clusterSchema).optional(),
});

/** The clusters of the Kubernetes plugin, and where it has some that are not known here. */
export interface ConfiguredClusters {
  clusters: ClusterDetails[];
  /** Locator methods that are not read: `catalog`, `gke` and custom ones. */
  unreadMethods: string[];
}

function toClusterDetails(
  cluster: z.infer<typeof clusterSchema>,
): ClusterDetails {
  const { assumeRole, authMetadata, authProvider, externalId } = cluster;
  const { serviceAccountToken } = cluster;
  const provider =
    authMetadata?.[ANNOTATION_KUBERNETES_AUTH_PROVIDER] ?? authProvider;
  return {
    name: cluster.name,
    title: cluster.title,
    url: cluster.url,
    skipTLSVerify: cluster.skipTLSVerify,
    caData: cluster.caData,
    caFile: cluster.caFile,
    authMetadata: {
      ...(provider && { [ANNOTATION_KUBERNETES_AUTH_PROVIDER]: provider }),
      ...(serviceAccountToken && { serviceAccountToken }),
      ...(assumeRole && {
        [ANNOTATION_KUBERNETES_AWS_ASSUME_ROLE]: assumeRole,
      }),
      ...(externalId && {
        [ANNOTATION_KUBERNETES_AWS_EXTERNAL_ID]: externalId,
      }),
      ...authMetadata,
    },
  };
}

/**
 * Reads the clusters from the configuration of the Kubernetes plugin
 * (`kubernetes.clusterLocatorMethods`), so that there is one list of clusters.
 *
 * @throws InputError that names the config key, never a value.
 */
export function readClusters(config: Config): ConfiguredClusters {
  const parsed = z.array(methodSchema).safeParse(config.getOptional(KEY) ?? []);
  if (!parsed.success) {
    const [{ message, path }] = parsed.error.issues;
    throw new InputError(
      `Invalid config at '${[KEY, ...path].join('.')}': ${message}`,
    );
  }
  const clusters: ClusterDetails[] = [];
  const unreadMethods: string[] = [];
  for (const method of parsed.data) {
    if (method.type === 'config') {
      clusters.push(...(method.clusters ?? []).map(toClusterDetails));
    } else if (method.type === 'localKubectlProxy') {
      clusters.push({
        name: 'local',
        url: 'http://127.0.0.1:8001',
        authMetadata: {
          [ANNOTATION_KUBERNETES_AUTH_PROVIDER]: 'localKubectlProxy',
        },
      });
    } else {
      unreadMethods.push(method.type);
    }
  }
  const names = clusters.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) {
    throw new InputError(
      `Invalid config at '${KEY}': there are two clusters '${twice}'`,
    );
  }
  return { clusters, unreadMethods };
}

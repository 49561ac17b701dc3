// SPDX-License-Identifier: Apache-2.0
import { kserveReadPermission } from '@greenroom/plugin-kserve-common';
import type { ActionOptions } from '.';
import { clustersSchema, errorsSchema } from './schemas';

/** Registers `kserve:list-clusters`. */
export function registerListClustersAction({
  actionsRegistry,
  service,
}: ActionOptions): void {
  actionsRegistry.register({
    name: 'list-clusters',
    title: 'List clusters that serve models',
    description:
      'Lists the clusters of the Kubernetes plugin: whether they answer, whether they have KServe and Argo CD, which API versions of KServe they serve, and what is wrong with them.',
    attributes: { readOnly: true, idempotent: true, destructive: false },
    visibilityPermission: kserveReadPermission,
    schema: {
      input: z => z.object({}),
      output: z =>
        z.object({ items: clustersSchema(z), errors: errorsSchema(z) }),
    },
    action: async ({ credentials }) => {
      const { errors, items } = await service.listClusters({ credentials });
      return { output: { items, errors } };
    },
  });
}

// SPDX-License-Identifier: Apache-2.0
import { kserveReadPermission } from '@greenroom/plugin-kserve-common';
import type { ActionOptions } from '.';
import {
  clustersSchema,
  entityRefSchema,
  errorsSchema,
  inferenceServiceSchema,
  toEntityRef,
} from './schemas';

/** Registers `kserve:list-entity-inference-services`. */
export function registerListEntityInferenceServicesAction({
  actionsRegistry,
  service,
}: ActionOptions): void {
  actionsRegistry.register({
    name: 'list-entity-inference-services',
    title: 'List KServe inference services of an entity',
    description:
      'Says what KServe serves of a catalog entity: whether it is ready and why not in one sentence with its proof, the next step, which revision gets which share of the traffic, pods, events and the steps of the rollout. Empty `clusters` means that no cluster is configured.',
    attributes: { readOnly: true, idempotent: true, destructive: false },
    visibilityPermission: kserveReadPermission,
    schema: {
      input: z => z.object({ entityRef: entityRefSchema(z) }),
      output: z =>
        z.object({
          items: z.array(inferenceServiceSchema(z)),
          clusters: clustersSchema(z),
          errors: errorsSchema(z),
        }),
    },
    examples: [
      {
        title: 'Is churn ready, and if not, why?',
        input: { entityRef: 'component:default/churn' },
      },
    ],
    action: async ({ credentials, input }) => {
      const { clusters, errors, items } = await service.listInferenceServices({
        credentials,
        entityRef: toEntityRef(input.entityRef),
      });
      return {
        output: {
          items: items.map(item => ({ ...item })),
          clusters,
          errors,
        },
      };
    },
  });
}

// SPDX-License-Identifier: Apache-2.0
import { kservePredictPermission } from '@greenroom/plugin-kserve-common';
import type { ActionOptions } from '.';
import { serviceSchemas, toEntityRef } from './schemas';

/** Registers `kserve:get-model-metadata`. */
export function registerGetModelMetadataAction({
  actionsRegistry,
  service,
}: ActionOptions): void {
  actionsRegistry.register({
    name: 'get-model-metadata',
    title: 'Get metadata of a served model',
    description:
      'Asks a model server what its model takes and gives (tensors with datatype and shape by the Open Inference Protocol v2), which protocols it speaks, and gives a whole request body for each to begin with.',
    attributes: { readOnly: true, idempotent: true, destructive: false },
    visibilityPermission: kservePredictPermission,
    schema: {
      input: z => z.object(serviceSchemas(z)),
      output: z => {
        const tensors = z.array(
          z.object({
            name: z.string(),
            datatype: z.string(),
            shape: z.array(z.number()),
          }),
        );
        return z.object({
          name: z.string(),
          protocols: z.array(z.enum(['v1', 'v2'])),
          inputs: tensors,
          outputs: tensors,
          examples: z.object({
            v1: z.unknown().optional(),
            v2: z.unknown().optional(),
          }),
        });
      },
    },
    action: async ({ credentials, input: { entityRef, ...rest } }) => ({
      output: await service.getMetadata({
        credentials,
        entityRef: toEntityRef(entityRef),
        ...rest,
      }),
    }),
  });
}

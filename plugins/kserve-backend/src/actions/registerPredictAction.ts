// SPDX-License-Identifier: Apache-2.0
import { kservePredictPermission } from '@greenroom/plugin-kserve-common';
import type { ActionOptions } from '.';
import { serviceSchemas, toEntityRef } from './schemas';

/** Registers `kserve:predict`. */
export function registerPredictAction({
  actionsRegistry,
  service,
}: ActionOptions): void {
  actionsRegistry.register({
    name: 'predict',
    title: 'Ask a served model',
    description:
      'Sends one request by protocol v1 or v2 to the model of an inference service that a catalog entity leads to, and gives its answer with status and latency. See `get-model-metadata` for a body to begin with. Told to the auditor, without the body.',
    // A request costs, and is counted; it changes nothing that anyone sees.
    attributes: { readOnly: false, idempotent: true, destructive: false },
    visibilityPermission: kservePredictPermission,
    schema: {
      input: z =>
        z.object({
          ...serviceSchemas(z),
          protocol: z.enum(['v1', 'v2']),
          body: z
            .record(z.unknown())
            .describe('The request as the protocol has it'),
          canary: z
            .string()
            .max(253)
            .optional()
            .describe('A canary of the service; default: the stable predictor'),
        }),
      output: z =>
        z.object({
          status: z.number(),
          body: z.unknown(),
          latencyMs: z.number(),
          modelVersion: z.string().optional(),
          truncated: z.boolean().optional(),
        }),
    },
    examples: [
      {
        title: 'What does churn say to this row?',
        input: {
          entityRef: 'component:default/churn',
          cluster: 'local',
          namespace: 'churn-prod',
          service: 'churn',
          protocol: 'v1',
          body: { instances: [[0, 1, 2]] },
        },
      },
    ],
    action: async ({ credentials, input }) => {
      const { body, canary, entityRef, protocol, ...rest } = input;
      return {
        output: await service.predict(
          { credentials, entityRef: toEntityRef(entityRef), ...rest },
          { protocol, body, canary },
        ),
      };
    },
  });
}

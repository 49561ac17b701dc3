// SPDX-License-Identifier: Apache-2.0
import { mlflowReadPermission } from '@greenroom/plugin-mlflow-common';
import type { z as zod } from 'zod/v3';
import type { ActionOptions } from '.';
import {
  entityRefSchema,
  experimentSummariesSchema,
  failureSchemas,
  modelVersionSchema,
  registeredModelSummariesSchema,
  runSchema,
  toEntityRef,
} from './schemas';

const referencesSchema = (z: typeof zod) =>
  z.array(z.object({ instance: z.string().optional(), name: z.string() }));

/** Registers `mlflow:get-entity-mlflow-overview`. */
export function registerGetEntityMlflowOverviewAction({
  actionsRegistry,
  service,
}: ActionOptions): void {
  actionsRegistry.register({
    name: 'get-entity-mlflow-overview',
    title: 'Get MLflow overview of an entity',
    description:
      'Says which registered version of a model is champion, with its source run and quality gate figures, which version is newest, and how the last training run ended. Empty `instances` means that MLflow is not configured, empty `references` that the entity names no experiment and no model.',
    attributes: { readOnly: true, idempotent: true, destructive: false },
    visibilityPermission: mlflowReadPermission,
    schema: {
      input: z => z.object({ entityRef: entityRefSchema(z) }),
      output: z =>
        z.object({
          references: z.object({
            experiments: referencesSchema(z),
            experimentIds: referencesSchema(z),
            registeredModels: referencesSchema(z),
          }),
          instances: z.array(z.string()),
          experiments: experimentSummariesSchema(z),
          registeredModels: registeredModelSummariesSchema(z),
          champion: modelVersionSchema(z).optional(),
          latestVersion: modelVersionSchema(z).optional(),
          lastRun: runSchema(z).optional(),
          lastGatedRun: runSchema(z).optional(),
          ...failureSchemas(z),
        }),
    },
    examples: [
      {
        title: 'Which version of churn is champion?',
        input: { entityRef: 'component:default/churn' },
      },
    ],
    action: async ({ credentials, input }) => ({
      output: await service.getOverview({
        credentials,
        entityRef: toEntityRef(input.entityRef),
      }),
    }),
  });
}

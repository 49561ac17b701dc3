// SPDX-License-Identifier: Apache-2.0
import { mlflowReadPermission } from '@greenroom/plugin-mlflow-common';
import type { ActionOptions } from '.';
import {
  entityRefSchema,
  failureSchemas,
  modelVersionSchema,
  pageSizeSchema,
  pageTokenSchema,
  registeredModelSummariesSchema,
  toEntityRef,
} from './schemas';

/** Registers `mlflow:list-entity-model-versions`. */
export function registerListEntityModelVersionsAction({
  actionsRegistry,
  service,
}: ActionOptions): void {
  actionsRegistry.register({
    name: 'list-entity-model-versions',
    title: 'List MLflow model versions of an entity',
    description:
      'Lists the versions of the registered models that a catalog entity names, the newest first, with aliases such as champion, tags and the run each comes from.',
    attributes: { readOnly: true, idempotent: true, destructive: false },
    visibilityPermission: mlflowReadPermission,
    schema: {
      input: z =>
        z.object({
          entityRef: entityRefSchema(z),
          pageSize: pageSizeSchema(z),
          pageToken: pageTokenSchema(z),
        }),
      output: z =>
        z.object({
          items: z.array(modelVersionSchema(z)),
          aliased: z
            .array(modelVersionSchema(z))
            .describe(
              'Versions with an alias or a stage that are not on this page, the champion first',
            ),
          registeredModels: registeredModelSummariesSchema(z),
          nextPageToken: z.string().optional(),
          ...failureSchemas(z),
        }),
    },
    examples: [
      {
        title: 'Versions of churn',
        input: { entityRef: 'component:default/churn' },
      },
    ],
    action: async ({ credentials, input: { entityRef, ...query } }) => ({
      output: await service.listModelVersions(
        { credentials, entityRef: toEntityRef(entityRef) },
        query,
      ),
    }),
  });
}

// SPDX-License-Identifier: Apache-2.0
import { mlflowReadPermission } from '@greenroom/plugin-mlflow-common';
import type { ActionOptions } from '.';
import {
  entityRefSchema,
  experimentSummariesSchema,
  failureSchemas,
  pageSizeSchema,
  pageTokenSchema,
  runSchema,
  toEntityRef,
} from './schemas';

/** Registers `mlflow:search-entity-runs`. */
export function registerSearchEntityRunsAction({
  actionsRegistry,
  service,
}: ActionOptions): void {
  actionsRegistry.register({
    name: 'search-entity-runs',
    title: 'Search MLflow runs of an entity',
    description:
      'Lists the training runs of the MLflow experiments that a catalog entity names, with metrics, parameters, commit, quality gate verdict and registered versions. Filter and order are MLflow’s own search expressions and are evaluated by MLflow.',
    attributes: { readOnly: true, idempotent: true, destructive: false },
    visibilityPermission: mlflowReadPermission,
    schema: {
      input: z =>
        z.object({
          entityRef: entityRefSchema(z),
          filter: z
            .string()
            .max(2_000)
            .optional()
            .describe("MLflow's filter, e.g. `metrics.accuracy > 0.9`"),
          orderBy: z
            .string()
            .max(500)
            .optional()
            .describe(
              "MLflow's order, e.g. `metrics.accuracy DESC`; default `attributes.start_time DESC`",
            ),
          topLevel: z
            .preprocess(
              value => value === 'true' || (value === 'false' ? false : value),
              z.boolean().optional(),
            )
            .describe('Leaves out runs that have a parent'),
          pageSize: pageSizeSchema(z),
          pageToken: pageTokenSchema(z),
        }),
      output: z =>
        z.object({
          items: z.array(runSchema(z)),
          experiments: experimentSummariesSchema(z),
          nextPageToken: z.string().optional(),
          ...failureSchemas(z),
        }),
    },
    examples: [
      {
        title: 'The best run of churn',
        input: {
          entityRef: 'component:default/churn',
          orderBy: 'metrics.accuracy DESC',
          pageSize: 1,
        },
      },
    ],
    action: async ({ credentials, input: { entityRef, ...query } }) => ({
      output: await service.listRuns(
        { credentials, entityRef: toEntityRef(entityRef) },
        query,
      ),
    }),
  });
}

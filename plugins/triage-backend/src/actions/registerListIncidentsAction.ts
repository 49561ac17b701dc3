// SPDX-License-Identifier: Apache-2.0
import {
  INCIDENT_KINDS,
  INCIDENT_STATES,
  triageReportReadPermission,
} from '@greenroom/plugin-triage-common';
import type { ActionOptions } from '.';
import { incidentSchema } from './schemas';

/** Registers `triage:list-incidents`. */
export function registerListIncidentsAction({
  actionsRegistry,
  lists,
}: ActionOptions): void {
  actionsRegistry.register({
    name: 'list-incidents',
    title: 'List failed pipelines and alerts',
    description:
      'Lists failed pipelines and alerts of a catalog entity, or of all entities that you may see, the newest first: what failed, why in one line, how pressing it is, and whether somebody is at it.',
    attributes: { readOnly: true, idempotent: true, destructive: false },
    visibilityPermission: triageReportReadPermission,
    schema: {
      input: z =>
        z.object({
          entityRef: z
            .string()
            .max(255)
            .optional()
            .describe('Catalog entity, e.g. `component:default/churn`'),
          kind: z.enum(INCIDENT_KINDS).optional(),
          state: z.enum(INCIDENT_STATES).optional(),
          branch: z.string().max(255).optional(),
          limit: z.number().int().min(1).max(100).optional(),
          cursor: z.string().max(1_024).optional(),
        }),
      output: z =>
        z.object({
          items: z.array(incidentSchema(z)),
          nextCursor: z.string().optional(),
        }),
    },
    examples: [
      {
        title: 'Why did the last pipeline of churn fail?',
        input: { entityRef: 'component:default/churn', limit: 1 },
      },
    ],
    action: async ({ credentials, input }) => {
      const { items, nextCursor } = await lists.listIncidents(
        credentials,
        input,
      );
      return { output: { items, nextCursor } };
    },
  });
}

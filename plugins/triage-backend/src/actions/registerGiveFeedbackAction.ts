// SPDX-License-Identifier: Apache-2.0
import {
  triageReportReadPermission,
  triageReportUpdatePermission,
} from '@greenroom/plugin-triage-common';
import type { ActionOptions } from '.';
import { incidentIdSchema } from './schemas';

/** Registers `triage:give-feedback`. */
export function registerGiveFeedbackAction({
  actionsRegistry,
  service,
}: ActionOptions): void {
  actionsRegistry.register({
    name: 'give-feedback',
    title: 'Answer a triage report',
    description: `Says in your name whether the report of a failed pipeline or an alert was useful, whether its root cause is right, and what was done about it. Needs ${triageReportReadPermission.name} and ${triageReportUpdatePermission.name}.`,
    attributes: { readOnly: false, idempotent: true, destructive: false },
    visibilityPermission: triageReportUpdatePermission,
    schema: {
      input: z =>
        z.object({
          id: incidentIdSchema(z),
          useful: z.boolean(),
          reason: z.string().max(2_000).optional(),
          rootCause: z.enum(['right', 'wrong']).optional(),
          done: z.string().max(2_000).optional(),
        }),
      output: z => z.object({ answers: z.number() }),
    },
    action: async ({ credentials, input: { id, ...feedback } }) => {
      const { feedback: answers } = await service.giveFeedback(
        credentials,
        id,
        feedback,
      );
      return { output: { answers: answers.length } };
    },
  });
}

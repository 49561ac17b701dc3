// SPDX-License-Identifier: Apache-2.0
import type { z as zod } from 'zod/v3';

type Zod = typeof zod;

/** What of an incident an agent needs. */
export function incidentSchema(z: Zod) {
  return z.object({
    id: z.string(),
    kind: z.string().describe('`pipeline` or `alert`'),
    entityRef: z.string().optional(),
    repository: z.string().optional(),
    workflow: z.string().optional(),
    runUrl: z.string().optional(),
    branch: z.string().optional(),
    commit: z.string().optional(),
    alert: z
      .object({
        name: z.string(),
        severity: z.string().optional(),
        status: z.string(),
        startsAt: z.string(),
        endsAt: z.string().optional(),
        namespace: z.string().optional(),
        pod: z.string().optional(),
        service: z.string().optional(),
      })
      .optional(),
    state: z.string(),
    type: z.string().optional(),
    signature: z
      .string()
      .optional()
      .describe('The same for the same cause, also in other repositories'),
    title: z.string(),
    summary: z.string().optional(),
    outcome: z.string().optional(),
    confidence: z.string().optional(),
    priority: z.string().optional(),
    failedAt: z.string(),
    assignee: z.string().optional(),
  });
}

/** Which incident. */
export function incidentIdSchema(z: Zod) {
  return z
    .string()
    .min(1)
    .max(36)
    .describe('Id of the incident, as triage:list-incidents answers it');
}

// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';
import { FAILURE_TYPES } from '../failureTypes';
import { INCIDENT_KINDS, INCIDENT_STATES } from './incident';

/**
 * A report as Backstage's search has it, of the type `triage`: the newest of each
 * cause in each repository. Texts in it are redacted.
 *
 * @public
 */
export const triageDocumentSchema = z.object({
  title: z.string(),
  /** The verdict, quoted lines, failing tests, findings and next steps. */
  text: z.string(),
  /** Path in the portal. */
  location: z.string(),
  entityRef: z.string(),
  kind: z.enum(INCIDENT_KINDS).optional(),
  /** `owner/name` */
  repository: z.string().optional(),
  /** Of pipelines only. */
  branch: z.string().optional(),
  state: z.enum(INCIDENT_STATES),
  failureType: z.enum(FAILURE_TYPES),
  /** The verdict in one line. */
  summary: z.string(),
  failedAt: z.iso.datetime(),
});

/** @public */
export type TriageDocument = z.infer<typeof triageDocumentSchema>;

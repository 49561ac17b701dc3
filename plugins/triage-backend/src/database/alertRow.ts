// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';

/** PostgreSQL answers large integers as text. */
const time = z.coerce.number();
const text = z.string().nullable();
const texts = z
  .string()
  .transform(value =>
    z.record(z.string(), z.string()).parse(JSON.parse(value)),
  );

/** An alert as its table has it. */
export const alertRowSchema = z.object({
  incident_id: z.string(),
  fingerprint: z.string(),
  starts_at: time,
  ends_at: time.nullable(),
  status: z.enum(['firing', 'resolved']),
  status_since: time,
  name: z.string(),
  severity: text,
  group_key: z.string(),
  group_id: z.string(),
  receiver: z.string(),
  labels: texts,
  group_labels: texts,
  annotations: texts,
  expression: text,
  generator_url: text,
  cluster: text,
  namespace: text,
  pod: text,
  container: text,
  service: text,
  truncated: z.number(),
  matched_at: time.nullable(),
});

/** @see alertRowSchema */
export type AlertRow = z.infer<typeof alertRowSchema>;

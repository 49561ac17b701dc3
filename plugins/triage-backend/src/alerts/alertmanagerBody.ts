// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';

/** Alertmanager writes nanoseconds and the zone of its host. */
const instant = z.iso
  .datetime({ offset: true })
  .transform(value => Date.parse(value));

const texts = z.record(z.string(), z.string());

const alertSchema = z.object({
  status: z.enum(['firing', 'resolved']),
  labels: texts,
  annotations: texts.default({}),
  startsAt: instant.refine(at => at > 0, 'must be a time after 1970'),
  /** Of the year 1 while the alert fires. */
  endsAt: instant.optional(),
  generatorURL: z.string().default(''),
  fingerprint: z.string().regex(/^[0-9a-zA-Z]{1,64}$/, 'must be a hash'),
});

/**
 * The body of Alertmanager's webhook, as the door takes it: what it says of a field is
 * sent back. What later versions add is let through: an
 * alert must not be lost for a field that nobody here knows.
 */
export const alertmanagerBodySchema = z.object({
  version: z.literal('4', {
    error:
      'must be "4", the webhook of Alertmanager (Grafana says "1": let it send to an Alertmanager)',
  }),
  groupKey: z.string().min(1),
  receiver: z.string().min(1),
  truncatedAlerts: z.int().min(0).default(0),
  groupLabels: texts.default({}),
  commonAnnotations: texts.default({}),
  /** From Alertmanager 0.32.3 on. */
  notification_reason: z.string().optional(),
  alerts: z.array(alertSchema).min(1),
});

/** @see alertmanagerBodySchema */
export type AlertmanagerBody = z.infer<typeof alertmanagerBodySchema>;

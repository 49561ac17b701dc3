// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';

const labels = z.record(z.string(), z.string());

/** Go's zero time: an alert that has not ended. */
const NEVER = '0001-01-01T00:00:00Z';

const time = z.iso.datetime({ offset: true });

/** One alert of Alertmanager's webhook body. @public */
export interface AlertmanagerAlert {
  status: 'firing' | 'resolved';
  labels: Record<string, string>;
  annotations: Record<string, string>;
  startsAt: string;
  /** Absent while it fires. */
  endsAt?: string;
  generatorURL: string;
  fingerprint: string;
}

const alertSchema = z.object({
  status: z.enum(['firing', 'resolved']),
  labels,
  annotations: labels.default({}),
  startsAt: time,
  endsAt: z
    .string()
    .optional()
    .transform(value => (value === NEVER || value === '' ? undefined : value))
    .pipe(time.optional()),
  generatorURL: z.string().default(''),
  fingerprint: z.string().default(''),
});

/** What Alertmanager posts to a webhook. @public */
export interface AlertmanagerBody {
  version: '4';
  groupKey: string;
  truncatedAlerts: number;
  status: 'firing' | 'resolved';
  receiver: string;
  groupLabels: Record<string, string>;
  commonLabels: Record<string, string>;
  commonAnnotations: Record<string, string>;
  externalURL: string;
  /** From Alertmanager 0.32.3 on. */
  notification_reason?: string;
  alerts: AlertmanagerAlert[];
}

/**
 * Alertmanager's webhook body, version 4. What later versions add is let through: an
 * alert must not be lost for a field that nobody here knows.
 *
 * @public
 */
export const alertmanagerBodySchema: z.ZodType<AlertmanagerBody> = z.object({
  version: z.literal('4', {
    error:
      'must be "4", the webhook of Alertmanager (Grafana says "1": let it send to an Alertmanager)',
  }),
  groupKey: z.string().default(''),
  truncatedAlerts: z.int().min(0).default(0),
  status: z.enum(['firing', 'resolved']),
  receiver: z.string().default(''),
  groupLabels: labels.default({}),
  commonLabels: labels.default({}),
  commonAnnotations: labels.default({}),
  externalURL: z.string().default(''),
  notification_reason: z.string().optional(),
  alerts: z.array(alertSchema).min(1),
});

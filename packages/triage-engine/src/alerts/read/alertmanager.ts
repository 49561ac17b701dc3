// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';

const labels = z.record(z.string(), z.string());

/** Go's zero time: an alert that has not ended. */
const NEVER = '0001-01-01T00:00:00Z';

const time = z.iso.datetime({ offset: true });

/** One alert of Alertmanager's webhook body. @public */
export const alertmanagerAlertSchema = z.object({
  status: z.enum(['firing', 'resolved']),
  labels,
  annotations: labels.default({}),
  startsAt: time,
  /** Absent while it fires. */
  endsAt: z
    .string()
    .optional()
    .transform(value => (value === NEVER || value === '' ? undefined : value))
    .pipe(time.optional()),
  generatorURL: z.string().default(''),
  fingerprint: z.string().default(''),
});

/** @public */
export type AlertmanagerAlert = z.infer<typeof alertmanagerAlertSchema>;

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
  alerts: AlertmanagerAlert[];
}

/** Alertmanager's webhook body, version 4. @public */
export const alertmanagerBodySchema: z.ZodType<AlertmanagerBody> = z.object({
  version: z.literal('4'),
  groupKey: z.string().default(''),
  truncatedAlerts: z.int().min(0).default(0),
  status: z.enum(['firing', 'resolved']),
  receiver: z.string().default(''),
  groupLabels: labels.default({}),
  commonLabels: labels.default({}),
  commonAnnotations: labels.default({}),
  externalURL: z.string().default(''),
  alerts: z.array(alertmanagerAlertSchema).min(1),
});

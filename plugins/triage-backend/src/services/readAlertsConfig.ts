// SPDX-License-Identifier: Apache-2.0
import type { Config } from '@backstage/config';
import { InputError } from '@backstage/errors';
import { z } from 'zod';

const prometheusSchema = z.strictObject({
  name: z.string().min(1),
  url: z.url({ protocol: /^https?$/ }),
  cluster: z.string().min(1).optional(),
  token: z.string().min(1).optional(),
});

const alertsSchema = z.strictObject({
  tokenFile: z.string().min(1).optional(),
  /** Bytes. */
  bodyLimit: z
    .int()
    .min(1_024)
    .default(4 * 1024 * 1024),
  requestsAtOnce: z.int().min(1).default(16),
  requestsPerMinute: z.int().min(1).default(6_000),
  prometheus: z.array(prometheusSchema).default([]),
});

/** What `triage.alerts` says. */
export type AlertsConfig = z.infer<typeof alertsSchema>;

/** @throws InputError that names the key */
export function readAlertsConfig(root: Config): AlertsConfig {
  const parsed = alertsSchema.safeParse(
    root.getOptional('triage.alerts') ?? {},
  );
  if (!parsed.success) {
    const [{ path, message }] = parsed.error.issues;
    throw new InputError(
      `'${['triage', 'alerts', ...path].join('.')}': ${message}`,
    );
  }
  return parsed.data;
}

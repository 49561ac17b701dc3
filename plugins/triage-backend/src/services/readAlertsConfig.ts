// SPDX-License-Identifier: Apache-2.0
import type { Config } from '@backstage/config';
import { InputError } from '@backstage/errors';
import { readPrometheusServers } from '@greenroom/plugin-kserve-node';
import type { PrometheusServer } from '@greenroom/prometheus-client';
import { z } from 'zod';

const alertsSchema = z.strictObject({
  tokenFile: z.string().min(1).optional(),
  /** Bytes. */
  bodyLimit: z
    .int()
    .min(1_024)
    .default(4 * 1024 * 1024),
  requestsAtOnce: z.int().min(1).default(16),
  requestsPerMinute: z.int().min(1).default(6_000),
  /** Read with `kserve.prometheus`. */
  prometheus: z.unknown().optional(),
});

/** What `triage.alerts` says, and which servers are asked what was measured. */
export type AlertsConfig = z.infer<typeof alertsSchema> & {
  prometheus: PrometheusServer[];
};

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
  return { ...parsed.data, prometheus: readPrometheusServers(root) };
}

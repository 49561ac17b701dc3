// SPDX-License-Identifier: Apache-2.0
import type { Config } from '@backstage/config';
import { InputError } from '@backstage/errors';
import type { PrometheusServer } from '@greenroom/prometheus-client';
import { z } from 'zod';

/** The second is the key's first name, and goes on to be read. */
const KEYS = ['kserve.prometheus', 'triage.alerts.prometheus'];

const text = z.string().min(1);

const serversSchema = z.array(
  z.strictObject({
    name: text,
    url: z.url({ protocol: /^https?$/ }),
    cluster: text.optional(),
    token: text.optional(),
  }),
);

/**
 * Reads `kserve.prometheus`, or where that is absent `triage.alerts.prometheus`, so that
 * there is one list of servers.
 *
 * @throws InputError that names the config key, never a value.
 * @public
 */
export function readPrometheusServers(config: Config): PrometheusServer[] {
  const key = KEYS.find(name => config.has(name));
  const parsed = serversSchema.safeParse(key ? config.get(key) : []);
  if (!parsed.success) {
    const [{ message, path }] = parsed.error.issues;
    throw new InputError(`'${[key, ...path].join('.')}': ${message}`);
  }
  return parsed.data;
}

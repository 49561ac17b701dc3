// SPDX-License-Identifier: Apache-2.0
import { parse } from 'yaml';
import { z } from 'zod';
import { shortenDuration } from './shortenDuration';

const webhookSchema = z.looseObject({ url: z.string() });
const receiverSchema = z.looseObject({
  name: z.string(),
  webhook_configs: z.array(webhookSchema).optional(),
});

interface Route {
  receiver?: string;
  group_wait?: string;
  group_interval?: string;
  routes?: Route[];
  [key: string]: unknown;
}
const routeSchema: z.ZodType<Route> = z.looseObject({
  receiver: z.string().optional(),
  group_wait: z.string().optional(),
  group_interval: z.string().optional(),
  get routes() {
    return z.array(routeSchema).optional();
  },
});

const valuesSchema = z.looseObject({
  alertmanager: z.looseObject({
    config: z.looseObject({
      route: routeSchema,
      receivers: z.array(receiverSchema),
      inhibit_rules: z.array(z.unknown()).optional(),
      time_intervals: z.array(z.unknown()).optional(),
    }),
  }),
});

/** A person at a laptop waits for the message. */
const LONGEST = { group_wait: '5s', group_interval: '30s' };

/** The portal's receiver, by its path: the host is the cluster's, not this machine's. */
const PORTAL_PATH = '/api/triage/alerts';

/** Until the repository of manifests is there: nothing has rules yet, either. */
const NOBODY = {
  route: { receiver: 'nobody' },
  receivers: [{ name: 'nobody' }],
};

/**
 * Alertmanager's configuration, out of the values of kube-prometheus-stack that a repository of manifests has: routes and
 * inhibitions as they are, with shorter waits; of the receivers only the portal, at its local address and with the local token.
 * A laptop tells nobody else.
 *
 * @param values - `kube-prometheus-stack.values.yaml`; undefined where there is none yet
 * @throws when it is none
 */
export function alertmanagerConfig(
  values: string | undefined,
  portal: { webhookUrl: string; tokenFile: string },
): object {
  if (values === undefined) {
    return NOBODY;
  }
  const { config } = valuesSchema.parse(parse(values)).alertmanager;
  const webhook = {
    url: portal.webhookUrl,
    send_resolved: true,
    max_alerts: 50,
    http_config: {
      authorization: { type: 'Bearer', credentials_file: portal.tokenFile },
      follow_redirects: false,
    },
  };
  return {
    route: shortenRoute(config.route),
    inhibit_rules: config.inhibit_rules,
    time_intervals: config.time_intervals,
    receivers: config.receivers.map(({ name, webhook_configs: webhooks }) => {
      const own = webhooks?.find(({ url }) => isPortal(url));
      const limits = z
        .object({ max_alerts: z.number(), send_resolved: z.boolean() })
        .partial()
        .safeParse(own);
      return own
        ? { name, webhook_configs: [{ ...webhook, ...limits.data }] }
        : { name };
    }),
  };
}

function isPortal(url: string): boolean {
  return URL.parse(url)?.pathname.endsWith(PORTAL_PATH) ?? false;
}

function shortenRoute(route: Route): Route {
  const { group_wait: wait, group_interval: interval, routes, ...rest } = route;
  return {
    ...rest,
    ...(wait && { group_wait: shortenDuration(wait, LONGEST.group_wait) }),
    ...(interval && {
      group_interval: shortenDuration(interval, LONGEST.group_interval),
    }),
    ...(routes && { routes: routes.map(shortenRoute) }),
  };
}

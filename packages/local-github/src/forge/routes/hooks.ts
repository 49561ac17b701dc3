// SPDX-License-Identifier: Apache-2.0
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { Forge } from '../Forge';
import { notFound, validationFailed } from '../http/errors';
import { paginate } from '../http/pagination';
import { numberParam } from '../http/route';
import { bodyOf, guard, RouteTable, type Exchange } from '../http/RouteTable';
import type { Delivery, Hook, HookInput } from '../stores/HookStore';
import type { ForgeRepository } from '../types';

const configSchema = z.object({
  url: z.url({ protocol: /^https?$/ }),
  content_type: z.enum(['json', 'form']).default('form'),
  secret: z.string().nullish(),
  insecure_ssl: z
    .union([z.string(), z.number()])
    .transform(String)
    .default('0'),
});

const createBody = z.object({
  name: z.literal('web').default('web'),
  config: configSchema,
  events: z.array(z.string()).min(1).default(['push']),
  active: z.boolean().default(true),
});

const updateBody = z.object({
  config: configSchema.partial().optional(),
  events: z.array(z.string()).min(1).optional(),
  add_events: z.array(z.string()).default([]),
  remove_events: z.array(z.string()).default([]),
  active: z.boolean().optional(),
});

/** Webhooks of a repository, their deliveries and redelivery. */
export function hookRoutes(forge: Forge): RouteTable {
  const routes = new RouteTable(forge);
  const base = '/hooks';

  const serialize = (repository: ForgeRepository, hook: Hook) => {
    const url = `${forge.urls.api}/repos/${repository.fullName}/hooks/${hook.id}`;
    return {
      type: 'Repository',
      id: hook.id,
      name: 'web',
      active: hook.active,
      events: hook.events,
      config: {
        content_type: hook.content_type,
        insecure_ssl: hook.insecure_ssl,
        ...(hook.secret && { secret: '********' }),
        url: hook.url,
      },
      updated_at: hook.updated_at,
      created_at: hook.created_at,
      url,
      test_url: `${url}/test`,
      ping_url: `${url}/pings`,
      deliveries_url: `${url}/deliveries`,
      last_response: hook.last_response ?? {
        code: null,
        status: 'unused',
        message: null,
      },
    };
  };

  const hookOf = guard(
    forge,
    'repository_hooks:admin',
    ({ repository, req }) => {
      const hook = forge.hooks.find(repository.id, numberParam(req, 'id') ?? 0);
      if (!hook) {
        throw notFound();
      }
      return { hook };
    },
  );

  const ping = (repository: ForgeRepository, hook: Hook, sender: string) =>
    forge.webhooks.send(hook, {
      event: 'ping',
      action: null,
      guid: randomUUID(),
      redelivery: false,
      body: JSON.stringify({
        zen: 'Keep it logically awesome.',
        hook_id: hook.id,
        hook: serialize(repository, hook),
        repository: forge.serialize.repository(repository),
        sender: forge.serialize.user(sender),
      }),
    });

  routes.get(base, 'repository_hooks:admin', ({ repository, req, res }) => {
    const hooks = forge.hooks.list(repository.id);
    return paginate(req, res, hooks).map(hook => serialize(repository, hook));
  });

  routes.post(
    base,
    'repository_hooks:admin',
    bodyOf('Hook', createBody),
    ({ repository, caller, input, res }) => {
      const isSame = (hook: Hook) =>
        hook.url === input.config.url &&
        hook.events.some(event => input.events.includes(event));
      if (forge.hooks.list(repository.id).some(isSame)) {
        throw validationFailed({
          resource: 'Hook',
          field: 'base',
          code: 'custom',
          message: 'Hook already exists on this repository',
        });
      }
      const hook = forge.hooks.create(repository.id, {
        ...input.config,
        secret: input.config.secret ?? null,
        events: input.events,
        active: input.active,
      });
      ping(repository, hook, caller.login);
      const body = serialize(repository, hook);
      res.status(201).location(body.url).json(body);
    },
  );

  routes.get(`${base}/:id(\\d+)`, hookOf, ({ repository, hook }) =>
    serialize(repository, hook),
  );

  routes.patch(
    `${base}/:id(\\d+)`,
    hookOf,
    bodyOf('Hook', updateBody),
    ({ repository, hook, input }) => {
      const next: HookInput = {
        url: input.config?.url ?? hook.url,
        content_type: input.config?.content_type ?? hook.content_type,
        insecure_ssl: input.config?.insecure_ssl ?? hook.insecure_ssl,
        // As on GitHub, a new config without a secret takes the secret away.
        secret: input.config ? (input.config.secret ?? null) : hook.secret,
        active: input.active ?? hook.active,
        events: [
          ...new Set([...(input.events ?? hook.events), ...input.add_events]),
        ].filter(event => !input.remove_events.includes(event)),
      };
      forge.hooks.update(hook.id, next);
      return serialize(
        repository,
        forge.hooks.find(repository.id, hook.id) ?? hook,
      );
    },
  );

  routes.delete(`${base}/:id(\\d+)`, hookOf, ({ hook }) => {
    forge.hooks.remove(hook.id);
  });

  routes.post(
    `${base}/:id(\\d+)/pings`,
    hookOf,
    ({ repository, hook, caller }) => {
      ping(repository, hook, caller.login);
    },
  );

  const deliveryItem = (delivery: Delivery) => ({
    id: delivery.id,
    guid: delivery.guid,
    delivered_at: delivery.delivered_at,
    redelivery: delivery.redelivery,
    duration: delivery.duration,
    status: delivery.status,
    status_code: delivery.status_code,
    event: delivery.event,
    action: delivery.action,
    installation_id: null,
    repository_id: delivery.repository_id,
  });

  const deliveryOf = {
    ...hookOf,
    check: async (exchange: Exchange) => {
      const { hook } = await hookOf.check(exchange);
      const id = numberParam(exchange.req, 'delivery');
      const delivery = forge.hooks
        .listDeliveries(hook.id)
        .find(each => each.id === id);
      if (!delivery) {
        throw notFound();
      }
      return { hook, delivery };
    },
  };

  routes.get(`${base}/:id(\\d+)/deliveries`, hookOf, ({ hook, req, res }) => {
    const deliveries = forge.hooks.listDeliveries(hook.id);
    return paginate(req, res, deliveries).map(deliveryItem);
  });

  routes.get(
    `${base}/:id(\\d+)/deliveries/:delivery(\\d+)`,
    deliveryOf,
    ({ hook, delivery }) => ({
      ...deliveryItem(delivery),
      url: hook.url,
      request: {
        headers: delivery.request_headers,
        payload: JSON.parse(delivery.request_body),
      },
      response: {
        headers: delivery.response_headers,
        payload: delivery.response_body,
      },
    }),
  );

  routes.post(
    `${base}/:id(\\d+)/deliveries/:delivery(\\d+)/attempts`,
    deliveryOf,
    ({ hook, delivery, res }) => {
      forge.webhooks.send(hook, {
        event: delivery.event,
        action: delivery.action,
        guid: delivery.guid,
        body: delivery.request_body,
        redelivery: true,
      });
      res.status(202).json({});
    },
  );

  return routes;
}

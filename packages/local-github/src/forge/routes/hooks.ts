import { randomUUID } from 'node:crypto';
import { Router, type Request, type Response } from 'express';
import { z } from 'zod';
import type { Forge } from '../Forge';
import { findRepository } from '../http/access';
import { requireCaller } from '../http/authenticate';
import { notFound, validationFailed } from '../http/errors';
import { paginate } from '../http/pagination';
import { numberParam, parseBody, route } from '../http/route';
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
export function hookRoutes(forge: Forge): Router {
  const router = Router();
  const base = '/repos/:owner/:repo/hooks';

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

  const find = (req: Request, res: Response) => {
    const repository = findRepository(
      forge,
      req,
      res,
      'repository_hooks',
      'admin',
    );
    const hook = forge.hooks.find(repository.id, numberParam(req, 'id') ?? 0);
    if (!hook) {
      throw notFound();
    }
    return { repository, hook };
  };

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

  router.get(
    base,
    route((req, res) => {
      const repository = findRepository(
        forge,
        req,
        res,
        'repository_hooks',
        'admin',
      );
      const hooks = forge.hooks.list(repository.id);
      res.json(
        paginate(req, res, hooks).map(hook => serialize(repository, hook)),
      );
    }),
  );

  router.post(
    base,
    route((req, res) => {
      const repository = findRepository(
        forge,
        req,
        res,
        'repository_hooks',
        'admin',
      );
      const input = parseBody(req, 'Hook', createBody);
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
      ping(repository, hook, requireCaller(res).login);
      const body = serialize(repository, hook);
      res.status(201).location(body.url).json(body);
    }),
  );

  router.get(
    `${base}/:id(\\d+)`,
    route((req, res) => {
      const { repository, hook } = find(req, res);
      res.json(serialize(repository, hook));
    }),
  );

  router.patch(
    `${base}/:id(\\d+)`,
    route((req, res) => {
      const { repository, hook } = find(req, res);
      const input = parseBody(req, 'Hook', updateBody);
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
      res.json(
        serialize(repository, forge.hooks.find(repository.id, hook.id) ?? hook),
      );
    }),
  );

  router.delete(
    `${base}/:id(\\d+)`,
    route((req, res) => {
      forge.hooks.remove(find(req, res).hook.id);
      res.status(204).end();
    }),
  );

  router.post(
    `${base}/:id(\\d+)/pings`,
    route((req, res) => {
      const { repository, hook } = find(req, res);
      ping(repository, hook, requireCaller(res).login);
      res.status(204).end();
    }),
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

  const findDelivery = (req: Request, res: Response) => {
    const { hook } = find(req, res);
    const delivery = forge.hooks
      .listDeliveries(hook.id)
      .find(({ id }) => id === numberParam(req, 'delivery'));
    if (!delivery) {
      throw notFound();
    }
    return { hook, delivery };
  };

  router.get(
    `${base}/:id(\\d+)/deliveries`,
    route((req, res) => {
      const { hook } = find(req, res);
      const deliveries = forge.hooks.listDeliveries(hook.id);
      res.json(paginate(req, res, deliveries).map(deliveryItem));
    }),
  );

  router.get(
    `${base}/:id(\\d+)/deliveries/:delivery(\\d+)`,
    route((req, res) => {
      const { hook, delivery } = findDelivery(req, res);
      res.json({
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
      });
    }),
  );

  router.post(
    `${base}/:id(\\d+)/deliveries/:delivery(\\d+)/attempts`,
    route((req, res) => {
      const { hook, delivery } = findDelivery(req, res);
      forge.webhooks.send(hook, {
        event: delivery.event,
        action: delivery.action,
        guid: delivery.guid,
        body: delivery.request_body,
        redelivery: true,
      });
      res.status(202).json({});
    }),
  );

  return router;
}

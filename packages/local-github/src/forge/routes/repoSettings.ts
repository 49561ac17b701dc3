import { Router, type Request, type Response } from 'express';
import { z } from 'zod';
import type { Forge } from '../Forge';
import { findRepository } from '../http/access';
import { requireCaller, requireUser } from '../http/authenticate';
import { notFound, validationFailed } from '../http/errors';
import { paginate } from '../http/pagination';
import { numberParam, parseBody, route } from '../http/route';
import type { ForgeRepository } from '../types';

const keyBody = z.object({
  title: z.string().optional(),
  key: z
    .string()
    .regex(/^(ssh-|ecdsa-|sk-)\S+ \S+/, 'is not an SSH public key'),
  read_only: z.boolean().default(false),
});

const autolinkBody = z.object({
  key_prefix: z.string().min(1),
  url_template: z.string().includes('<num>'),
  is_alphanumeric: z.boolean().default(true),
});

/** Settings that are kept and answered: deploy keys, autolinks, pages, the caller's subscription. */
export function repoSettingsRoutes(forge: Forge): Router {
  const router = Router();
  const base = '/repos/:owner/:repo';
  const { deployKeys, autolinks, pages, subscriptions } = forge.records;

  const administer = (req: Request, res: Response) =>
    findRepository(forge, req, res, 'administration', 'admin');
  const apiUrl = (repository: ForgeRepository) =>
    `${forge.urls.api}/repos/${repository.fullName}`;

  const deployKey = (
    repository: ForgeRepository,
    entry: ReturnType<typeof deployKeys.list>[number],
  ) => ({
    id: entry.id,
    key: entry.data.key,
    url: `${apiUrl(repository)}/keys/${entry.id}`,
    title: entry.data.title,
    verified: true,
    created_at: entry.createdAt,
    read_only: entry.data.readOnly,
  });

  router.get(
    `${base}/keys`,
    route((req, res) => {
      const repository = administer(req, res);
      res.json(
        paginate(req, res, deployKeys.list(repository.id)).map(entry =>
          deployKey(repository, entry),
        ),
      );
    }),
  );

  router.post(
    `${base}/keys`,
    route((req, res) => {
      const repository = administer(req, res);
      const input = parseBody(req, 'PublicKey', keyBody);
      const key = input.key.trim();
      if (deployKeys.get(repository.id, key)) {
        throw validationFailed({
          resource: 'PublicKey',
          field: 'key',
          code: 'custom',
          message: 'key is already in use',
        });
      }
      const entry = deployKeys.set(repository.id, key, {
        title: input.title ?? key.split(' ').slice(2).join(' '),
        key,
        readOnly: input.read_only,
      });
      res.status(201).json(deployKey(repository, entry));
    }),
  );

  router.delete(
    `${base}/keys/:id(\\d+)`,
    route((req, res) => {
      const repository = administer(req, res);
      const entry = deployKeys.getById(
        repository.id,
        numberParam(req, 'id') ?? 0,
      );
      if (!entry) {
        throw notFound();
      }
      deployKeys.remove(repository.id, entry.key);
      res.status(204).end();
    }),
  );

  router.get(
    `${base}/autolinks`,
    route((req, res) => {
      const repository = administer(req, res);
      res.json(
        autolinks.list(repository.id).map(({ id, data }) => ({ id, ...data })),
      );
    }),
  );

  router.post(
    `${base}/autolinks`,
    route((req, res) => {
      const repository = administer(req, res);
      const input = parseBody(req, 'KeyLink', autolinkBody);
      if (autolinks.get(repository.id, input.key_prefix)) {
        throw validationFailed({
          resource: 'KeyLink',
          field: 'key_prefix',
          code: 'already_exists',
        });
      }
      const entry = autolinks.set(repository.id, input.key_prefix, input);
      res.status(201).json({ id: entry.id, ...entry.data });
    }),
  );

  const pageBody = (
    repository: ForgeRepository,
    data: ReturnType<typeof pages.list>[number]['data'],
  ) => ({
    url: `${apiUrl(repository)}/pages`,
    status: null,
    cname: null,
    custom_404: false,
    html_url: `${forge.urls.web}/${repository.fullName}`,
    build_type: data.buildType,
    source: data.source ?? { branch: repository.defaultBranch, path: '/' },
    public: !repository.private,
    https_enforced: false,
  });

  router.get(
    `${base}/pages`,
    route((req, res) => {
      const repository = findRepository(forge, req, res, 'pages', 'read');
      const entry = pages.get(repository.id, 'site');
      if (!entry) {
        throw notFound();
      }
      res.json(pageBody(repository, entry.data));
    }),
  );

  router.post(
    `${base}/pages`,
    route((req, res) => {
      const repository = administer(req, res);
      const input = parseBody(
        req,
        'Page',
        z.object({
          build_type: z.enum(['legacy', 'workflow']).default('legacy'),
          source: z
            .object({ branch: z.string(), path: z.string().default('/') })
            .optional(),
        }),
      );
      const entry = pages.set(repository.id, 'site', {
        buildType: input.build_type,
        source: input.source,
      });
      res.status(201).json(pageBody(repository, entry.data));
    }),
  );

  router.put(
    `${base}/subscription`,
    route((req, res) => {
      const repository = findRepository(forge, req, res, 'metadata', 'read');
      const { login } = requireUser(res);
      const input = parseBody(
        req,
        'Subscription',
        z.object({
          subscribed: z.boolean().default(true),
          ignored: z.boolean().default(false),
        }),
      );
      const entry = subscriptions.set(
        repository.id,
        login.toLowerCase(),
        input,
      );
      res.json({
        ...entry.data,
        reason: null,
        created_at: entry.createdAt,
        url: `${apiUrl(repository)}/subscription`,
        repository_url: apiUrl(repository),
      });
    }),
  );

  router.post(
    `${base}/dispatches`,
    route((req, res) => {
      const repository = findRepository(forge, req, res, 'contents', 'write');
      const { login } = requireCaller(res);
      const input = parseBody(
        req,
        'Dispatch',
        z.object({
          event_type: z.string().min(1).max(100),
          client_payload: z
            .record(z.string(), z.unknown())
            .refine(
              value => Object.keys(value).length <= 10,
              'No more than 10 properties are allowed',
            )
            .default({}),
        }),
      );
      forge.publish({
        name: 'repository_dispatch',
        action: input.event_type,
        repository,
        sender: login,
        payload: {
          action: input.event_type,
          branch: repository.defaultBranch,
          client_payload: input.client_payload,
          repository: forge.serialize.repository(repository),
        },
      });
      res.status(204).end();
    }),
  );

  router.get(
    `${base}/keys/:id(\\d+)`,
    route((req, res) => {
      const repository = administer(req, res);
      const entry = deployKeys.getById(
        repository.id,
        numberParam(req, 'id') ?? 0,
      );
      if (!entry) {
        throw notFound();
      }
      res.json(deployKey(repository, entry));
    }),
  );

  return router;
}

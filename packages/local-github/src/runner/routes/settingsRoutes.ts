import { Router } from 'express';
import { z } from 'zod';
import { parseBody, route } from '../../forge/http/route';
import { actionsRepository } from './find';
import type { RunnerParts } from './RunnerParts';

const base = '/repos/:owner/:repo/actions/permissions';

const permissionsBody = z.object({
  enabled: z.boolean(),
  allowed_actions: z.string().optional(),
});

const workflowBody = z.object({
  default_workflow_permissions: z.enum(['read', 'write']).optional(),
  can_approve_pull_request_reviews: z.boolean().optional(),
});

/** A repository's Actions settings: whether they run, and what a GITHUB_TOKEN may do unless told. */
export function settingsRoutes(parts: RunnerParts): Router {
  const router = Router();
  const { settings } = parts.services.store;
  const find = (...[req, res]: Parameters<Parameters<typeof route>[0]>) =>
    actionsRepository(parts, req, res, 'admin', 'administration');

  router.get(
    base,
    route((req, res) => {
      const { enabled } = settings.settings(find(req, res).id);
      res.json({
        enabled,
        allowed_actions: 'all',
        sha_pinning_required: false,
      });
    }),
  );

  router.put(
    base,
    route((req, res) => {
      const repository = find(req, res);
      const { enabled } = parseBody(req, 'Permissions', permissionsBody);
      settings.setSettings(repository.id, { enabled });
      res.status(204).end();
    }),
  );

  router.get(
    `${base}/workflow`,
    route((req, res) => {
      const { defaultPermissions } = settings.settings(find(req, res).id);
      res.json({
        default_workflow_permissions: defaultPermissions,
        can_approve_pull_request_reviews: false,
      });
    }),
  );

  router.put(
    `${base}/workflow`,
    route((req, res) => {
      const repository = find(req, res);
      const body = parseBody(req, 'Permissions', workflowBody);
      settings.setSettings(repository.id, {
        ...(body.default_workflow_permissions && {
          defaultPermissions: body.default_workflow_permissions,
        }),
      });
      res.status(204).end();
    }),
  );
  return router;
}

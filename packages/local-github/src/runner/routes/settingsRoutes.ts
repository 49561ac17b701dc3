// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';
import { bodyOf, RouteTable } from '../../forge/http/RouteTable';
import type { RunnerParts } from './RunnerParts';

const BASE = '/actions/permissions';

const permissionsBody = z.object({
  enabled: z.boolean(),
  allowed_actions: z.string().optional(),
});

const workflowBody = z.object({
  default_workflow_permissions: z.enum(['read', 'write']).optional(),
  can_approve_pull_request_reviews: z.boolean().optional(),
});

/** A repository's Actions settings: whether they run, and what a GITHUB_TOKEN may do unless told. */
export function settingsRoutes(parts: RunnerParts): RouteTable {
  const routes = new RouteTable(parts.services.context);
  const { settings } = parts.services.store;

  routes.get(BASE, 'administration:admin', ({ repository }) => {
    const { enabled } = settings.settings(repository.id);
    return {
      enabled,
      allowed_actions: 'all',
      sha_pinning_required: false,
    };
  });

  routes.put(
    BASE,
    'administration:admin',
    bodyOf('Permissions', permissionsBody),
    ({ repository, input: { enabled } }) => {
      settings.setSettings(repository.id, { enabled });
    },
  );

  routes.get(`${BASE}/workflow`, 'administration:admin', ({ repository }) => {
    const { defaultPermissions } = settings.settings(repository.id);
    return {
      default_workflow_permissions: defaultPermissions,
      can_approve_pull_request_reviews: false,
    };
  });

  routes.put(
    `${BASE}/workflow`,
    'administration:admin',
    bodyOf('Permissions', workflowBody),
    ({ repository, input: body }) => {
      settings.setSettings(repository.id, {
        ...(body.default_workflow_permissions && {
          defaultPermissions: body.default_workflow_permissions,
        }),
      });
    },
  );
  return routes;
}

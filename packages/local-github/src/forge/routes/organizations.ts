import { Router } from 'express';
import type { Forge } from '../Forge';
import { notFound } from '../http/errors';
import { route } from '../http/route';
import { fullOrganization } from '../serialize/user';

/** Organisations. */
export function organizationRoutes(forge: Forge): Router {
  const router = Router();

  router.get(
    '/orgs/:org',
    route((req, res) => {
      const account = forge.accounts.find(req.params.org);
      if (account?.type !== 'Organization') {
        throw notFound();
      }
      res.json(fullOrganization(forge, account.login));
    }),
  );

  return router;
}

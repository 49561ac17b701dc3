import { Router } from 'express';
import type { Forge } from '../Forge';
import { route } from '../http/route';

/** The version that clients of GitHub Enterprise Server look for. */
const INSTALLED_VERSION = '3.19.0';

/** `/`, `/meta`, `/rate_limit`, `/zen`. */
export function metaRoutes(forge: Forge): Router {
  const router = Router();
  router.get(
    '/meta',
    route((_req, res) => {
      res.json({
        verifiable_password_authentication: false,
        installed_version: INSTALLED_VERSION,
      });
    }),
  );
  router.get(
    '/rate_limit',
    route((_req, res) => {
      const { rateLimit } = res.locals;
      res.json({
        resources: {
          core: rateLimit,
          search: { ...rateLimit, resource: 'search' },
          graphql: { ...rateLimit, resource: 'graphql' },
        },
        rate: rateLimit,
      });
    }),
  );
  router.get(
    '/versions',
    route((_req, res) => {
      res.json(['2022-11-28']);
    }),
  );
  router.get(
    '/zen',
    route((_req, res) => {
      res.type('text/plain').send('Keep it logically awesome.');
    }),
  );
  router.get(
    '/',
    route((_req, res) => {
      const { api } = forge.urls;
      res.json({
        current_user_url: `${api}/user`,
        organization_url: `${api}/orgs/{org}`,
        organization_repositories_url: `${api}/orgs/{org}/repos{?type,page,per_page,sort}`,
        repository_url: `${api}/repos/{owner}/{repo}`,
        user_url: `${api}/users/{user}`,
        rate_limit_url: `${api}/rate_limit`,
      });
    }),
  );
  return router;
}

// SPDX-License-Identifier: Apache-2.0
import type { Forge } from '../Forge';
import { RouteTable } from '../http/RouteTable';

/** The version that clients of GitHub Enterprise Server look for. */
const INSTALLED_VERSION = '3.19.0';

/** `/`, `/meta`, `/rate_limit`, `/zen`. */
export function metaRoutes(forge: Forge): RouteTable {
  const routes = new RouteTable(forge);
  routes.get('/meta', 'anyone', () => ({
    verifiable_password_authentication: false,
    installed_version: INSTALLED_VERSION,
  }));
  routes.get('/rate_limit', 'anyone', ({ res }) => {
    const { rateLimit } = res.locals;
    return {
      resources: {
        core: rateLimit,
        search: { ...rateLimit, resource: 'search' },
        graphql: { ...rateLimit, resource: 'graphql' },
      },
      rate: rateLimit,
    };
  });
  routes.get('/versions', 'anyone', () => ['2022-11-28']);
  routes.get('/zen', 'anyone', ({ res }) => {
    res.type('text/plain').send('Keep it logically awesome.');
  });
  routes.get('/', 'anyone', () => {
    const { api } = forge.urls;
    return {
      current_user_url: `${api}/user`,
      organization_url: `${api}/orgs/{org}`,
      organization_repositories_url: `${api}/orgs/{org}/repos{?type,page,per_page,sort}`,
      repository_url: `${api}/repos/{owner}/{repo}`,
      user_url: `${api}/users/{user}`,
      rate_limit_url: `${api}/rate_limit`,
    };
  });
  return routes;
}

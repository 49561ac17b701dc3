// SPDX-License-Identifier: Apache-2.0
import type { Forge } from '../Forge';
import { notFound } from '../http/errors';
import { RouteTable } from '../http/RouteTable';
import { fullOrganization } from '../serialize/user';

/** Organisations. */
export function organizationRoutes(forge: Forge): RouteTable {
  const routes = new RouteTable(forge);

  routes.get('/orgs/:org', 'anyone', ({ req }) => {
    const account = forge.accounts.find(req.params.org);
    if (account?.type !== 'Organization') {
      throw notFound();
    }
    return fullOrganization(forge, account.login);
  });

  return routes;
}

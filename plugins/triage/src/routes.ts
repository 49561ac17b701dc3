// SPDX-License-Identifier: Apache-2.0
import {
  createExternalRouteRef,
  createRouteRef,
  createSubRouteRef,
} from '@backstage/frontend-plugin-api';

/** The Triage tab of an entity page. */
export const triageRouteRef = createRouteRef();

/** A report, on the Triage tab. */
export const reportRouteRef = createSubRouteRef({
  parent: triageRouteRef,
  path: '/:id',
});

/** The Inbox. */
export const inboxRouteRef = createRouteRef();

/** The incidents of all repositories, a tab of the Inbox. */
export const incidentsRouteRef = createRouteRef();

/** A report, whichever repository it is of. */
export const incidentRouteRef = createSubRouteRef({
  parent: incidentsRouteRef,
  path: '/:id',
});

/** A component's page in the catalog. */
export const catalogEntityRouteRef = createExternalRouteRef({
  params: ['namespace', 'kind', 'name'],
  defaultTarget: 'catalog.catalogEntity',
});

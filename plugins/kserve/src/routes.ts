// SPDX-License-Identifier: Apache-2.0
import {
  createExternalRouteRef,
  createRouteRef,
} from '@backstage/frontend-plugin-api';

/** The Serving tab of an entity page. */
export const servingRouteRef = createRouteRef();

/** A component's page in the catalog. */
export const catalogEntityRouteRef = createExternalRouteRef({
  params: ['namespace', 'kind', 'name'],
  defaultTarget: 'catalog.catalogEntity',
});

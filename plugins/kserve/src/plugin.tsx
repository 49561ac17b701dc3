// SPDX-License-Identifier: Apache-2.0
import {
  ApiBlueprint,
  createFrontendPlugin,
  fetchApiRef,
} from '@backstage/frontend-plugin-api';
import {
  EntityCardBlueprint,
  EntityContentBlueprint,
} from '@backstage/plugin-catalog-react/alpha';
import {
  HomePageWidgetBlueprint,
  type ComponentParts,
} from '@backstage/plugin-home-react/alpha';
import { RiServerLine } from '@remixicon/react';
import { DefaultKserveApi, kserveApiRef } from './api';
import { isServed } from './isServed';
import { catalogEntityRouteRef, servingRouteRef } from './routes';

const kserveApi = ApiBlueprint.make({
  params: defineParams =>
    defineParams({
      api: kserveApiRef,
      deps: { fetchApi: fetchApiRef },
      factory: ({ fetchApi }) => new DefaultKserveApi({ fetchApi }),
    }),
});

const servingCard = EntityCardBlueprint.make({
  name: 'serving',
  params: {
    filter: isServed,
    type: 'content',
    loader: () =>
      import('./components/ServingCard').then(m => <m.ServingCard />),
  },
});

const servingTab = EntityContentBlueprint.make({
  name: 'serving',
  params: {
    path: '/serving',
    title: 'Serving',
    icon: <RiServerLine />,
    routeRef: servingRouteRef,
    filter: isServed,
    loader: () => import('./components/ServingTab').then(m => <m.ServingTab />),
  },
});

const productionWidget = HomePageWidgetBlueprint.make({
  name: 'production',
  params: {
    name: 'KserveProduction',
    title: 'In production',
    description: 'Which version of your models answers, and how it is',
    layout: { width: { minColumns: 6 }, height: { minRows: 4 } },
    components: () =>
      import('./components/ProductionWidget').then(m => ({
        Content: m.ProductionWidget,
      })),
    // The widget brings its own heading and card.
    componentProps: {
      Renderer: ({ Content }: ComponentParts) => <Content />,
    },
  },
});

/**
 * KServe's inference services: the Serving tab and card of entity pages, and
 * what of the signed-in user's models is in production on the home page.
 *
 * @public
 */
export default createFrontendPlugin({
  pluginId: 'kserve',
  title: 'KServe',
  icon: <RiServerLine />,
  info: { packageJson: () => import('../package.json') },
  extensions: [kserveApi, servingCard, servingTab, productionWidget],
  routes: { serving: servingRouteRef },
  externalRoutes: { catalogEntity: catalogEntityRouteRef },
});

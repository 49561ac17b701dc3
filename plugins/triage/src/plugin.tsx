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
import { RiStethoscopeLine } from '@remixicon/react';
import { DefaultTriageApi, triageApiRef } from './api';
import { hasRepository } from './hasRepository';
import {
  attentionPage,
  inboxPage,
  incidentsPage,
  statisticsPage,
} from './pages';
import {
  catalogEntityRouteRef,
  inboxRouteRef,
  incidentRouteRef,
  incidentsRouteRef,
  reportRouteRef,
  triageRouteRef,
} from './routes';
import { searchResult, searchResultType } from './search';

const triageApi = ApiBlueprint.make({
  params: defineParams =>
    defineParams({
      api: triageApiRef,
      deps: { fetchApi: fetchApiRef },
      factory: ({ fetchApi }) => new DefaultTriageApi({ fetchApi }),
    }),
});

const lastFailureCard = EntityCardBlueprint.make({
  name: 'last-failure',
  params: {
    filter: hasRepository,
    type: 'content',
    loader: () =>
      import('./components/LastFailureCard').then(m => <m.LastFailureCard />),
  },
});

const triageTab = EntityContentBlueprint.make({
  name: 'triage',
  params: {
    path: '/triage',
    title: 'Triage',
    icon: <RiStethoscopeLine />,
    routeRef: triageRouteRef,
    filter: hasRepository,
    loader: () => import('./components/TriageTab').then(m => <m.TriageTab />),
  },
});

const attentionWidget = HomePageWidgetBlueprint.make({
  name: 'attention',
  params: {
    name: 'TriageAttention',
    title: 'Failed pipelines',
    description: 'Which of your models’ pipelines failed, and why',
    layout: { width: { minColumns: 6 }, height: { minRows: 4 } },
    components: () =>
      import('./components/Inbox').then(m => ({ Content: m.InboxWidget })),
    // The widget brings its own heading and card.
    componentProps: {
      Renderer: ({ Content }: ComponentParts) => <Content />,
    },
  },
});

/**
 * Why pipelines failed: the Triage tab and card of entity pages, the Inbox, what of
 * the signed-in user's waits on the home page, and reports among search results.
 *
 * @public
 */
export default createFrontendPlugin({
  pluginId: 'triage',
  title: 'Triage',
  icon: <RiStethoscopeLine />,
  info: { packageJson: () => import('../package.json') },
  extensions: [
    triageApi,
    lastFailureCard,
    triageTab,
    inboxPage,
    attentionPage,
    incidentsPage,
    statisticsPage,
    attentionWidget,
    searchResult,
    searchResultType,
  ],
  routes: {
    triage: triageRouteRef,
    report: reportRouteRef,
    inbox: inboxRouteRef,
    incidents: incidentsRouteRef,
    incident: incidentRouteRef,
  },
  externalRoutes: { catalogEntity: catalogEntityRouteRef },
});

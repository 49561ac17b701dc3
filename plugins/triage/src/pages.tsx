// SPDX-License-Identifier: Apache-2.0
import {
  PageBlueprint,
  SubPageBlueprint,
} from '@backstage/frontend-plugin-api';
import { RiInboxLine } from '@remixicon/react';
import { inboxRouteRef, incidentsRouteRef } from './routes';

/** The Inbox; its tabs are below. */
export const inboxPage = PageBlueprint.make({
  params: {
    path: '/inbox',
    title: 'Inbox',
    icon: <RiInboxLine />,
    routeRef: inboxRouteRef,
  },
});

/** Which models need attention. */
export const attentionPage = SubPageBlueprint.make({
  name: 'attention',
  params: {
    path: 'attention',
    title: 'Needs attention',
    loader: () => import('./components/Inbox').then(m => <m.InboxPage />),
  },
});

/** The incidents of all repositories, and their reports. */
export const incidentsPage = SubPageBlueprint.make({
  name: 'incidents',
  params: {
    path: 'incidents',
    title: 'All incidents',
    routeRef: incidentsRouteRef,
    loader: () =>
      import('./components/IncidentsPage').then(m => <m.IncidentsPage />),
  },
});

/** Figures for the platform team. */
export const statisticsPage = SubPageBlueprint.make({
  name: 'statistics',
  params: {
    path: 'statistics',
    title: 'Statistics',
    loader: () =>
      import('./components/Statistics').then(m => <m.StatisticsPage />),
  },
});

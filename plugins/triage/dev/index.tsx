// SPDX-License-Identifier: Apache-2.0
import { createDevApp } from '@backstage/frontend-dev-utils';
import {
  ApiBlueprint,
  PageBlueprint,
  createFrontendPlugin,
  createRouteRef,
} from '@backstage/frontend-plugin-api';
import { EntityProvider } from '@backstage/plugin-catalog-react';
import { Container } from '@backstage/ui';
import plugin, { triageApiRef } from '../src';
import { createEntity } from '../src/__fixtures__/incidents';
import { triageRouteRef } from '../src/routes';
import { FixtureTriageApi } from './FixtureTriageApi';

const entity = createEntity();

function createPage(
  name: string,
  load: () => Promise<JSX.Element>,
  routeRef = createRouteRef(),
) {
  return PageBlueprint.make({
    name,
    params: {
      path: `/${name}`,
      title: name,
      routeRef,
      loader: async () => (
        <EntityProvider entity={entity}>
          <Container py="4">{await load()}</Container>
        </EntityProvider>
      ),
    },
  });
}

createDevApp({
  features: [
    createFrontendPlugin({
      pluginId: 'triage',
      extensions: [
        ApiBlueprint.make({
          params: defineParams =>
            defineParams({
              api: triageApiRef,
              deps: {},
              factory: () => new FixtureTriageApi(),
            }),
        }),
        plugin.getExtension('page:triage'),
        plugin.getExtension('sub-page:triage/attention'),
        plugin.getExtension('sub-page:triage/incidents'),
        plugin.getExtension('sub-page:triage/statistics'),
        createPage('card', () =>
          import('../src/components/LastFailureCard').then(m => (
            <m.LastFailureCard />
          )),
        ),
        createPage(
          'triage',
          () =>
            import('../src/components/TriageTab').then(m => <m.TriageTab />),
          triageRouteRef,
        ),
        createPage('widget', () =>
          import('../src/components/Inbox').then(m => <m.InboxWidget />),
        ),
      ],
    }),
  ],
});

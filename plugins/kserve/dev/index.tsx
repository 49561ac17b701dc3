// SPDX-License-Identifier: Apache-2.0
import { createDevApp } from '@backstage/frontend-dev-utils';
import {
  ApiBlueprint,
  PageBlueprint,
  createFrontendPlugin,
} from '@backstage/frontend-plugin-api';
import { EntityProvider } from '@backstage/plugin-catalog-react';
import { Container } from '@backstage/ui';
import { kserveApiRef } from '../src';
import { createEntity } from '../src/__fixtures__/serving';
import { FixtureKserveApi } from './FixtureKserveApi';

const entity = createEntity(
  window.location.search.includes('state=bare') ? { annotations: {} } : {},
);

function createPage(name: string, load: () => Promise<JSX.Element>) {
  return PageBlueprint.make({
    name,
    params: {
      path: `/${name}`,
      title: name,
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
      pluginId: 'kserve',
      extensions: [
        ApiBlueprint.make({
          params: defineParams =>
            defineParams({
              api: kserveApiRef,
              deps: {},
              factory: () => new FixtureKserveApi(),
            }),
        }),
        createPage('card', () =>
          import('../src/components/ServingCard').then(m => <m.ServingCard />),
        ),
        createPage('serving', () =>
          import('../src/components/ServingTab').then(m => <m.ServingTab />),
        ),
        createPage('production', () =>
          import('../src/components/ProductionWidget').then(m => (
            <m.ProductionWidget />
          )),
        ),
      ],
    }),
  ],
});

// SPDX-License-Identifier: Apache-2.0
import { createDevApp } from '@backstage/frontend-dev-utils';
import {
  ApiBlueprint,
  PageBlueprint,
  createFrontendPlugin,
} from '@backstage/frontend-plugin-api';
import { EntityProvider } from '@backstage/plugin-catalog-react';
import { Container } from '@backstage/ui';
import { mlflowApiRef } from '../src';
import { createEntity } from '../src/__fixtures__/training';
import { FixtureMlflowApi } from './FixtureMlflowApi';

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
      pluginId: 'mlflow',
      extensions: [
        ApiBlueprint.make({
          params: defineParams =>
            defineParams({
              api: mlflowApiRef,
              deps: {},
              factory: () => new FixtureMlflowApi(),
            }),
        }),
        createPage('card', () =>
          import('../src/components/TrainingCard').then(m => (
            <m.TrainingCard />
          )),
        ),
        createPage('training', () =>
          import('../src/components/TrainingTab').then(m => <m.TrainingTab />),
        ),
        createPage('drift', () =>
          import('../src/components/DriftTab').then(m => <m.DriftTab />),
        ),
        createPage('models', () =>
          import('../src/components/ModelsWidget').then(m => (
            <m.ModelsWidget />
          )),
        ),
      ],
    }),
  ],
});

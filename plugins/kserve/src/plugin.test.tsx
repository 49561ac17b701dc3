// SPDX-License-Identifier: Apache-2.0
import type { Entity } from '@backstage/catalog-model';
import {
  PageBlueprint,
  createExtensionInput,
  fetchApiRef,
} from '@backstage/frontend-plugin-api';
import { renderTestApp } from '@backstage/frontend-test-utils';
import { createTestEntityPage } from '@backstage/plugin-catalog-react/testUtils';
import { homePageWidgetDataRef } from '@backstage/plugin-home-react/alpha';
import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import plugin from '.';
import { FakeKserveBackend } from './__fixtures__/FakeKserveBackend';
import {
  NOW,
  createCanary,
  createDegraded,
  createEntity,
  createModels,
  createResponse,
  createService,
  createSummary,
} from './__fixtures__/serving';

const homePage = PageBlueprint.makeWithOverrides({
  name: 'test-home',
  inputs: {
    widgets: createExtensionInput([homePageWidgetDataRef], {
      replaces: [{ id: 'page:home', input: 'widgets' }],
    }),
  },
  factory: (originalFactory, { inputs }) =>
    originalFactory({
      path: '/',
      loader: async () => (
        <>
          {inputs.widgets.map(
            item => item.get(homePageWidgetDataRef).component,
          )}
        </>
      ),
    }),
});

function openCard(backend: FakeKserveBackend, entity: Entity = createEntity()) {
  return renderTestApp({
    extensions: [
      createTestEntityPage({ entity }),
      plugin.getExtension('api:kserve'),
      plugin.getExtension('entity-card:kserve/serving'),
    ],
    mountedRoutes: { '/elsewhere/serving': plugin.routes.serving },
    apis: [[fetchApiRef, backend]],
  });
}

function openHome(backend: FakeKserveBackend) {
  return renderTestApp({
    extensions: [
      homePage,
      plugin.getExtension('api:kserve'),
      plugin.getExtension('home-page-widget:kserve/production'),
    ],
    mountedRoutes: {
      '/catalog/:namespace/:kind/:name': plugin.externalRoutes.catalogEntity,
    },
    apis: [[fetchApiRef, backend]],
  });
}

beforeEach(() => {
  jest.spyOn(Date, 'now').mockReturnValue(NOW);
});

afterEach(() => {
  jest.restoreAllMocks();
});

describe('In production, on the overview', () => {
  it('is one sentence and its proof, and leads to the tab', async () => {
    openCard(new FakeKserveBackend({ 'inference-services': createResponse() }));
    const sentence = await screen.findByText('v7 answers all requests.');
    expect(sentence.closest('p')).toHaveTextContent(/^Ready/);
    expect(screen.getAllByRole('figure')).toHaveLength(1);
    expect(screen.getByRole('figure')).toHaveTextContent(/Ready=True/);
    expect(
      screen.getByRole('link', { name: /logs and Try it/ }),
    ).toHaveAttribute('href', '/elsewhere/serving');
  });

  it('names several, and says what is more', async () => {
    openCard(
      new FakeKserveBackend({
        'inference-services': createResponse(
          ['a', 'b', 'c', 'd', 'e'].map(cluster => createService({ cluster })),
        ),
      }),
    );
    expect(await screen.findByText('2 more on the Serving tab')).toBeVisible();
    expect(screen.getByText(/team-a on b/)).toBeVisible();
    expect(screen.getAllByText('v7 answers all requests.')).toHaveLength(3);
  });

  it('says which line to add', async () => {
    openCard(
      new FakeKserveBackend({
        'inference-services': createResponse([], { references: [] }),
      }),
      createEntity({ annotations: {} }),
    );
    expect(
      await screen.findByText(
        'serving.kserve.io/inferenceservice: NAMESPACE/churn',
      ),
    ).toBeVisible();
    expect(screen.getByRole('button', { name: 'Copy' })).toBeVisible();
  });
});

describe('In production, on the home page', () => {
  it('has a row for each, what somebody must act on first', async () => {
    openHome(
      new FakeKserveBackend({
        models: createModels(
          [
            createSummary('churn'),
            createSummary('fraud', createDegraded()),
            createSummary('price', createCanary()),
            { ...createSummary('new'), items: [] },
            {
              ...createSummary('far'),
              items: [],
              errors: [
                {
                  cluster: 'edge-1',
                  code: 'unreachable',
                  message: 'refused',
                  retryable: true,
                },
              ],
            },
          ],
          {
            errors: [
              {
                cluster: 'edge-1',
                code: 'unreachable',
                message: 'refused',
                retryable: true,
              },
            ],
          },
        ),
      }),
    );
    const table = within(
      await screen.findByRole('table', { name: 'In production' }),
    );
    const [, ...rows] = table.getAllByRole('row');
    expect(rows.map(({ textContent }) => textContent)).toEqual([
      expect.stringMatching(
        /^fraudDegradedv7100% churn-predictorThe container/,
      ),
      expect.stringMatching(
        /^priceProgressingv790% churn-predictor10% churn-predictor-canary-blue/,
      ),
      'churnReadyv7100% churn-predictorv7 answers all requests.',
      'farNot known: cluster edge-1 gave no answer.',
      'newNot served.',
    ]);
    expect(table.getByRole('link', { name: 'fraud' })).toHaveAttribute(
      'href',
      '/catalog/default/component/fraud',
    );
    expect(screen.getByText('Cluster edge-1 does not answer.')).toBeVisible();
  });

  it('tells of the cluster that is being built, and recovers', async () => {
    const backend = new FakeKserveBackend();
    backend.fail('models', 500, 'no');
    openHome(backend);
    const retry = await screen.findByRole('button', { name: 'Retry' });
    backend.answer(
      'models',
      createModels([], {
        build: { cluster: 'local', step: 1, of: 5, detail: 'Fetching' },
      }),
    );
    await userEvent.click(retry);
    expect(
      await screen.findByText('The local cluster is being built: 1 of 5'),
    ).toBeVisible();
    expect(screen.getByRole('progressbar')).toHaveAttribute('value', '1');
    expect(screen.getByText('You own no models yet.')).toBeVisible();
    await waitFor(() => expect(backend.asked('models')).toHaveLength(2));
  });
});

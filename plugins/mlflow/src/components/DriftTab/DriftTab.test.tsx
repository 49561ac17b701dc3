// SPDX-License-Identifier: Apache-2.0
import { fetchApiRef } from '@backstage/frontend-plugin-api';
import { renderTestApp } from '@backstage/frontend-test-utils';
import { createTestEntityPage } from '@backstage/plugin-catalog-react/testUtils';
import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import type { Entity } from '@backstage/catalog-model';
import plugin from '../..';
import { FakeMlflowBackend } from '../../__fixtures__/FakeMlflowBackend';
import { createDrift, createDriftReport } from '../../__fixtures__/drift';
import {
  NOW,
  createEntity,
  createUnreachable,
} from '../../__fixtures__/training';

type Config = NonNullable<Parameters<typeof renderTestApp>[0]>['config'];

function openTab(
  backend: FakeMlflowBackend,
  entity: Entity = createEntity(),
  config?: Config,
) {
  return renderTestApp({
    extensions: [
      createTestEntityPage({ entity }),
      plugin.getExtension('api:mlflow'),
      plugin.getExtension('entity-content:mlflow/drift'),
    ],
    config,
    apis: [[fetchApiRef, backend]],
    initialRouteEntries: ['/'],
  });
}

describe('Drift tab', () => {
  beforeEach(() => {
    jest.spyOn(Date, 'now').mockReturnValue(NOW);
  });

  afterEach(() => {
    jest.restoreAllMocks();
  });

  it('links to the dashboard of what serves the model', async () => {
    const entity = createEntity();
    openTab(
      new FakeMlflowBackend({ drift: createDrift() }),
      {
        ...entity,
        metadata: {
          ...entity.metadata,
          annotations: {
            ...entity.metadata.annotations,
            'serving.kserve.io/inferenceservice':
              'fraud-dev/churn,prod:fraud-prod/churn',
          },
        },
      },
      { grafana: { domain: 'https://grafana.example.com/' } },
    );
    expect(
      await screen.findByRole('link', { name: /^Dashboard/ }),
    ).toHaveAttribute(
      'href',
      'https://grafana.example.com/d/model-serving?var-namespace=fraud-dev&var-namespace=fraud-prod&var-model=churn&from=now-7d&to=now',
    );
  });

  it('says which feature moved, by how much, since when, and on what it rests', async () => {
    openTab(new FakeMlflowBackend({ drift: createDrift() }));

    const section = await screen.findByRole('region', {
      name: 'Features, the farthest first',
    });
    // Of which nothing can be said comes last.
    const [alcohol, color, predictions] =
      within(section).getAllByRole('listitem');
    expect(alcohol).toHaveTextContent(/alcohol\s*far/);
    expect(alcohol).toHaveTextContent(
      /Its mean is 0\.92 σ above that of training\. Most in \(14\.6, 15\.0]: 10% of the rows in training, 25% now\. Since Nov 1\d, 2026, \d+:\d\d.[AP]M\./,
    );
    expect(alcohol).toHaveTextContent('PSI 0.412, q 3E-9, 1,240 values');
    expect(color).toHaveTextContent(
      'Most in other: 25% of the rows in training, 2% now.',
    );
    expect(predictions).toHaveTextContent(
      'the predictionscannot tell12 values: too few to tell',
    );
    const table = within(alcohol).getByRole('table', {
      name: 'Shares of alcohol by bin',
    });
    expect(
      within(table).getByRole('row', { name: '(11.0, 11.4] 10% 1%' }),
    ).toBeInTheDocument();
    expect(within(section).queryByText('hue')).not.toBeInTheDocument();
    await userEvent.click(
      screen.getByRole('button', { name: '1 feature is as in training' }),
    );
    expect(within(section).getByText('hue')).toBeVisible();

    const verdict = screen.getByRole('region', { name: 'Drift' });
    expect(verdict).toHaveTextContent('P1: look at it today');
    expect(verdict).toHaveTextContent(
      /Far from the training data: alcoholSince Nov 1\d, 2026, \d+:\d\d.[AP]M\./,
    );
    expect(verdict).toHaveTextContent('Version 7, analysed 2 hours ago');
    expect(within(verdict).getByRole('link')).toHaveAttribute(
      'href',
      createDriftReport().url,
    );
    const windows = within(
      screen.getByRole('list', {
        name: 'Verdict of each window, the oldest first',
      }),
    ).getAllByRole('listitem');
    expect(windows.map(({ textContent }) => textContent)).toEqual([
      expect.stringContaining('No drift'),
      expect.stringContaining('No drift'),
      expect.stringContaining('No drift'),
      expect.stringContaining('P1'),
      expect.stringContaining('P1'),
      expect.stringContaining('P1'),
    ]);
    const inputs = screen.getByRole('grid', {
      name: 'What else was measured',
    });
    expect(
      within(inputs).getByRole('row', { name: /Latency/ }),
    ).toHaveTextContent('36 ms38 ms1,240');
    expect(
      within(inputs).getByRole('row', { name: /Accuracy/ }),
    ).toHaveTextContent('nothing came in');
  });

  it('shows hostile names as text', async () => {
    const [, feature] = createDriftReport().features;
    const latest = createDriftReport({
      reason: '<img src=x onerror=alert(1)>',
      features: [{ ...feature, name: '<b>bold</b>' }],
    });
    openTab(new FakeMlflowBackend({ drift: createDrift({ latest }) }));
    expect(
      await screen.findByText('<img src=x onerror=alert(1)>'),
    ).toBeVisible();
    expect(screen.getByText('<b>bold</b>')).toBeVisible();
  });

  it.each([
    {
      state: 'no analysis yet',
      drift: createDrift({ latest: undefined, course: [] }),
      words: 'No analysis of drift has been made yet.',
    },
    {
      state: 'nothing known',
      drift: createDrift({
        latest: undefined,
        course: [],
        errors: [createUnreachable()],
      }),
      words: 'What MLflow holds is not known now.',
    },
    {
      state: 'no annotation',
      entity: createEntity({ annotations: {} }),
      drift: createDrift(),
      words: 'This component names no MLflow experiment.',
    },
  ])('says so where there is $state', async ({ drift, entity, words }) => {
    openTab(new FakeMlflowBackend({ drift }), entity);
    expect(await screen.findByText(words)).toBeVisible();
  });
});

import fs from 'node:fs';
import path from 'node:path';
import { mockApis, renderTestApp } from '@backstage/frontend-test-utils';
import { DefaultEntityPresentationApi } from '@backstage/plugin-catalog';
import {
  catalogApiRef,
  entityPresentationApiRef,
} from '@backstage/plugin-catalog-react';
import { catalogApiMock } from '@backstage/plugin-catalog-react/testUtils';
import { scaffolderApiRef } from '@backstage/plugin-scaffolder-react';
import scaffolderPlugin from '@backstage/plugin-scaffolder/alpha';
import { configure, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { parse } from 'yaml';
import scaffolderModuleMl from '.';

// The pages of the wizard load lazily, and the first test pays for all of them.
jest.setTimeout(60_000);
configure({ asyncUtilTimeout: 20_000 });

const template = parse(
  fs.readFileSync(
    path.resolve(__dirname, '../../../templates/model-service/template.yaml'),
    'utf8',
  ),
);

// As the scaffolder backend answers `…/parameter-schema`.
const manifest = {
  title: template.metadata.title,
  description: template.metadata.description,
  presentation: template.spec.presentation,
  steps: template.spec.parameters.map(
    (schema: { title: string; description: string }) => ({
      title: schema.title,
      description: schema.description,
      schema,
    }),
  ),
};

const group = (name: string, displayName: string) => ({
  apiVersion: 'backstage.io/v1beta1',
  kind: 'Group',
  metadata: { name, namespace: 'default' },
  spec: { type: 'team', children: [], profile: { displayName } },
});

const component = (name: string) => ({
  apiVersion: 'backstage.io/v1alpha1',
  kind: 'Component',
  metadata: { name, namespace: 'default' },
  spec: { type: 'ml-model', owner: 'group:default/fraud-team' },
});

const renderForm = (
  options: { components?: string[]; ownershipEntityRefs?: string[] } = {},
) => {
  const scaffold = jest.fn().mockResolvedValue({ taskId: 'task-1' });
  const catalogApi = catalogApiMock({
    entities: [
      group('a-team', 'A team'),
      group('fraud-team', 'Fraud team'),
      ...(options.components ?? []).map(component),
    ],
  });
  renderTestApp({
    features: [scaffolderPlugin, scaffolderModuleMl],
    initialRouteEntries: ['/create/templates/default/model-service'],
    config: {
      app: {
        extensions: [
          {
            'sub-page:scaffolder/templates': {
              config: { enableBackstageUi: true },
            },
          },
        ],
      },
      integrations: {
        github: [
          {
            host: 'localhost:3002',
            apiBaseUrl: 'http://localhost:3002/api/v3',
          },
        ],
      },
    },
    apis: [
      mockApis.identity({
        userEntityRef: 'user:default/guest',
        ownershipEntityRefs: options.ownershipEntityRefs ?? [
          'user:default/guest',
          'group:default/fraud-team',
        ],
      }),
      [catalogApiRef, catalogApi],
      [
        entityPresentationApiRef,
        DefaultEntityPresentationApi.create({ catalogApi }),
      ],
      [
        scaffolderApiRef,
        // Only what the wizard calls.
        {
          getTemplateParameterSchema: async () => manifest,
          scaffold,
        },
      ],
    ],
  });
  return { scaffold };
};

const press = async (name: string) =>
  userEvent.click(await screen.findByRole('button', { name }));

describe('the form of the Model service template', () => {
  it('asks nothing of a newcomer but Next four times', async () => {
    const { scaffold } = renderForm({ components: ['my-model', 'my-model-2'] });
    expect(await screen.findByDisplayValue('my-model-3')).toBeInTheDocument();
    await screen.findByRole('button', { name: /Fraud team/ });
    await press('Next');
    expect(
      await screen.findByRole('radio', { name: /Breast cancer/ }),
    ).toBeChecked();
    await press('Next');
    expect(
      await screen.findByRole('radio', { name: /Accuracy/ }),
    ).toBeChecked();
    await press('Next');
    expect(
      await screen.findByText(
        'The code goes to http://localhost:3002/greenroom-demo/my-model-3, and its pipeline runs there.',
      ),
    ).toBeInTheDocument();
    await press('Review');
    await press('Create model');
    await waitFor(() => expect(scaffold).toHaveBeenCalled());
    expect(scaffold.mock.calls[0][0]).toEqual({
      templateRef: 'template:default/model-service',
      secrets: {},
      values: {
        name: 'my-model-3',
        description:
          'A scikit-learn model, trained and gated by its own pipeline.',
        owner: 'group:default/fraud-team',
        data: {
          dataset: 'breast_cancer',
          target: 'target',
          task: 'classification',
        },
        gate: { metric: 'accuracy', threshold: 0.9 },
        repository: {
          host: 'localhost:3002',
          owner: 'greenroom-demo',
          visibility: 'private',
        },
      },
    });
  });
});

// SPDX-License-Identifier: Apache-2.0
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
import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { parse } from 'yaml';
import scaffolderModuleMl from '..';

const template = parse(
  fs.readFileSync(
    path.resolve(
      __dirname,
      '../../../../templates/model-service/template.yaml',
    ),
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

/** Opens the form of the template Model service. */
export const renderForm = (
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

/** Presses a button. */
export const press = async (name: string | RegExp) =>
  userEvent.click(await screen.findByRole('button', { name }));

/** Chooses a file for the table. */
export const chooseFile = async (
  name: string,
  content: string | Uint8Array,
) => {
  await userEvent.upload(
    screen.getByLabelText('Choose a file', { selector: 'input' }),
    new File([content], name, { type: 'text/csv' }),
  );
};

/** Goes to the page of the data. */
export const toData = async () => {
  await screen.findByDisplayValue('my-model');
  await screen.findByRole('button', { name: /Fraud team/ });
  await press('Next');
  await screen.findByRole('radio', { name: /Breast cancer/ });
};

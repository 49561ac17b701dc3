// SPDX-License-Identifier: Apache-2.0
import type { Entity } from '@backstage/catalog-model';
import { createDevApp } from '@backstage/frontend-dev-utils';
import {
  ApiBlueprint,
  createFrontendModule,
  createFrontendPlugin,
} from '@backstage/frontend-plugin-api';
import { DefaultEntityPresentationApi } from '@backstage/plugin-catalog';
import {
  catalogApiRef,
  entityPresentationApiRef,
} from '@backstage/plugin-catalog-react';
import { catalogApiMock } from '@backstage/plugin-catalog-react/testUtils';
import {
  scaffolderApiRef,
  type ScaffolderApi,
  type TemplateParameterSchema,
} from '@backstage/plugin-scaffolder-react';
import scaffolderPlugin from '@backstage/plugin-scaffolder/alpha';
// eslint-disable-next-line @backstage/no-relative-monorepo-imports -- templates are in no package
import parsedTemplate from '../../../templates/model-service/template.yaml';
import scaffolderModuleMl from '../src';

interface Template extends Entity {
  spec: {
    presentation: TemplateParameterSchema['presentation'];
    parameters: Array<{ title: string; description?: string }>;
  };
}

// The bundler parses it; Backstage's types say that it is a string.
const template = parsedTemplate as unknown as Template;

const catalogApi = catalogApiMock({
  entities: [
    { ...template, metadata: { ...template.metadata, namespace: 'default' } },
    {
      apiVersion: 'backstage.io/v1beta1',
      kind: 'Group',
      metadata: { name: 'fraud-team', namespace: 'default' },
      spec: {
        type: 'team',
        children: [],
        profile: { displayName: 'Fraud detection' },
      },
    },
  ],
});

/** Shows the template's form, and what it would send. */
const scaffolderApi: Partial<ScaffolderApi> = {
  // As the scaffolder backend answers `…/parameter-schema`.
  getTemplateParameterSchema: async () => ({
    title: template.metadata.title ?? template.metadata.name,
    description: template.metadata.description,
    presentation: template.spec.presentation,
    steps: template.spec.parameters.map(schema => ({
      title: schema.title,
      description: schema.description,
      schema: { ...schema },
    })),
  }),
  scaffold: async ({ values }) => {
    throw new Error(`There is no backend. It would get:
${JSON.stringify(values, undefined, 2)}`);
  },
};

createDevApp({
  features: [
    scaffolderPlugin,
    scaffolderModuleMl,
    createFrontendModule({
      pluginId: 'scaffolder',
      extensions: [
        ApiBlueprint.make({
          params: defineParams =>
            defineParams({
              api: scaffolderApiRef,
              deps: {},
              factory: () => scaffolderApi as ScaffolderApi,
            }),
        }),
      ],
    }),
    createFrontendPlugin({
      pluginId: 'catalog',
      extensions: [
        ApiBlueprint.make({
          params: defineParams =>
            defineParams({
              api: catalogApiRef,
              deps: {},
              factory: () => catalogApi,
            }),
        }),
        ApiBlueprint.make({
          name: 'entity-presentation',
          params: defineParams =>
            defineParams({
              api: entityPresentationApiRef,
              deps: {},
              factory: () =>
                DefaultEntityPresentationApi.create({ catalogApi }),
            }),
        }),
      ],
    }),
  ],
});

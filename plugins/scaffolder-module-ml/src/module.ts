// SPDX-License-Identifier: Apache-2.0
import { createFrontendModule } from '@backstage/frontend-plugin-api';
import { FormFieldBlueprint } from '@backstage/plugin-scaffolder-react/alpha';

/**
 * Form fields of the scaffolder for machine-learning components.
 *
 * @public
 */
export const scaffolderModuleMl = createFrontendModule({
  pluginId: 'scaffolder',
  extensions: [
    FormFieldBlueprint.make({
      name: 'model-name-picker',
      params: {
        field: () =>
          import('./fields/modelNameField').then(m => m.modelNameField),
      },
    }),
    FormFieldBlueprint.make({
      name: 'model-owner-picker',
      params: {
        field: () =>
          import('./fields/modelOwnerField').then(m => m.modelOwnerField),
      },
    }),
    FormFieldBlueprint.make({
      name: 'dataset-picker',
      params: {
        field: () => import('./fields/datasetField').then(m => m.datasetField),
      },
    }),
    FormFieldBlueprint.make({
      name: 'gate-picker',
      params: {
        field: () => import('./fields/gateField').then(m => m.gateField),
      },
    }),
    FormFieldBlueprint.make({
      name: 'model-picker',
      params: {
        field: () => import('./fields/modelField').then(m => m.modelField),
      },
    }),
    FormFieldBlueprint.make({
      name: 'delivery-picker',
      params: {
        field: () =>
          import('./fields/deliveryField').then(m => m.deliveryField),
      },
    }),
    FormFieldBlueprint.make({
      name: 'model-repository-picker',
      params: {
        field: () =>
          import('./fields/modelRepositoryField').then(
            m => m.modelRepositoryField,
          ),
      },
    }),
  ],
});

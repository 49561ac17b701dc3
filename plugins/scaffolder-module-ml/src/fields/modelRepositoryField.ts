// SPDX-License-Identifier: Apache-2.0
import { createFormField } from '@backstage/plugin-scaffolder-react/alpha';
import { ModelRepositoryPicker } from '../components/ModelRepositoryPicker/ModelRepositoryPicker';
import { validateRepository } from '../components/ModelRepositoryPicker/validateRepository';

/** `ui:field: ModelRepositoryPicker` */
export const modelRepositoryField = createFormField({
  name: 'ModelRepositoryPicker',
  component: ModelRepositoryPicker,
  validation: validateRepository,
});

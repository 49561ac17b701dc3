// SPDX-License-Identifier: Apache-2.0
import { createFormField } from '@backstage/plugin-scaffolder-react/alpha';
import { ModelNamePicker } from '../components/ModelNamePicker/ModelNamePicker';
import { validateModelName } from '../components/ModelNamePicker/validateModelName';

/** `ui:field: ModelNamePicker` */
export const modelNameField = createFormField({
  name: 'ModelNamePicker',
  component: ModelNamePicker,
  validation: validateModelName,
});

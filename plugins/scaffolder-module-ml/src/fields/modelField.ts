// SPDX-License-Identifier: Apache-2.0
import { createFormField } from '@backstage/plugin-scaffolder-react/alpha';
import { ModelPicker } from '../components/ModelPicker/ModelPicker';

/** `ui:field: ModelPicker` */
export const modelField = createFormField({
  name: 'ModelPicker',
  component: ModelPicker,
});

// SPDX-License-Identifier: Apache-2.0
import { createFormField } from '@backstage/plugin-scaffolder-react/alpha';
import { ModelOwnerPicker } from '../components/ModelOwnerPicker/ModelOwnerPicker';

/** `ui:field: ModelOwnerPicker` */
export const modelOwnerField = createFormField({
  name: 'ModelOwnerPicker',
  component: ModelOwnerPicker,
});

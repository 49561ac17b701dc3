// SPDX-License-Identifier: Apache-2.0
import { createFormField } from '@backstage/plugin-scaffolder-react/alpha';
import { DatasetPicker } from '../components/DatasetPicker/DatasetPicker';
import { validateDataset } from '../components/DatasetPicker/validateDataset';

/** `ui:field: DatasetPicker` */
export const datasetField = createFormField({
  name: 'DatasetPicker',
  component: DatasetPicker,
  validation: validateDataset,
});

// SPDX-License-Identifier: Apache-2.0
import { createFormField } from '@backstage/plugin-scaffolder-react/alpha';
import { GatePicker } from '../components/GatePicker/GatePicker';
import { validateGate } from '../components/GatePicker/validateGate';

/** `ui:field: GatePicker` */
export const gateField = createFormField({
  name: 'GatePicker',
  component: GatePicker,
  validation: validateGate,
});

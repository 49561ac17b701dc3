// SPDX-License-Identifier: Apache-2.0
import { createFormField } from '@backstage/plugin-scaffolder-react/alpha';
import { DeliveryPicker } from '../components/DeliveryPicker/DeliveryPicker';
import { validateDelivery } from '../components/DeliveryPicker/validateDelivery';

/** `ui:field: DeliveryPicker` */
export const deliveryField = createFormField({
  name: 'DeliveryPicker',
  component: DeliveryPicker,
  validation: validateDelivery,
});

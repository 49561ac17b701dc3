// SPDX-License-Identifier: Apache-2.0
import type { CustomFieldValidator } from '@backstage/plugin-scaffolder-react';
import {
  checkChoices,
  type DeliveryChoices,
} from '@greenroom/plugin-scaffolder-ml-common';
import { getTranslation } from '../../translations/getTranslation';
import { describeHostNames } from './describeHostNames';
import { readForm } from './readForm';

/** Refuses what does not fit together, with all that was chosen on earlier pages. */
export const validateDelivery: CustomFieldValidator<
  Partial<DeliveryChoices>
> = async (value, validation, { apiHolder, formData }) => {
  const t = await getTranslation(apiHolder);
  const { choices, repositoryName } = readForm(formData);
  for (const { code } of checkChoices(
    { ...choices, delivery: value },
    { repositoryName },
  )) {
    validation.addError(t(`choiceProblems.${code}`));
  }
  const hostNames = describeHostNames(t, formData);
  if (hostNames) {
    validation.addError(hostNames);
  }
};

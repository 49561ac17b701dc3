// SPDX-License-Identifier: Apache-2.0
import type { CustomFieldValidator } from '@backstage/plugin-scaffolder-react';
import { catalogApiRef } from '@backstage/plugin-catalog-react';
import { checkModelName } from '@greenroom/plugin-scaffolder-ml-common';
import { describeHostNames } from '../DeliveryPicker/describeHostNames';
import { getTranslation } from '../../translations/getTranslation';

/**
 * Refuses a name that breaks the rules or names a component of the catalog. The
 * action `ml:component:check` judges again, with MLflow and GitHub.
 */
export const validateModelName: CustomFieldValidator<string> = async (
  name,
  validation,
  { apiHolder, formData },
) => {
  const t = await getTranslation(apiHolder);
  const problem = checkModelName(name);
  if (problem) {
    validation.addError(t(`modelName.problem.${problem}`, { name }));
    return;
  }
  const hostNames = describeHostNames(t, formData);
  if (hostNames) {
    validation.addError(hostNames);
  }
  const entity = await apiHolder
    .get(catalogApiRef)
    ?.getEntityByRef(`component:default/${name}`)
    // The catalog's silence is no reason to stop a person here.
    .catch(() => undefined);
  if (entity) {
    const owner = entity.spec?.owner;
    validation.addError(
      typeof owner === 'string'
        ? t('modelName.problem.taken', { name, owner })
        : t('modelName.problem.takenByNobody', { name }),
    );
  }
};

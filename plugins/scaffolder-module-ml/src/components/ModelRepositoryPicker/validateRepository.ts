// SPDX-License-Identifier: Apache-2.0
import type { CustomFieldValidator } from '@backstage/plugin-scaffolder-react';
import { scmIntegrationsApiRef } from '@backstage/integration-react';
import { getTranslation } from '../../translations/getTranslation';
import type { RepositoryValue } from './types';

/**
 * Refuses what GitHub would refuse. Whether the repository exists already is the
 * judgement of the action `ml:component:check`, which has GitHub's token.
 */
export const validateRepository: CustomFieldValidator<RepositoryValue> = async (
  value,
  validation,
  { apiHolder },
) => {
  const t = await getTranslation(apiHolder);
  const { host, owner, name } = value ?? {};
  const integrations = apiHolder.get(scmIntegrationsApiRef);
  if (!host || (integrations && !integrations.github.byHost(host))) {
    validation.addError(t('repository.problem.host'));
  }
  if (
    !owner ||
    owner.length > 39 ||
    !/^[A-Za-z0-9]+(-[A-Za-z0-9]+)*$/.test(owner)
  ) {
    validation.addError(t('repository.problem.owner'));
  }
  if (
    name !== undefined &&
    (!/^[A-Za-z0-9_.-]{1,100}$/.test(name) ||
      /^\.{1,2}$|\.(git|wiki|atom)$/i.test(name))
  ) {
    validation.addError(t('repository.problem.name'));
  }
};

// SPDX-License-Identifier: Apache-2.0
import {
  checkHostNames,
  resolveChoices,
} from '@greenroom/plugin-scaffolder-ml-common';
import type { Translate } from '../../translations/getTranslation';
import { readForm } from './readForm';

/** Why the cluster cannot name what the component becomes there; undefined when it can. */
export function describeHostNames(
  t: Translate,
  formData: unknown,
): string | undefined {
  const { name, componentOwner, choices } = readForm(formData);
  const problem = checkHostNames({
    name,
    owner: componentOwner,
    delivery: resolveChoices(choices).delivery,
  });
  if (!problem) {
    return undefined;
  }
  const { hostName, maximum } = problem;
  const length = String(hostName.length);
  return maximum < 3
    ? t('modelName.problem.hostOwner', { hostName, length })
    : t('modelName.problem.host', {
        hostName,
        length,
        maximum: String(maximum),
      });
}

// SPDX-License-Identifier: Apache-2.0
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import {
  checkChoices,
  resolveChoices,
  type ChoiceProblem,
  type DeliveryChoices,
} from '@greenroom/plugin-scaffolder-ml-common';
import { scaffolderModuleMlTranslationRef } from '../../translations';
import { readForm } from './readForm';

/** A choice about delivery. */
export type DeliveryKey = keyof DeliveryChoices;

/** The choices as they are, and how to judge and change them. */
export interface Delivery {
  value: DeliveryChoices;
  /** The component's name. */
  name: string;
  /** The organisation that owns the repository. */
  owner: string;
  /** Why a choice would not fit if it had this value; undefined when it would. */
  problemOf: <K extends DeliveryKey>(
    key: K,
    value: DeliveryChoices[K],
  ) => string | undefined;
  /** Whether one of these choices must be changed. */
  hasProblem: (...keys: DeliveryKey[]) => boolean;
  change: (changes: Partial<DeliveryChoices>) => void;
}

/** Judges the choices of this page by those of the earlier ones. */
export function useDelivery(options: {
  formData: unknown;
  delivery: Partial<DeliveryChoices> | undefined;
  onChange: (value: DeliveryChoices) => void;
}): Delivery {
  const { formData, delivery, onChange } = options;
  const { t } = useTranslationRef(scaffolderModuleMlTranslationRef);
  const { choices, name, owner, repositoryName } = readForm(formData);
  const value = resolveChoices({ delivery }).delivery;

  const check = (changed: DeliveryChoices): ChoiceProblem[] =>
    checkChoices({ ...choices, delivery: changed }, { repositoryName });
  const problems = check(value);

  return {
    value,
    name,
    owner,
    problemOf: (key, option) => {
      const problem = check({ ...value, [key]: option }).find(
        ({ field }) => field === `delivery.${key}`,
      );
      return problem && t(`choiceProblems.${problem.code}`);
    },
    hasProblem: (...keys) =>
      keys.some(key =>
        problems.some(({ field }) => field === `delivery.${key}`),
      ),
    // Without what is left open, which the review would show as an empty row.
    change: changes =>
      onChange(resolveChoices({ delivery: { ...value, ...changes } }).delivery),
  };
}

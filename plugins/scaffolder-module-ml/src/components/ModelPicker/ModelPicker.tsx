// SPDX-License-Identifier: Apache-2.0
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import type { FieldExtensionComponentProps } from '@backstage/plugin-scaffolder-react';
import { Alert, Flex } from '@backstage/ui';
import {
  checkChoices,
  listOptions,
  resolveChoices,
  type ModelChoices,
} from '@greenroom/plugin-scaffolder-ml-common';
import { scaffolderModuleMlTranslationRef } from '../../translations';
import { ChoiceGroup } from '../ChoiceGroup/ChoiceGroup';
import { readForm } from '../DeliveryPicker/readForm';
import { FieldMessages } from '../FieldMessages/FieldMessages';
import { nestedMessages } from '../FieldMessages/nestedMessages';

const MODEL_CHOICES = Object.keys(listOptions('model')) as Array<
  keyof ModelChoices
>;

/** What trains the model, and how it is stored. */
export const ModelPicker = (
  props: FieldExtensionComponentProps<Partial<ModelChoices>>,
) => {
  const { formData, onChange, idSchema, errorSchema, formContext } = props;
  const { t } = useTranslationRef(scaffolderModuleMlTranslationRef);
  const { model } = resolveChoices({ model: formData });
  const { choices } = readForm(formContext?.formData);
  // Who comes back here to choose another model hears at once what it costs.
  const later =
    choices.delivery === undefined ? [] : checkChoices({ ...choices, model });

  return (
    <Flex direction="column" gap="5" mt="2">
      {MODEL_CHOICES.map(choice => (
        <ChoiceGroup
          key={choice}
          choice={choice}
          value={model[choice]}
          onChange={option => onChange({ ...model, [choice]: option })}
          isDisabled={props.disabled}
          isReadOnly={props.readonly}
        />
      ))}
      <FieldMessages
        id={`${idSchema.$id}__messages`}
        messages={nestedMessages(errorSchema)}
      />
      {later.length > 0 && (
        <Alert
          status="warning"
          icon
          title={t('model.later')}
          description={later
            .map(({ code }) => t(`choiceProblems.${code}`))
            .join(' ')}
        />
      )}
    </Flex>
  );
};

import { useTranslationRef } from '@backstage/frontend-plugin-api';
import type { FieldExtensionComponentProps } from '@backstage/plugin-scaffolder-react';
import { Alert, Flex } from '@backstage/ui';
import {
  checkChoices,
  resolveChoices,
  type ModelChoices,
} from '@greenroom/plugin-scaffolder-ml-common';
import { scaffolderModuleMlTranslationRef } from '../../translations';
import { ChoiceGroup } from '../ChoiceGroup/ChoiceGroup';
import { readForm } from '../DeliveryPicker/readForm';
import { FieldMessages } from '../FieldMessages/FieldMessages';
import { nestedMessages } from '../FieldMessages/nestedMessages';

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
  const isDisabled = props.disabled;
  const isReadOnly = props.readonly;

  return (
    <Flex direction="column" gap="5" mt="2">
      <ChoiceGroup
        choice="framework"
        value={model.framework}
        onChange={framework => onChange({ ...model, framework })}
        isDisabled={isDisabled}
        isReadOnly={isReadOnly}
      />
      <ChoiceGroup
        choice="format"
        value={model.format}
        onChange={format => onChange({ ...model, format })}
        isDisabled={isDisabled}
        isReadOnly={isReadOnly}
      />
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

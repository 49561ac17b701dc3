// SPDX-License-Identifier: Apache-2.0
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import type { FieldExtensionComponentProps } from '@backstage/plugin-scaffolder-react';
import { TextField } from '@backstage/ui';
import { checkModelName } from '@greenroom/plugin-scaffolder-ml-common';
import { useEffect } from 'react';
import { scaffolderModuleMlTranslationRef } from '../../translations';
import { useFreeName } from './useFreeName';

/** What a template may set in `ui:options`. */
export interface ModelNamePickerOptions {
  /** The name to propose; numbered when it is taken. Default: `my-model`. */
  proposal?: string;
}

/** The name of a model component; proposes a free one. */
export const ModelNamePicker = (
  props: FieldExtensionComponentProps<string, ModelNamePickerOptions>,
) => {
  const { formData, onChange, idSchema, rawErrors, schema, uiSchema } = props;
  const { t } = useTranslationRef(scaffolderModuleMlTranslationRef);
  const isUntouched = formData === undefined;
  const proposal = useFreeName(uiSchema['ui:options']?.proposal ?? 'my-model', {
    enabled: isUntouched,
  });

  // On each render: when two fields of a page set their first value at once,
  // the form keeps only the last one.
  useEffect(() => {
    if (isUntouched && proposal !== undefined) {
      onChange(proposal);
    }
  });

  return (
    <TextField
      id={idSchema.$id}
      name={idSchema.$id}
      label={schema.title ?? t('modelName.title')}
      description={
        formData && !checkModelName(formData)
          ? t('modelName.uses', { name: formData })
          : schema.description
      }
      value={formData ?? ''}
      onChange={onChange}
      isInvalid={rawErrors && rawErrors.length > 0}
      aria-describedby={`${idSchema.$id}__error`}
      validationBehavior="aria"
      isDisabled={props.disabled}
      isReadOnly={props.readonly}
      autoComplete="off"
      spellCheck="false"
      maxLength={100}
      isRequired
    />
  );
};

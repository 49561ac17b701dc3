// SPDX-License-Identifier: Apache-2.0
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import type { FieldExtensionComponentProps } from '@backstage/plugin-scaffolder-react';
import { Alert, Button, Select } from '@backstage/ui';
import { useEffect } from 'react';
import { scaffolderModuleMlTranslationRef } from '../../translations';
import type { Owners } from './loadOwners';
import { useOwners } from './useOwners';

const NO_OWNERS: Owners = { mine: [], others: [] };

/** The owner of a model; the user's own group at first. */
export const ModelOwnerPicker = (
  props: FieldExtensionComponentProps<string>,
) => {
  const { formData, onChange, idSchema, rawErrors, schema } = props;
  const { t } = useTranslationRef(scaffolderModuleMlTranslationRef);
  const result = useOwners();
  const { mine, others, you } =
    result.status === 'loaded' ? result.owners : NO_OWNERS;
  const first = mine[0] ?? you;

  // On each render: when two fields of a page set their first value at once,
  // the form keeps only the last one.
  useEffect(() => {
    if (formData === undefined && first) {
      onChange(first.value);
    }
  });

  if (result.status === 'failed') {
    return (
      <Alert
        status="danger"
        icon
        title={t('modelOwner.failed', { message: result.message })}
        customActions={
          <Button variant="secondary" size="small" onPress={result.retry}>
            {t('modelOwner.retry')}
          </Button>
        }
      />
    );
  }

  const sections = [
    { title: t('modelOwner.mine'), options: mine },
    { title: t('modelOwner.others'), options: others },
    { title: t('modelOwner.you'), options: you ? [you] : [] },
  ].filter(section => section.options.length > 0);

  return (
    <Select
      id={idSchema.$id}
      name={idSchema.$id}
      label={schema.title ?? t('modelOwner.title')}
      description={schema.description}
      options={sections}
      searchable={mine.length + others.length > 10}
      value={formData ?? null}
      onChange={key => onChange(key === null ? undefined : String(key))}
      isInvalid={rawErrors && rawErrors.length > 0}
      aria-describedby={`${idSchema.$id}__error`}
      validationBehavior="aria"
      isDisabled={props.disabled || result.status === 'loading'}
      isRequired
    />
  );
};

// SPDX-License-Identifier: Apache-2.0
import { useApi, useTranslationRef } from '@backstage/frontend-plugin-api';
import { scmIntegrationsApiRef } from '@backstage/integration-react';
import type { FieldExtensionComponentProps } from '@backstage/plugin-scaffolder-react';
import {
  Alert,
  Flex,
  Radio,
  RadioGroup,
  Select,
  Text,
  TextField,
} from '@backstage/ui';
import { useEffect } from 'react';
import { scaffolderModuleMlTranslationRef } from '../../translations';
import { FieldMessages } from '../FieldMessages/FieldMessages';
import { nestedMessages } from '../FieldMessages/nestedMessages';
import type { RepositoryValue, RepositoryVisibility } from './types';

/** What a template may set in `ui:options`. */
export interface ModelRepositoryPickerOptions {
  /** GitHub hosts to choose from. Default: all that are configured. */
  allowedHosts?: string[];
  /** Organisations to choose from. Default: any. */
  allowedOwners?: string[];
}

const VISIBILITIES: RepositoryVisibility[] = ['private', 'internal', 'public'];

function readName(formData: unknown): string {
  return typeof formData === 'object' &&
    formData !== null &&
    'name' in formData &&
    typeof formData.name === 'string'
    ? formData.name
    : '';
}

/** The repository of a model; named as the component, unless another name is given. */
export const ModelRepositoryPicker = (
  props: FieldExtensionComponentProps<
    RepositoryValue,
    ModelRepositoryPickerOptions
  >,
) => {
  const { onChange, idSchema, errorSchema, formContext, uiSchema } = props;
  const { t } = useTranslationRef(scaffolderModuleMlTranslationRef);
  const integrations = useApi(scmIntegrationsApiRef);
  const { allowedHosts, allowedOwners } = uiSchema['ui:options'] ?? {};
  const value = props.formData ?? {};
  const id = idSchema.$id;
  const messagesId = `${id}__messages`;
  const componentName = readName(formContext?.formData);

  const configured = integrations.github.list().map(each => each.config);
  const hosts = configured.filter(
    ({ host }) => !allowedHosts || allowedHosts.includes(host),
  );
  const selected = hosts.find(({ host }) => host === value.host);
  const scheme = selected?.apiBaseUrl?.startsWith('http://') ? 'http' : 'https';

  // github.com is always configured; whoever adds another host means that one.
  useEffect(() => {
    if (!selected && hosts.length > 0) {
      onChange({ ...value, host: hosts[0].host });
    }
  });

  if (hosts.length === 0) {
    return <Alert status="danger" icon title={t('repository.noHost')} />;
  }
  return (
    <Flex direction="column" gap="4">
      {hosts.length > 1 && (
        <Select
          id={`${id}_host`}
          label={t('repository.host')}
          options={hosts.map(({ host }) => ({ value: host, label: host }))}
          value={value.host ?? null}
          onChange={key => onChange({ ...value, host: String(key) })}
          isRequired
        />
      )}
      {allowedOwners ? (
        <Select
          id={`${id}_owner`}
          label={t('repository.owner')}
          description={t('repository.ownerHint')}
          options={allowedOwners.map(owner => ({ value: owner, label: owner }))}
          value={value.owner ?? null}
          onChange={key => onChange({ ...value, owner: String(key) })}
          isRequired
        />
      ) : (
        <TextField
          id={`${id}_owner`}
          label={t('repository.owner')}
          description={t('repository.ownerHint')}
          value={value.owner ?? ''}
          onChange={owner => onChange({ ...value, owner })}
          aria-describedby={messagesId}
          validationBehavior="aria"
          autoComplete="off"
          spellCheck="false"
          isRequired
        />
      )}
      <TextField
        id={`${id}_name`}
        label={t('repository.name')}
        description={t('repository.nameHint')}
        value={value.name ?? componentName}
        onChange={name =>
          onChange({
            ...value,
            name: name === componentName ? undefined : name,
          })
        }
        aria-describedby={messagesId}
        validationBehavior="aria"
        autoComplete="off"
        spellCheck="false"
        isRequired
      />
      <RadioGroup
        label={t('repository.visibility')}
        value={value.visibility ?? 'private'}
        onChange={chosen =>
          onChange({
            ...value,
            visibility: VISIBILITIES.find(each => each === chosen),
          })
        }
      >
        {VISIBILITIES.map(visibility => (
          <Radio key={visibility} value={visibility}>
            {t(`repository.${visibility}`)}
          </Radio>
        ))}
      </RadioGroup>
      <FieldMessages id={messagesId} messages={nestedMessages(errorSchema)} />
      {selected && value.owner && (
        <Text aria-live="polite">
          {t('repository.result', {
            url: `${scheme}://${selected.host}/${value.owner}/${
              value.name ?? componentName
            }`,
          })}
        </Text>
      )}
    </Flex>
  );
};

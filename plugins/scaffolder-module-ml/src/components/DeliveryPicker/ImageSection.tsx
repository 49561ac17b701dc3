// SPDX-License-Identifier: Apache-2.0
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Box, TextField } from '@backstage/ui';
import { scaffolderModuleMlTranslationRef } from '../../translations';
import { ChoiceGroup } from '../ChoiceGroup/ChoiceGroup';
import { ChoiceSection } from '../ChoiceSection/ChoiceSection';
import { ChoiceSwitch } from '../ChoiceSwitch/ChoiceSwitch';
import { FieldMessages } from '../FieldMessages/FieldMessages';
import type { Delivery } from './useDelivery';

/** Where the model's image goes, and what it runs on. */
export const ImageSection = (props: {
  id: string;
  delivery: Delivery;
  isDisabled?: boolean;
  isReadOnly?: boolean;
}) => {
  const { id, delivery, isDisabled, isReadOnly } = props;
  const { t } = useTranslationRef(scaffolderModuleMlTranslationRef);
  const { value, owner, problemOf, hasProblem, change } = delivery;
  const { registry, registryNamespace, gpu } = value;
  const defaultNamespace = owner.toLowerCase();
  const namespaceProblem =
    registryNamespace === undefined
      ? undefined
      : problemOf('registryNamespace', registryNamespace);
  const messagesId = `${id}_registryNamespace__messages`;

  return (
    <ChoiceSection
      title={t('delivery.image')}
      summary={[
        registry
          ? t(`choices.registry.${registry}.title`)
          : t('delivery.noImage'),
        ...(gpu ? [t('delivery.gpu')] : []),
      ].join(', ')}
      hasProblem={hasProblem('registry', 'registryNamespace', 'gpu')}
    >
      <ChoiceGroup
        choice="registry"
        value={registry}
        onChange={chosen =>
          change({ registry: chosen, registryNamespace: undefined })
        }
        problemOf={option => problemOf('registry', option)}
        isDisabled={isDisabled}
        isReadOnly={isReadOnly}
      />
      {registry === 'docker-hub' && (
        <Box>
          <TextField
            id={`${id}_registryNamespace`}
            label={t('delivery.namespace')}
            description={t('delivery.namespaceHint')}
            value={registryNamespace ?? defaultNamespace}
            onChange={namespace =>
              change({
                registryNamespace:
                  namespace === defaultNamespace ? undefined : namespace,
              })
            }
            isInvalid={namespaceProblem !== undefined}
            aria-describedby={messagesId}
            validationBehavior="aria"
            isDisabled={isDisabled}
            isReadOnly={isReadOnly}
            autoComplete="off"
            spellCheck="false"
            isRequired
          />
          <FieldMessages
            id={messagesId}
            messages={namespaceProblem ? [namespaceProblem] : []}
          />
        </Box>
      )}
      <ChoiceSwitch
        id={`${id}_gpu`}
        label={t('delivery.gpu')}
        help={t('delivery.gpuHint')}
        value={gpu}
        onChange={chosen => change({ gpu: chosen })}
        problem={problemOf('gpu', true)}
        isDisabled={isDisabled}
        isReadOnly={isReadOnly}
      />
    </ChoiceSection>
  );
};

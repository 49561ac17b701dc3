// SPDX-License-Identifier: Apache-2.0
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import type { FieldExtensionComponentProps } from '@backstage/plugin-scaffolder-react';
import { Flex, Text, TextField } from '@backstage/ui';
import {
  toImageName,
  type DeliveryChoices,
} from '@greenroom/plugin-scaffolder-ml-common';
import { useEffect } from 'react';
import { scaffolderModuleMlTranslationRef } from '../../translations';
import { ChoiceGroup } from '../ChoiceGroup/ChoiceGroup';
import { ChoiceSection } from '../ChoiceSection/ChoiceSection';
import { ChoiceSwitch } from '../ChoiceSwitch/ChoiceSwitch';
import { FieldMessages } from '../FieldMessages/FieldMessages';
import { nestedMessages } from '../FieldMessages/nestedMessages';
import { ImageSection } from './ImageSection';
import { useDelivery } from './useDelivery';

/** How a registered version gets to where it answers. */
export const DeliveryPicker = (
  props: FieldExtensionComponentProps<Partial<DeliveryChoices>>,
) => {
  const { formData, onChange, idSchema, errorSchema, formContext } = props;
  const { t } = useTranslationRef(scaffolderModuleMlTranslationRef);
  const delivery = useDelivery({
    formData: formContext?.formData,
    delivery: formData,
    onChange,
  });
  const { value, name, owner, problemOf, hasProblem, change } = delivery;
  const { serving, manifestsRepository } = value;
  const id = idSchema.$id;
  const state = { isDisabled: props.disabled, isReadOnly: props.readonly };
  const manifestsProblem = problemOf(
    'manifestsRepository',
    manifestsRepository,
  );

  // The review then shows every answer, those of closed sections too. No
  // defaults of the schema: what goes with the serving is not always the same.
  const isOpenEnded =
    formData?.driftMonitor === undefined ||
    (serving === 'image' && formData.registry === undefined);
  useEffect(() => {
    if (isOpenEnded) {
      onChange(value);
    }
  });

  return (
    <Flex direction="column" gap="5" mt="2">
      <ChoiceGroup
        choice="serving"
        value={serving}
        onChange={chosen =>
          change({
            serving: chosen,
            // Each then has the default that goes with the serving.
            registry: undefined,
            registryNamespace: undefined,
            driftMonitor: undefined,
          })
        }
        problemOf={option => problemOf('serving', option)}
        {...state}
      />
      <ChoiceGroup
        choice="environments"
        value={value.environments}
        onChange={environments => change({ environments })}
        {...state}
      />
      <Flex direction="column" gap="0">
        <ImageSection id={id} delivery={delivery} {...state} />
        <ChoiceSection
          title={t('choiceTitles.mlflowAccess')}
          summary={t(`choices.mlflowAccess.${value.mlflowAccess}.title`)}
          hasProblem={hasProblem('mlflowAccess')}
        >
          <ChoiceGroup
            choice="mlflowAccess"
            isLabelHidden
            value={value.mlflowAccess}
            onChange={mlflowAccess => change({ mlflowAccess })}
            problemOf={option => problemOf('mlflowAccess', option)}
            {...state}
          />
        </ChoiceSection>
        <ChoiceSection
          title={t('delivery.rollout')}
          summary={t(
            value.driftMonitor
              ? 'delivery.rolloutMonitored'
              : 'delivery.rolloutUnmonitored',
            { canary: t(`choices.canary.${value.canary}.title`) },
          )}
          hasProblem={hasProblem('canary', 'driftMonitor')}
        >
          <ChoiceGroup
            choice="canary"
            value={value.canary}
            onChange={canary => change({ canary })}
            problemOf={option => problemOf('canary', option)}
            {...state}
          />
          <ChoiceSwitch
            id={`${id}_driftMonitor`}
            label={t('delivery.driftMonitor')}
            help={t('delivery.driftMonitorHint')}
            value={value.driftMonitor}
            onChange={driftMonitor => change({ driftMonitor })}
            problem={problemOf('driftMonitor', true)}
            {...state}
          />
        </ChoiceSection>
        <ChoiceSection
          title={t('delivery.manifests')}
          summary={`${owner}/${manifestsRepository}`}
          hasProblem={hasProblem('manifestsRepository')}
        >
          <TextField
            id={`${id}_manifestsRepository`}
            label={t('delivery.manifestsRepository')}
            description={t('delivery.manifestsHint', { owner })}
            value={manifestsRepository}
            onChange={text => change({ manifestsRepository: text })}
            isInvalid={manifestsProblem !== undefined}
            aria-describedby={`${id}__messages`}
            validationBehavior="aria"
            autoComplete="off"
            spellCheck="false"
            isRequired
            {...state}
          />
        </ChoiceSection>
      </Flex>
      <FieldMessages
        id={`${id}__messages`}
        messages={[
          ...(manifestsProblem ? [manifestsProblem] : []),
          ...nestedMessages(errorSchema),
        ]}
      />
      <Text aria-live="polite">
        {t(serving === 'image' ? 'delivery.resultImage' : 'delivery.result', {
          image: toImageName(value, { name, owner }),
          manifests: `${owner}/${manifestsRepository}`,
        })}
      </Text>
    </Flex>
  );
};

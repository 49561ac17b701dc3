// SPDX-License-Identifier: Apache-2.0
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import type { FieldExtensionComponentProps } from '@backstage/plugin-scaffolder-react';
import { Box, Flex, NumberField, Radio, RadioGroup, Text } from '@backstage/ui';
import {
  checkThreshold,
  getGateMetric,
  getGateMetrics,
  suggestMetric,
  suggestThreshold,
} from '@greenroom/plugin-scaffolder-ml-common';
import { useEffect } from 'react';
import { scaffolderModuleMlTranslationRef } from '../../translations';
import type { Translate } from '../../translations/getTranslation';
import { FieldMessages } from '../FieldMessages/FieldMessages';
import { nestedMessages } from '../FieldMessages/nestedMessages';
import { describeRange } from './describeRange';
import { GateFloor } from './GateFloor';
import { readData } from './readData';
import type { GateValue } from './types';

function hintOf(t: Translate, metric: string): string {
  switch (metric) {
    case 'accuracy':
    case 'f1_macro':
    case 'roc_auc':
    case 'r2':
    case 'rmse':
    case 'mae':
      return t(`gate.hint.${metric}`);
    default:
      return '';
  }
}

/** The metric and the threshold that decide whether a model is registered. */
export const GatePicker = (props: FieldExtensionComponentProps<GateValue>) => {
  const { formData, onChange, idSchema, errorSchema, formContext } = props;
  const { t } = useTranslationRef(scaffolderModuleMlTranslationRef);
  const { dataset, task, constant } = readData(formContext?.formData);
  const metrics = getGateMetrics(task);
  const selected = getGateMetric(formData?.metric ?? '');
  const metric = selected?.task === task ? selected : undefined;
  const threshold = formData?.threshold;
  const messagesId = `${idSchema.$id}__messages`;

  const choose = (name: string) =>
    onChange({ metric: name, threshold: suggestThreshold(dataset, name) });

  // At first, and when the data have changed to another task.
  useEffect(() => {
    if (!metric) {
      choose(suggestMetric(task, constant));
    }
  });

  return (
    <Flex direction="column" gap="4">
      <RadioGroup
        label={t('gate.metric')}
        value={metric?.name ?? null}
        onChange={choose}
        aria-describedby={messagesId}
        validationBehavior="aria"
        isDisabled={props.disabled}
        isReadOnly={props.readonly}
      >
        {metrics.map(({ name, title }) => (
          <Radio key={name} value={name}>
            <Flex direction="column" gap="0.5">
              <Text>{title}</Text>
              <Text variant="body-small" color="secondary">
                {hintOf(t, name)}
              </Text>
            </Flex>
          </Radio>
        ))}
      </RadioGroup>
      {metric && (
        <Box style={{ maxWidth: '16rem' }}>
          <NumberField
            id={`${idSchema.$id}_threshold`}
            label={t('gate.threshold')}
            description={describeRange(t, metric)}
            value={threshold ?? NaN}
            onChange={number =>
              onChange({
                metric: metric.name,
                threshold: Number.isNaN(number) ? undefined : number,
              })
            }
            step={metric.maximum === undefined ? 1 : 0.01}
            formatOptions={{ maximumFractionDigits: 6 }}
            // The step is for the buttons: what a person types stays as it is.
            commitBehavior="validate"
            isInvalid={checkThreshold(metric, threshold) !== undefined}
            aria-describedby={messagesId}
            validationBehavior="aria"
            isDisabled={props.disabled}
            isReadOnly={props.readonly}
            isRequired
          />
        </Box>
      )}
      {metric && constant && (
        <GateFloor constant={constant} metric={metric} threshold={threshold} />
      )}
      <FieldMessages id={messagesId} messages={nestedMessages(errorSchema)} />
      {metric && checkThreshold(metric, threshold) === undefined && (
        <Text aria-live="polite">
          {t(`gate.${metric.direction}`, {
            metric: metric.title,
            threshold: String(threshold),
          })}
        </Text>
      )}
    </Flex>
  );
};

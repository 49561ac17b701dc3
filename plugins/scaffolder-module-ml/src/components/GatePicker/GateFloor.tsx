// SPDX-License-Identifier: Apache-2.0
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Flex, Text } from '@backstage/ui';
import {
  checkFloor,
  formatPercent,
  getGateMetric,
  suggestMetric,
  type ConstantAnswer,
  type GateMetric,
} from '@greenroom/plugin-scaffolder-ml-common';
import { scaffolderModuleMlTranslationRef } from '../../translations';
import { formatFigure } from './formatFigure';

/** What always giving the same answer scores: the floor under a threshold. */
export const GateFloor = (props: {
  constant: ConstantAnswer;
  metric: GateMetric;
  threshold: number | undefined;
}) => {
  const { constant, metric, threshold } = props;
  const { t } = useTranslationRef(scaffolderModuleMlTranslationRef);
  const floor = constant.metrics[metric.name];
  const problem =
    threshold === undefined
      ? undefined
      : checkFloor({ metric: metric.name, threshold }, constant);
  const better = suggestMetric(metric.task, constant);
  const parameters = {
    answer: constant.answer,
    metric: metric.title,
    value: formatFigure(floor),
    better: getGateMetric(better)?.title ?? '',
  };
  return (
    <Flex direction="column" gap="1">
      <Text variant="body-small" color="secondary">
        {constant.share === undefined
          ? t('gate.floorNumber', parameters)
          : t('gate.floorClass', {
              ...parameters,
              percent: formatPercent(constant.share),
            })}
      </Text>
      <Text
        aria-live="polite"
        variant="body-small"
        color={problem === 'refused' ? 'danger' : 'warning'}
      >
        {problem && problem === 'refused'
          ? t('gate.problem.floor', parameters)
          : problem && t('gate.floorPassed')}
      </Text>
    </Flex>
  );
};

// SPDX-License-Identifier: Apache-2.0
import type { CustomFieldValidator } from '@backstage/plugin-scaffolder-react';
import {
  checkFloor,
  checkThreshold,
  getGateMetric,
  suggestMetric,
} from '@greenroom/plugin-scaffolder-ml-common';
import { getTranslation } from '../../translations/getTranslation';
import { describeRange } from './describeRange';
import { formatFigure } from './formatFigure';
import { readData } from './readData';
import type { GateValue } from './types';

/** Refuses a metric of another task, and a threshold no model can meet or miss. */
export const validateGate: CustomFieldValidator<GateValue> = async (
  value,
  validation,
  { apiHolder, formData },
) => {
  const t = await getTranslation(apiHolder);
  const { task, constant } = readData(formData);
  const metric = getGateMetric(value?.metric ?? '');
  if (!metric || metric.task !== task) {
    validation.addError(t('gate.problem.metric', { task }));
    return;
  }
  const problem = checkThreshold(metric, value?.threshold);
  const threshold = value?.threshold;
  if (
    !problem &&
    constant &&
    threshold !== undefined &&
    checkFloor({ metric: metric.name, threshold }, constant) === 'refused'
  ) {
    validation.addError(
      t('gate.problem.floor', {
        answer: constant.answer,
        metric: metric.title,
        value: formatFigure(constant.metrics[metric.name]),
        better: getGateMetric(suggestMetric(task, constant))?.title ?? '',
      }),
    );
  }
  if (problem === 'not-a-number') {
    validation.addError(t('gate.problem.not-a-number'));
  } else if (problem) {
    validation.addError(
      t('gate.problem.range', {
        title: metric.title,
        value: String(value?.threshold),
        range: describeRange(t, metric),
      }),
    );
  }
};

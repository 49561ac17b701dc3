// SPDX-License-Identifier: Apache-2.0
import type { GateMetric } from '@greenroom/plugin-scaffolder-ml-common';
import type { Translate } from '../../translations/getTranslation';

/** Where a threshold of the metric may lie. */
export function describeRange(t: Translate, metric: GateMetric): string {
  const minimum = String(metric.minimum);
  if (metric.maximum === undefined) {
    return t('gate.rangeUnit', { minimum });
  }
  const maximum = String(metric.maximum);
  return metric.exclusiveMinimum
    ? t('gate.rangeAbove', { minimum, maximum })
    : t('gate.rangeFrom', { minimum, maximum });
}

// SPDX-License-Identifier: Apache-2.0
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Text } from '@backstage/ui';
import type { MlflowGateVerdict } from '@greenroom/plugin-mlflow-common';
import { useLocale } from '@greenroom/ui';
import { formatMetric } from '../../formatting';
import { mlflowTranslationRef } from '../../translations';
import styles from './TrainingCard.module.css';

/** How sure the gate's figure is, and what it was held against. */
export function GateFacts({ gate }: { gate: MlflowGateVerdict }) {
  const { t } = useTranslationRef(mlflowTranslationRef);
  const locale = useLocale();
  const { constantValue, interval, linearValue } = gate;
  const show = (value: number) => formatMetric(value, locale);
  const facts = [
    interval &&
      t('gate.interval', {
        low: show(interval.low),
        high: show(interval.high),
      }),
    linearValue !== undefined && t('gate.linear', { value: show(linearValue) }),
    constantValue !== undefined &&
      t('gate.constant', { value: show(constantValue) }),
    gate.isUnsure && t('gate.unsureWhy'),
  ].filter(Boolean);
  return facts.length > 0 ? (
    <Text as="p" color="secondary" className={styles.facts}>
      {facts.map(fact => (
        <span key={`${fact}`} className={styles.figures}>
          {fact}
        </span>
      ))}
    </Text>
  ) : null;
}

// SPDX-License-Identifier: Apache-2.0
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import type { MlflowGateVerdict } from '@greenroom/plugin-mlflow-common';
import { Name, StatusLabel, useLocale } from '@greenroom/ui';
import { formatGate } from '../../formatting';
import { mlflowTranslationRef } from '../../translations';
import styles from './elements.module.css';

/** A gate's verdict with the metric and the figures it was made from. */
export function GateLabel(props: { gate: MlflowGateVerdict }) {
  const { t } = useTranslationRef(mlflowTranslationRef);
  const locale = useLocale();
  const { gate } = props;
  return (
    <StatusLabel status={gate.passed ? 'success' : 'danger'}>
      {gate.passed ? t('gate.passed') : t('gate.failed')}{' '}
      <span className={styles.figures}>
        <Name text={gate.metric} isClipped /> {formatGate(gate, locale)}
      </span>
    </StatusLabel>
  );
}

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
  const passed = gate.isUnsure ? t('gate.passedUnsure') : t('gate.passed');
  const failed = gate.isUnsure ? t('gate.failedUnsure') : t('gate.failed');
  const passedStatus = gate.isUnsure ? 'warning' : 'success';
  return (
    <StatusLabel
      status={gate.passed ? passedStatus : 'danger'}
      title={gate.isUnsure ? t('gate.unsureWhy') : undefined}
    >
      {gate.passed ? passed : failed}{' '}
      <span className={styles.figures}>
        <Name text={gate.metric} isClipped /> {formatGate(gate, locale)}
      </span>
    </StatusLabel>
  );
}

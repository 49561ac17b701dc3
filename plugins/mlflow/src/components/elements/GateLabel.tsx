import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { VisuallyHidden } from '@backstage/ui';
import type { MlflowGateVerdict } from '@greenroom/plugin-mlflow-common';
import { formatGate } from '../../formatting';
import { useLocale } from '../../hooks/useLocale';
import { mlflowTranslationRef } from '../../translations';
import { StatusLabel } from './StatusLabel';
import styles from './elements.module.css';

/** A gate's verdict with the figures it was made from. */
export function GateLabel(props: { gate: MlflowGateVerdict }) {
  const { t } = useTranslationRef(mlflowTranslationRef);
  const locale = useLocale();
  const { gate } = props;
  return (
    <StatusLabel
      status={gate.passed ? 'success' : 'danger'}
      title={gate.metric}
    >
      <span className={styles.figures}>
        {gate.passed ? t('gate.passed') : t('gate.failed')}{' '}
        <VisuallyHidden>{gate.metric}</VisuallyHidden>{' '}
        {formatGate(gate, locale)}
      </span>
    </StatusLabel>
  );
}

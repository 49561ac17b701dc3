import { useTranslationRef } from '@backstage/frontend-plugin-api';
import type { MlflowRunStatus } from '@greenroom/plugin-mlflow-common';
import { mlflowTranslationRef } from '../../translations';
import type { Status } from './StatusIcon';
import { StatusLabel } from './StatusLabel';

const STATUS: Record<MlflowRunStatus, Status> = {
  RUNNING: 'running',
  SCHEDULED: 'waiting',
  FINISHED: 'success',
  FAILED: 'danger',
  KILLED: 'stopped',
};

/** An MLflow run's status. */
export function RunStatusLabel(props: { status: MlflowRunStatus }) {
  const { t } = useTranslationRef(mlflowTranslationRef);
  return (
    <StatusLabel status={STATUS[props.status]}>
      {t(`runStatus.${props.status}`)}
    </StatusLabel>
  );
}

// SPDX-License-Identifier: Apache-2.0
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import {
  isMlflowRunAhead,
  isMlflowRunStalled,
  type MlflowRun,
  type MlflowRunStatus,
} from '@greenroom/plugin-mlflow-common';
import { formatAge, type Status, StatusLabel, useLocale } from '@greenroom/ui';
import { mlflowTranslationRef } from '../../translations';

const STATUS: Record<MlflowRunStatus, Status> = {
  RUNNING: 'running',
  SCHEDULED: 'waiting',
  FINISHED: 'success',
  FAILED: 'danger',
  KILLED: 'stopped',
};

/** An MLflow run's status, and what makes it doubtful. */
export function RunStatusLabel(props: {
  run: Pick<MlflowRun, 'status' | 'startTime'>;
}) {
  const { t } = useTranslationRef(mlflowTranslationRef);
  const locale = useLocale();
  const { run } = props;
  const { startTime, status } = run;
  if (isMlflowRunStalled(run) && startTime !== undefined) {
    return (
      <StatusLabel status="warning" title={t('runStatus.stalledWhy')}>
        {t('runStatus.stalled', {
          duration: formatAge(Date.now() - startTime, locale),
        })}
      </StatusLabel>
    );
  }
  if (isMlflowRunAhead(run)) {
    return (
      <StatusLabel status="warning" title={t('runStatus.aheadWhy')}>
        {t(`runStatus.${status}`)}
      </StatusLabel>
    );
  }
  return (
    <StatusLabel status={STATUS[status]}>
      {t(`runStatus.${status}`)}
    </StatusLabel>
  );
}

// SPDX-License-Identifier: Apache-2.0
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Text } from '@backstage/ui';
import type { MlflowRun } from '@greenroom/plugin-mlflow-common';
import { ExternalLink, RelativeTime } from '@greenroom/ui';
import { getRunName } from '../../formatting';
import { mlflowTranslationRef } from '../../translations';
import { RunStatusLabel } from '../elements';
import styles from './TrainingCard.module.css';

/** The last run's state. */
export function LastRunLine(props: { run: MlflowRun }) {
  const { t } = useTranslationRef(mlflowTranslationRef);
  const { run } = props;
  const time = run.endTime ?? run.startTime;
  const status = (
    <span className={styles.inline}>
      <RunStatusLabel run={run} />
    </span>
  );
  const name = <ExternalLink url={run.url} text={getRunName(run)} />;
  return (
    <Text as="p" className={styles.lastRun}>
      {time === undefined
        ? t('overview.lastRunUndated', { status, name })
        : t('overview.lastRun', {
            status,
            name,
            time: <RelativeTime time={time} />,
          })}
    </Text>
  );
}

// SPDX-License-Identifier: Apache-2.0
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import type { MlflowRun } from '@greenroom/plugin-mlflow-common';
import { RiCornerDownRightLine } from '@remixicon/react';
import { ExternalLink } from '@greenroom/ui';
import { getRunName } from '../../formatting';
import { mlflowTranslationRef } from '../../translations';
import styles from './RunsTable.module.css';

const ID_LENGTH = 7;

/** A run's name, and of a child its parent's, each linked to MLflow. */
export function RunNameCell(props: {
  run: MlflowRun;
  /** Where it is among the runs that are shown. */
  parent?: MlflowRun;
}) {
  const { t } = useTranslationRef(mlflowTranslationRef);
  const { parent, run } = props;
  const { parentRunId, runId, url } = run;
  const name = <ExternalLink url={url} text={getRunName(run)} isClipped />;
  if (!parentRunId) {
    return name;
  }
  const parentName = parent
    ? getRunName(parent)
    : parentRunId.slice(0, ID_LENGTH);
  return (
    <span className={styles.child}>
      <RiCornerDownRightLine size={16} aria-hidden="true" />
      <span className={styles.family}>
        {name}
        <span className={styles.parent}>
          {t('runs.childOf', {
            parent: (
              <ExternalLink
                // Both are runs of one instance and one experiment.
                url={parent?.url ?? url?.replace(runId, parentRunId)}
                text={parentName}
                isClipped
              />
            ),
          })}
        </span>
      </span>
    </span>
  );
}

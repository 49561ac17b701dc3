// SPDX-License-Identifier: Apache-2.0
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Link } from '@backstage/ui';
import type { Incident } from '@greenroom/plugin-triage-common';
import { Name, RelativeTime, shortenCommit, StatusLabel } from '@greenroom/ui';
import { triageTranslationRef } from '../../translations';
import { Code, StateLabel } from '../elements';
import styles from './Incidents.module.css';

/** Whether a report is still being made. */
export function isRunning({ progress }: Incident) {
  return progress.stage !== 'done' && progress.stage !== 'failed';
}

/** One failed run: where it failed, of which branch and commit, when, and how it stands. */
export function IncidentRow(props: {
  incident: Incident;
  url: string | undefined;
  hasRepository: boolean;
}) {
  const { t } = useTranslationRef(triageTranslationRef);
  const { hasRepository, incident, url } = props;
  const { commit, failedAt, repository, state, title } = incident;
  const { branch = '', runId = '' } = incident;
  return (
    <li className={styles.row}>
      <span className={styles.state}>
        {isRunning(incident) ? (
          <StatusLabel status="running">
            {t(`stage.${incident.progress.stage}`)}
          </StatusLabel>
        ) : (
          <StateLabel state={state} />
        )}
      </span>
      <span className={styles.title}>
        {url ? (
          <Link
            href={url}
            aria-label={
              runId ? t('incidents.open', { title, branch, run: runId }) : title
            }
          >
            <Name text={title} />
          </Link>
        ) : (
          <Name text={title} />
        )}
      </span>
      <span className={styles.facts}>
        {hasRepository && repository && (
          <span>
            <Name text={repository} />
          </span>
        )}
        {branch && (
          <span>
            <Name text={branch} />
          </span>
        )}
        {commit && <Code text={shortenCommit(commit)} />}
        <RelativeTime time={failedAt} />
      </span>
    </li>
  );
}

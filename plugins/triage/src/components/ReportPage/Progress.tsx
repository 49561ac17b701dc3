// SPDX-License-Identifier: Apache-2.0
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Alert, VisuallyHidden } from '@backstage/ui';
import type { Incident, TriageStage } from '@greenroom/plugin-triage-common';
import {
  formatDuration,
  type Status,
  StatusLabel,
  useLocale,
  useNow,
} from '@greenroom/ui';
import { triageTranslationRef } from '../../translations';
import styles from './ReportPage.module.css';

const STAGES = ['collect', 'reduce', 'ask', 'verify', 'post'] as const;

const ORDER: readonly TriageStage[] = ['queued', ...STAGES, 'done'];

function getStatus(stage: TriageStage, current: TriageStage) {
  const place = ORDER.indexOf(stage) - ORDER.indexOf(current);
  if (place === 0) {
    return 'active';
  }
  return place < 0 ? 'done' : 'waiting';
}

const ICONS: Record<'active' | 'done' | 'waiting', Status> = {
  active: 'running',
  done: 'success',
  waiting: 'waiting',
};

/** How far the report is: its stages, and how long the one under way takes. */
export function Progress(props: { incident: Incident; hasReport: boolean }) {
  const { t } = useTranslationRef(triageTranslationRef);
  const locale = useLocale();
  const { hasReport, incident } = props;
  const { error, since, stage } = incident.progress;
  const reading =
    incident.kind === 'pipeline' ? 'progress.reading' : 'progress.readingLines';
  const isRunning = stage !== 'done' && stage !== 'failed';
  const now = useNow(isRunning);
  if (stage === 'failed') {
    return (
      <Alert
        role="status"
        status="danger"
        icon
        title={t('progress.failed')}
        description={error}
      />
    );
  }
  if (!isRunning) {
    return null;
  }
  const whole = Math.max(Math.floor((now - Date.parse(since)) / 1_000), 1);
  const seconds = formatDuration(whole * 1_000, locale);
  return (
    <section aria-label={t('progress.title')} className={styles.progress}>
      <ol className={styles.stages}>
        {STAGES.map(each => {
          const status = getStatus(each, stage);
          return (
            <li
              key={each}
              aria-current={status === 'active' ? 'step' : undefined}
            >
              <StatusLabel status={ICONS[status]}>
                {t(`stage.${each}`)}
                {status === 'active' && ` ${seconds}`}
                <VisuallyHidden> {t(`progress.${status}`)}</VisuallyHidden>
              </StatusLabel>
            </li>
          );
        })}
      </ol>
      <span className={styles.secondary}>
        {stage === 'queued' && t('progress.queued', { duration: seconds })}
        {stage !== 'queued' &&
          (hasReport ? t('progress.rulesFirst') : t(reading))}
      </span>
    </section>
  );
}

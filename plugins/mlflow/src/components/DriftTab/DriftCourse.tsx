// SPDX-License-Identifier: Apache-2.0
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import type { MlflowDriftWindow } from '@greenroom/plugin-mlflow-common';
import { Section, useLocale } from '@greenroom/ui';
import { mlflowTranslationRef } from '../../translations';
import styles from './Drift.module.css';
import { DriftLabel } from './DriftVerdict';
import { formatTime } from './formatDrift';

/** The verdict of each window, so that its beginning can be seen. */
export function DriftCourse(props: { windows: readonly MlflowDriftWindow[] }) {
  const { t } = useTranslationRef(mlflowTranslationRef);
  const locale = useLocale();
  const count = new Intl.NumberFormat(locale);
  // Before the model was asked anything there is no course.
  const first = props.windows.findIndex(({ rows }) => rows > 0);
  const windows = props.windows.slice(first);
  return (
    <Section title={t('drift.course')}>
      <ol className={styles.course} aria-label={t('drift.courseOf')}>
        {windows.map(({ from, rows, to, verdict }, index) => (
          <li
            key={from ?? index}
            className={`${styles.window} ${styles[verdict]}`}
            title={[from, to]
              .flatMap(time => (time ? formatTime(time, locale) : []))
              .join(' – ')}
          >
            <DriftLabel verdict={verdict} />
            {from && (
              <span className={styles.day}>{formatTime(from, locale)}</span>
            )}
            <span className={styles.day}>
              {t('drift.rows', { count: rows, formatted: count.format(rows) })}
            </span>
          </li>
        ))}
      </ol>
    </Section>
  );
}

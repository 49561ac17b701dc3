// SPDX-License-Identifier: Apache-2.0
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import type { TriageReport } from '@greenroom/plugin-triage-common';
import {
  formatExactTime,
  formatSince,
  Name,
  Section,
  useLocale,
} from '@greenroom/ui';
import { triageTranslationRef } from '../../translations';
import { Prose } from '../elements';
import styles from './MetricGraph.module.css';

/** What happened before, at and after an alert, each with its source. */
export function WhatHappened(props: { report: TriageReport }) {
  const { t } = useTranslationRef(triageTranslationRef);
  const locale = useLocale();
  const { incident, timeline = [] } = props.report;
  if (timeline.length === 0) {
    return null;
  }
  const startsAt = incident.alert && Date.parse(incident.alert.startsAt);
  return (
    <Section title={t('happened.title')}>
      <ol className={styles.timeline}>
        {timeline.map(({ at, source, text }) => {
          const time = Date.parse(at);
          return (
            <li key={`${at}:${source}:${text}`}>
              <time
                dateTime={at}
                title={formatExactTime(time, locale)}
                className={styles.moment}
              >
                {formatSince(time, startsAt ?? time, locale)}
              </time>
              <div className={time === startsAt ? styles.start : undefined}>
                <Prose text={text} />{' '}
                <span className={styles.source}>
                  <Name text={source} />
                </span>
              </div>
            </li>
          );
        })}
      </ol>
    </Section>
  );
}

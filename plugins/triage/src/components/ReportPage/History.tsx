// SPDX-License-Identifier: Apache-2.0
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import type {
  IncidentActivity,
  IncidentDetails,
  IncidentEffect,
  IncidentKind,
} from '@greenroom/plugin-triage-common';
import {
  ExternalLink,
  Name,
  RelativeTime,
  Section,
  type Status,
  StatusLabel,
} from '@greenroom/ui';
import { formatEntityName } from '../../formatting';
import { triageTranslationRef } from '../../translations';
import styles from './ReportPage.module.css';

const STATUS: Record<IncidentEffect['status'], Status> = {
  done: 'success',
  pending: 'waiting',
  failed: 'danger',
};

/** What triage did outside of the portal: comments, issues, messages. */
export function Posted(props: { effects: readonly IncidentEffect[] }) {
  const { t } = useTranslationRef(triageTranslationRef);
  return (
    <Section title={t('posted.title')}>
      {props.effects.length === 0 ? (
        <span className={styles.secondary}>{t('posted.none')}</span>
      ) : (
        <ul className={styles.entries}>
          {props.effects.map(({ at, error, kind, status, url }) => (
            <li key={`${kind} ${at} ${url}`}>
              <StatusLabel status={STATUS[status]}>
                <ExternalLink url={url} text={t(`posted.kind.${kind}`)} />{' '}
                {t(`posted.${status}`)}
              </StatusLabel>{' '}
              <span className={styles.secondary}>
                <RelativeTime time={at} />
              </span>
              {error && (
                <div>
                  <Name text={error} />
                </div>
              )}
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}

function Entry(props: { activity: IncidentActivity; kind: IncidentKind }) {
  const { t } = useTranslationRef(triageTranslationRef);
  const { action, at, by, text } = props.activity;
  return (
    <li>
      <span className={styles.secondary}>
        <RelativeTime time={at} />
      </span>{' '}
      {action === 'recovered'
        ? t(`recovered.${props.kind}`)
        : t(`activity.${action}`)}
      {by !== 'triage' && (
        <>
          {' '}
          {t('activity.by')} <Name text={formatEntityName(by)} />
        </>
      )}
      {text && (
        <div className={styles.secondary}>
          {/* Whom it was assigned to is an entity reference. */}
          <Name text={action === 'assigned' ? formatEntityName(text) : text} />
        </div>
      )}
    </li>
  );
}

/** From the failed run to the green one: what happened, and who did it. */
export function Timeline(props: { details: IncidentDetails }) {
  const { t } = useTranslationRef(triageTranslationRef);
  const { activity, incident } = props.details;
  return (
    <Section title={t('timeline.title')}>
      <ol className={styles.entries}>
        <li>
          <span className={styles.secondary}>
            <RelativeTime time={incident.failedAt} />
          </span>{' '}
          {incident.alert
            ? t('timeline.fired', { alert: incident.alert.name })
            : t(
                incident.kind === 'drift'
                  ? 'timeline.analysed'
                  : 'timeline.failed',
                { run: incident.runId ?? incident.title },
              )}
        </li>
        {activity.map(each => (
          <Entry
            key={`${each.at} ${each.action} ${each.by}`}
            activity={each}
            kind={incident.kind}
          />
        ))}
      </ol>
    </Section>
  );
}

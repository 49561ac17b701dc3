// SPDX-License-Identifier: Apache-2.0
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Badge, Flex, Link, Text } from '@backstage/ui';
import type {
  IncidentAlert,
  IncidentDetails,
} from '@greenroom/plugin-triage-common';
import type { ReactNode } from 'react';
import {
  DashboardLink,
  ExternalLink,
  Name,
  RelativeTime,
  shortenCommit,
} from '@greenroom/ui';
import { formatEntityName } from '../../formatting';
import { triageTranslationRef } from '../../translations';
import { Code, StateLabel } from '../elements';
import styles from './ReportPage.module.css';

/** What happened at the incident's time. */
const HAPPENED = {
  pipeline: 'report.failed',
  alert: 'report.fired',
  drift: 'report.analysed',
} as const;

const HOUR = 60 * 60_000;

/** What was measured of the model, from an hour before the alert to an hour after it. */
function AlertDashboard(props: { alert: IncidentAlert }) {
  const { endsAt, namespace, service, startsAt } = props.alert;
  return namespace && service ? (
    <DashboardLink
      services={[{ namespace, name: service }]}
      from={Date.parse(startsAt) - HOUR}
      to={endsAt ? Date.parse(endsAt) + HOUR : 'now'}
    />
  ) : null;
}

/** What failed and where, in one glance; and what a person can do about it. */
export function ReportHeader(props: {
  details: IncidentDetails;
  listUrl: string | undefined;
  actions: ReactNode;
}) {
  const { t } = useTranslationRef(triageTranslationRef);
  const { actions, details, listUrl } = props;
  const { dashboardUrl, incident, report, similar } = details;
  const { alert, assignee, branch, commit, repository, signature } = incident;
  const { runAttempt = 1, runId, runUrl } = incident;
  const others = t('report.similar', {
    count: similar.count,
    repositories: t('report.inRepositories', {
      count: similar.repositories.length,
    }),
  });
  return (
    <Flex direction="column" gap="2">
      {listUrl && (
        <div>
          <Link href={listUrl}>{t('report.back')}</Link>
        </div>
      )}
      <div className={styles.titleLine}>
        <Text as="h2" variant="title-small" weight="bold">
          <Name text={incident.title} />
        </Text>
        {actions}
      </div>
      <div className={styles.facts}>
        <StateLabel state={incident.state} />
        {incident.type && <Badge>{t(`type.${incident.type}`)}</Badge>}
        {report && (
          <span title={report.decision.reasons.join(' ')}>
            {t('report.priority', {
              priority: report.decision.priority,
              severity: t(`severity.${report.decision.severity}`),
            })}
          </span>
        )}
        {repository && <Name text={repository} />}
        {branch && (
          <span>
            {t('report.branch')} <Name text={branch} />
          </span>
        )}
        {commit && (
          <span>
            {t('report.commit')} <Code text={shortenCommit(commit)} />
          </span>
        )}
        {runId && runUrl && (
          <ExternalLink
            url={runUrl}
            text={
              runAttempt > 1
                ? t('report.runAttempt', {
                    run: runId,
                    attempt: String(runAttempt),
                  })
                : t('report.run', { run: runId })
            }
          />
        )}
        {alert?.pod && (
          <span>
            {t('report.pod')} <Code text={alert.pod} />
          </span>
        )}
        {alert && <AlertDashboard alert={alert} />}
        {dashboardUrl && (
          <ExternalLink url={dashboardUrl} text={t('report.dashboard')} />
        )}
        <span>
          {t(HAPPENED[incident.kind])} <RelativeTime time={incident.failedAt} />
        </span>
        {alert?.endsAt && (
          <span>
            {t('report.ended')} <RelativeTime time={alert.endsAt} />
          </span>
        )}
        {assignee && (
          <span>
            {t('report.assignedTo')} <Name text={formatEntityName(assignee)} />
          </span>
        )}
        {report?.decision.owner && (
          <span>
            {t('report.owner')}{' '}
            <Name text={formatEntityName(report.decision.owner)} />
          </span>
        )}
      </div>
      {similar.count > 0 && (
        <div>
          {listUrl && signature ? (
            <Link href={`${listUrl}?signature=${signature}`}>{others}</Link>
          ) : (
            others
          )}
        </div>
      )}
    </Flex>
  );
}

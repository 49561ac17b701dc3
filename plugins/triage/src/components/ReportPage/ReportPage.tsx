// SPDX-License-Identifier: Apache-2.0
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Card, CardBody, Flex, Link, Skeleton } from '@backstage/ui';
import type {
  IncidentDetails,
  TriageReport,
} from '@greenroom/plugin-triage-common';
import { useMemo } from 'react';
import { useParams } from 'react-router-dom';
import { useIncident, type Act } from '../../hooks/useIncident';
import { triageTranslationRef } from '../../translations';
import { AskAgain, FeedbackForm, IncidentActions } from '../Answer';
import { FailedState, StaleAlert } from '../FailedState';
import { isRunning } from '../Incidents';
import { LogPane } from '../Log';
import { LogLinksProvider, Report } from '../Report';
import { Posted, Timeline } from './History';
import { IncidentReport } from './IncidentReport';
import { Progress } from './Progress';
import { ReportHeader } from './ReportHeader';
import styles from './ReportPage.module.css';

/** All that a report quotes, the root cause first. */
function getEvidence(report: TriageReport | undefined) {
  if (!report) {
    return [];
  }
  const { claims, failure, findings, nextSteps, rootCause, tests } = report;
  return [
    ...(rootCause.outcome === 'identified' ? rootCause.evidence : []),
    ...failure.evidence,
    ...claims.flatMap(({ evidence }) => evidence),
    ...nextSteps.flatMap(({ evidence }) => evidence),
    ...tests
      .flatMap(({ failedTests }) => failedTests)
      .flatMap(({ evidence }) => evidence ?? []),
    ...findings.flatMap(({ evidence }) => evidence ?? []),
  ];
}

function ReportSkeleton() {
  return (
    <Flex direction="column" gap="4" aria-busy="true">
      <Skeleton width="60%" height="2rem" />
      <Skeleton width="80%" height="1.5rem" />
      <Card>
        <CardBody>
          <Flex direction="column" gap="3">
            <Skeleton width="30%" height="1.5rem" />
            <Skeleton width="90%" height="1.5rem" />
            <Skeleton width="100%" height="5rem" />
          </Flex>
        </CardBody>
      </Card>
    </Flex>
  );
}

function Details(props: {
  details: IncidentDetails;
  listUrl: string | undefined;
  act: Act;
  isActing: boolean;
}) {
  const { act, details, isActing, listUrl } = props;
  const { effects, incident, logs, permissions, report } = details;
  const { stage } = incident.progress;
  const evidence = useMemo(() => getEvidence(report), [report]);
  const isAsking = stage === 'ask' || stage === 'verify';
  return (
    <LogLinksProvider kind={incident.kind} logs={logs}>
      <ReportHeader
        details={details}
        listUrl={listUrl}
        actions={
          <IncidentActions details={details} act={act} isActing={isActing} />
        }
      />
      <Progress incident={incident} hasReport={report !== undefined} />
      <div className={styles.root}>
        <div className={report ? styles.columns : undefined}>
          {report && (
            <Flex direction="column" gap="4" className={styles.column}>
              <Report report={report} isAsking={isAsking} />
            </Flex>
          )}
          <Flex direction="column" gap="4" className={styles.column}>
            {(report || logs.length > 0 || !isRunning(incident)) && (
              <LogPane
                incidentId={incident.id}
                logs={logs}
                evidence={evidence}
              />
            )}
            {report && (
              <FeedbackForm details={details} act={act} isActing={isActing} />
            )}
            <AskAgain
              act={act}
              incident={incident}
              isActing={isActing}
              isAllowed={permissions.analyze}
            />
            {report && (
              <IncidentReport details={details} act={act} isActing={isActing} />
            )}
            <Posted effects={effects} />
            <Timeline details={details} />
          </Flex>
        </div>
      </div>
    </LogLinksProvider>
  );
}

/** One incident, its report and its log, at an address that can be sent. */
export function ReportPage(props: { listUrl: string | undefined }) {
  const { t } = useTranslationRef(triageTranslationRef);
  const { listUrl } = props;
  const { id = '' } = useParams();
  const { act, error, isActing, isPending, retry, value } = useIncident(id);
  if (!value) {
    return error ? (
      <>
        <FailedState
          error={error}
          onRetry={retry}
          isRetrying={isPending}
          notFound={t('report.notFound')}
        />
        {listUrl && <Link href={listUrl}>{t('report.back')}</Link>}
      </>
    ) : (
      <ReportSkeleton />
    );
  }
  return (
    <Flex direction="column" gap="4">
      <StaleAlert error={error} onRetry={retry} isRetrying={isPending} />
      <Details
        key={id}
        details={value}
        listUrl={listUrl}
        act={act}
        isActing={isActing}
      />
    </Flex>
  );
}

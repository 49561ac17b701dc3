// SPDX-License-Identifier: Apache-2.0
import { stringifyEntityRef } from '@backstage/catalog-model';
import {
  useApi,
  useRouteRef,
  useTranslationRef,
} from '@backstage/frontend-plugin-api';
import { EntityInfoCard, useEntity } from '@backstage/plugin-catalog-react';
import { Flex, Link, Skeleton, Text } from '@backstage/ui';
import type { Incident } from '@greenroom/plugin-triage-common';
import {
  EmptyState,
  Name,
  RelativeTime,
  shortenCommit,
  StatusLabel,
  useSignalledResource,
} from '@greenroom/ui';
import { triageApiRef } from '../../api';
import { reportRouteRef, triageRouteRef } from '../../routes';
import { triageTranslationRef } from '../../translations';
import { FailedState } from '../FailedState';
import { isRunning } from '../Incidents';
import { Code, StateLabel } from '../elements';
import styles from './LastFailureCard.module.css';

function LastFailure(props: { incident: Incident }) {
  const { t } = useTranslationRef(triageTranslationRef);
  const getReportUrl = useRouteRef(reportRouteRef);
  const { incident } = props;
  const { branch, commit, failedAt, id, state, summary, title } = incident;
  const url = getReportUrl?.({ id });
  return (
    <Flex direction="column" gap="2">
      <Text as="p" weight="bold">
        {url ? (
          <Link href={url}>
            <Name text={title} />
          </Link>
        ) : (
          <Name text={title} />
        )}
      </Text>
      {summary && (
        <Text as="p">
          <Name text={summary} />
        </Text>
      )}
      <div className={styles.facts}>
        {isRunning(incident) ? (
          <StatusLabel status="running">
            {t(`stage.${incident.progress.stage}`)}
          </StatusLabel>
        ) : (
          <StateLabel state={state} />
        )}
        {branch && <Name text={branch} />}
        {commit && <Code text={shortenCommit(commit)} />}
        <RelativeTime time={failedAt} />
      </div>
    </Flex>
  );
}

function Content(props: { entityRef: string }) {
  const { t } = useTranslationRef(triageTranslationRef);
  const api = useApi(triageApiRef);
  const { entityRef } = props;
  const { error, isPending, retry, value } = useSignalledResource({
    key: entityRef,
    load: signal => api.listIncidents({ entityRef, limit: 1 }, { signal }),
    getChannel: ({ channel }) => channel,
  });
  if (value) {
    const [last] = value.items;
    return last ? (
      <LastFailure incident={last} />
    ) : (
      <EmptyState words={t('incidents.empty')} />
    );
  }
  return error ? (
    <FailedState error={error} onRetry={retry} isRetrying={isPending} />
  ) : (
    <Flex direction="column" gap="3" aria-busy="true">
      <Skeleton width="75%" height="1.5rem" />
      <Skeleton width="90%" height="1.5rem" />
      <Skeleton width="50%" height="1.25rem" />
    </Flex>
  );
}

/** The last pipeline of a model that failed: where, why in one line, and how it stands. */
export function LastFailureCard() {
  const { t } = useTranslationRef(triageTranslationRef);
  const tabUrl = useRouteRef(triageRouteRef)?.();
  const entityRef = stringifyEntityRef(useEntity().entity);
  return (
    <EntityInfoCard
      title={t('card.title')}
      footerActions={tabUrl && <Link href={tabUrl}>{t('card.open')}</Link>}
    >
      <Content key={entityRef} entityRef={entityRef} />
    </EntityInfoCard>
  );
}

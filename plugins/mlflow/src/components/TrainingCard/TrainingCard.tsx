import { stringifyEntityRef } from '@backstage/catalog-model';
import {
  useApi,
  useRouteRef,
  useTranslationRef,
} from '@backstage/frontend-plugin-api';
import { EntityInfoCard, useEntity } from '@backstage/plugin-catalog-react';
import { Flex, Link, Skeleton } from '@backstage/ui';
import {
  MLFLOW_EXPERIMENT_NAME_ANNOTATION,
  getMlflowAttention,
  type MlflowEntityOverview,
} from '@greenroom/plugin-mlflow-common';
import { isUnknown, mlflowApiRef } from '../../api';
import {
  usePolledResource,
  type PolledResource,
} from '../../hooks/usePolledResource';
import { trainingRouteRef } from '../../routes';
import { mlflowTranslationRef } from '../../translations';
import { AttentionList } from '../Attention';
import { EmptyState, getFailureReason } from '../EmptyState';
import { InstanceAlerts } from '../InstanceAlerts';
import { ChampionSentence } from './ChampionSentence';
import { LastRunLine } from './LastRunLine';

/** Without an experiment there is no run to wait for. */
function hasExperiment({ instances, references }: MlflowEntityOverview) {
  const { experimentIds, experiments } = references;
  return instances.length > 0 && experiments.length + experimentIds.length > 0;
}

function isChanging(overview: MlflowEntityOverview) {
  const { errors, lastRun } = overview;
  return lastRun
    ? lastRun.status === 'RUNNING' || lastRun.status === 'SCHEDULED'
    : hasExperiment(overview) && !isUnknown(errors);
}

function Content(props: {
  name: string;
  resource: PolledResource<MlflowEntityOverview>;
}) {
  const { name, resource } = props;
  const { error, isPending, retry, value } = resource;
  if (!value) {
    return error ? (
      <EmptyState
        reason={getFailureReason(error)}
        onRetry={retry}
        isRetrying={isPending}
      />
    ) : (
      <Flex direction="column" gap="3" aria-busy="true">
        <Skeleton width="75%" height="1.5rem" />
        <Skeleton width="55%" height="1.25rem" />
        <Skeleton width="60%" height="1.25rem" />
      </Flex>
    );
  }
  if (value.instances.length === 0) {
    return <EmptyState reason="not-configured" />;
  }
  if (Object.values(value.references).every(list => list.length === 0)) {
    return (
      <EmptyState
        reason="no-experiment"
        annotation={`${MLFLOW_EXPERIMENT_NAME_ANNOTATION}: ${name}`}
      />
    );
  }
  const version = value.champion ?? value.latestVersion;
  const attention = getMlflowAttention(value).filter(
    // Said by the alerts and by the sentence.
    ({ reason }) =>
      reason !== 'instance-unavailable' && reason !== 'no-champion',
  );
  const isNothingKnown = isUnknown(value.errors) && !version && !value.lastRun;
  return (
    <Flex direction="column" gap="3">
      <InstanceAlerts
        errors={value.errors}
        staleSince={value.staleSince}
        failure={error}
        onRetry={retry}
        isRetrying={isPending}
      />
      {version && (
        <ChampionSentence
          version={version}
          isChampion={value.champion !== undefined}
        />
      )}
      {value.lastRun && <LastRunLine run={value.lastRun} />}
      {!value.lastRun && hasExperiment(value) && !isUnknown(value.errors) && (
        <EmptyState reason="no-runs" />
      )}
      {isNothingKnown && <EmptyState reason="unknown" />}
      {attention.length > 0 && (
        <AttentionList rows={attention.map(item => ({ attention: item }))} />
      )}
    </Flex>
  );
}

function Overview(props: { entityRef: string; name: string }) {
  const { t } = useTranslationRef(mlflowTranslationRef);
  const api = useApi(mlflowApiRef);
  const trainingPath = useRouteRef(trainingRouteRef)?.();
  const resource = usePolledResource({
    key: props.entityRef,
    load: signal => api.getEntityOverview(props.entityRef, { signal }),
    isChanging,
  });
  return (
    <EntityInfoCard
      title={t('training.title')}
      footerActions={
        trainingPath && (
          <Link href={trainingPath}>{t('training.openTraining')}</Link>
        )
      }
    >
      <Content name={props.name} resource={resource} />
    </EntityInfoCard>
  );
}

/** Which version of a model is champion, how good it is, and the last run. */
export function TrainingCard() {
  const { entity } = useEntity();
  const entityRef = stringifyEntityRef(entity);
  return (
    <Overview
      key={entityRef}
      entityRef={entityRef}
      name={entity.metadata.name}
    />
  );
}

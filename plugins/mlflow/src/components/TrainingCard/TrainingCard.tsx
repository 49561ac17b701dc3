// SPDX-License-Identifier: Apache-2.0
import { stringifyEntityRef, type Entity } from '@backstage/catalog-model';
import {
  useApi,
  useRouteRef,
  useTranslationRef,
} from '@backstage/frontend-plugin-api';
import { EntityInfoCard, useEntity } from '@backstage/plugin-catalog-react';
import { Flex, Link, Skeleton } from '@backstage/ui';
import {
  MLFLOW_EXPERIMENT_NAME_ANNOTATION,
  type MlflowEntityOverview,
} from '@greenroom/plugin-mlflow-common';
import { getFailureReason, getPace, mlflowApiRef } from '../../api';
import {
  usePolledResource,
  type PolledResource,
} from '../../hooks/usePolledResource';
import { trainingRouteRef } from '../../routes';
import { mlflowTranslationRef } from '../../translations';
import { EmptyState } from '../EmptyState';
import { InstanceAlerts } from '../InstanceAlerts';
import { getUnsaid } from '../References';
import { OverviewFacts } from './OverviewFacts';

function Content(props: {
  entity: Entity;
  resource: PolledResource<MlflowEntityOverview>;
}) {
  const { entity, resource } = props;
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
        annotation={`${MLFLOW_EXPERIMENT_NAME_ANNOTATION}: ${entity.metadata.name}`}
      />
    );
  }
  return (
    <Flex direction="column" gap="3">
      <InstanceAlerts
        errors={getUnsaid(value.errors, [
          ...value.experiments,
          ...value.registeredModels,
        ])}
        staleSince={value.staleSince}
        failure={error}
        onRetry={retry}
        isRetrying={isPending}
      />
      <OverviewFacts entity={entity} overview={value} />
    </Flex>
  );
}

function Overview(props: { entityRef: string; entity: Entity }) {
  const { t } = useTranslationRef(mlflowTranslationRef);
  const api = useApi(mlflowApiRef);
  const trainingPath = useRouteRef(trainingRouteRef)?.();
  const resource = usePolledResource({
    key: props.entityRef,
    load: options => api.getEntityOverview(props.entityRef, options),
    getPace: ({ error, value }) =>
      getPace({
        error,
        errors: value?.errors,
        runs: [value?.lastRun],
        // Without an experiment there is no run to wait for.
        isWaiting: value && !value.lastRun && value.experiments.length > 0,
      }),
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
      <Content entity={props.entity} resource={resource} />
    </EntityInfoCard>
  );
}

/** Which version of a model is champion, how good it is, and the last run. */
export function TrainingCard() {
  const { entity } = useEntity();
  const entityRef = stringifyEntityRef(entity);
  return <Overview key={entityRef} entityRef={entityRef} entity={entity} />;
}

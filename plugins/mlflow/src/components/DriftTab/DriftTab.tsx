// SPDX-License-Identifier: Apache-2.0
import { stringifyEntityRef } from '@backstage/catalog-model';
import { useApi, useTranslationRef } from '@backstage/frontend-plugin-api';
import { useEntity } from '@backstage/plugin-catalog-react';
import { Flex, Skeleton } from '@backstage/ui';
import { getKserveReferences } from '@greenroom/plugin-kserve-common';
import {
  MLFLOW_EXPERIMENT_NAME_ANNOTATION,
  getMlflowReferences,
  type MlflowDriftResponse,
} from '@greenroom/plugin-mlflow-common';
import {
  DashboardLink,
  EmptyState as Layout,
  ExternalLink,
  Section,
} from '@greenroom/ui';
import { getFailureReason, getPace, isUnknown, mlflowApiRef } from '../../api';
import {
  usePolledResource,
  type PolledResource,
} from '../../hooks/usePolledResource';
import { mlflowTranslationRef } from '../../translations';
import { EmptyState } from '../EmptyState';
import { InstanceAlerts } from '../InstanceAlerts';
import { DriftCourse } from './DriftCourse';
import { DriftFeatures } from './DriftFeatures';
import { DriftInputs } from './DriftInputs';
import { DriftVerdict } from './DriftVerdict';

function Analysis(props: { drift: MlflowDriftResponse }) {
  const { t } = useTranslationRef(mlflowTranslationRef);
  const { entity } = useEntity();
  const { errors, latest } = props.drift;
  if (!latest) {
    return isUnknown(errors) ? (
      <EmptyState reason="unknown" />
    ) : (
      <Layout words={t('drift.noneYet')} hint={t('drift.noneYetNext')} />
    );
  }
  return (
    <>
      <Section
        title={t('drift.title')}
        actions={
          <>
            <DashboardLink
              services={getKserveReferences(entity).references}
              from="now-7d"
              to="now"
            />
            {latest.url && (
              <ExternalLink url={latest.url} text={t('mlflow.open')} />
            )}
          </>
        }
      >
        <DriftVerdict report={latest} />
      </Section>
      {latest.features.length > 0 && (
        <DriftFeatures features={latest.features} />
      )}
      {latest.windows.length > 0 && <DriftCourse windows={latest.windows} />}
      {latest.inputs.length > 0 && <DriftInputs inputs={latest.inputs} />}
    </>
  );
}

function Content(props: { resource: PolledResource<MlflowDriftResponse> }) {
  const { error, isPending, retry, value } = props.resource;
  if (!value) {
    return error ? (
      <EmptyState
        reason={getFailureReason(error)}
        onRetry={retry}
        isRetrying={isPending}
      />
    ) : (
      <Flex direction="column" gap="3" aria-busy="true">
        <Skeleton width="60%" height="1.5rem" />
        <Skeleton width="100%" height="8rem" />
      </Flex>
    );
  }
  if (value.errors.some(({ code }) => code === 'INSTANCE_NOT_CONFIGURED')) {
    return <EmptyState reason="not-configured" />;
  }
  return (
    <Flex direction="column" gap="4">
      <InstanceAlerts
        errors={value.errors}
        staleSince={value.staleSince}
        failure={error}
        onRetry={retry}
        isRetrying={isPending}
      />
      <Analysis drift={value} />
    </Flex>
  );
}

function Drift(props: { entityRef: string }) {
  const api = useApi(mlflowApiRef);
  const resource = usePolledResource({
    key: props.entityRef,
    load: options => api.getDrift(props.entityRef, options),
    getPace: ({ error, value }) => getPace({ error, errors: value?.errors }),
  });
  return <Content resource={resource} />;
}

/** The Drift tab: which features moved, by how much and since when. */
export function DriftTab() {
  const { entity } = useEntity();
  const entityRef = stringifyEntityRef(entity);
  const { experimentIds, experiments } = getMlflowReferences(entity);
  return experiments.length + experimentIds.length > 0 ? (
    <Drift key={entityRef} entityRef={entityRef} />
  ) : (
    <EmptyState
      reason="no-experiment"
      annotation={`${MLFLOW_EXPERIMENT_NAME_ANNOTATION}: ${entity.metadata.name}`}
    />
  );
}

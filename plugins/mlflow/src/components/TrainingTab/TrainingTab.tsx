// SPDX-License-Identifier: Apache-2.0
import {
  MLFLOW_EXPERIMENT_NAME_ANNOTATION,
  MLFLOW_REGISTERED_MODEL_ANNOTATION,
  getMlflowReferences,
} from '@greenroom/plugin-mlflow-common';
import { stringifyEntityRef } from '@backstage/catalog-model';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { useEntity } from '@backstage/plugin-catalog-react';
import { Flex } from '@backstage/ui';
import { Section } from '@greenroom/ui';
import { mlflowTranslationRef } from '../../translations';
import { getFailureReason, isGated } from '../../api';
import { EmptyState } from '../EmptyState';
import { InstanceAlerts } from '../InstanceAlerts';
import { ModelVersionsTable } from '../ModelVersionsTable';
import { RunsTable } from '../RunsTable';
import { useTraining } from './useTraining';

/** The Training tab: runs, then the versions registered from them. */
function Training(props: { entityRef: string }) {
  const { t } = useTranslationRef(mlflowTranslationRef);
  const { entity } = useEntity();
  const { entityRef } = props;
  const references = getMlflowReferences(entity);
  const hasExperiment =
    references.experiments.length + references.experimentIds.length > 0;
  const hasRegisteredModel = references.registeredModels.length > 0;
  const training = useTraining(entityRef, hasExperiment);
  const { failure, isRetrying, retry, runs, versions } = training;
  const { name } = entity.metadata;
  const hasGate = isGated(entity, [
    ...(runs.value?.items ?? []),
    ...(versions.value?.items ?? []).map(({ run }) => run),
  ]);

  if (training.isNotConfigured) {
    return <EmptyState reason="not-configured" />;
  }
  if (failure && !runs.value && !versions.value) {
    return (
      <EmptyState
        reason={getFailureReason(failure)}
        onRetry={retry}
        isRetrying={isRetrying}
      />
    );
  }
  return (
    <Flex direction="column" gap="4">
      <InstanceAlerts
        errors={training.errors}
        staleSince={training.staleSince}
        failure={failure}
        onRetry={retry}
        isRetrying={isRetrying}
      />
      {hasExperiment ? (
        <RunsTable
          entityRef={entityRef}
          query={training.query}
          runs={runs.value}
          isShownBefore={runs.isShownBefore}
          isPending={runs.isPending}
          isGated={hasGate}
          filterError={runs.filterError}
          onRetry={retry}
        />
      ) : (
        <Section title={t('training.runs')}>
          <EmptyState
            reason="no-experiment"
            annotation={`${MLFLOW_EXPERIMENT_NAME_ANNOTATION}: ${name}`}
          />
        </Section>
      )}
      {hasRegisteredModel ? (
        <ModelVersionsTable
          versions={versions.value}
          isPending={versions.isPending}
          isGated={hasGate}
          paging={training.versionsPaging}
        />
      ) : (
        <Section title={t('training.modelVersions')}>
          <EmptyState
            reason="no-registered-model"
            annotation={`${MLFLOW_REGISTERED_MODEL_ANNOTATION}: ${name}`}
          />
        </Section>
      )}
    </Flex>
  );
}

/** The Training tab of the entity whose page it is on. */
export function TrainingTab() {
  const entityRef = stringifyEntityRef(useEntity().entity);
  return <Training key={entityRef} entityRef={entityRef} />;
}

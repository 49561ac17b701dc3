import {
  MLFLOW_EXPERIMENT_NAME_ANNOTATION,
  MLFLOW_REGISTERED_MODEL_ANNOTATION,
  getMlflowReferences,
} from '@greenroom/plugin-mlflow-common';
import { stringifyEntityRef } from '@backstage/catalog-model';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { useEntity } from '@backstage/plugin-catalog-react';
import { Card, CardBody, CardHeader, Flex, Text } from '@backstage/ui';
import { useId, type ReactNode } from 'react';
import { mlflowTranslationRef } from '../../translations';
import { EmptyState, getFailureReason } from '../EmptyState';
import { InstanceAlerts } from '../InstanceAlerts';
import { ModelVersionsTable } from '../ModelVersionsTable';
import { RunsTable } from '../RunsTable';
import { useTraining } from './useTraining';

function Section(props: { title: string; children: ReactNode }) {
  const id = useId();
  return (
    <section aria-labelledby={id}>
      <Card>
        <CardHeader>
          <Text as="h2" id={id} variant="title-x-small" weight="bold">
            {props.title}
          </Text>
        </CardHeader>
        <CardBody>{props.children}</CardBody>
      </Card>
    </section>
  );
}

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
      <Section title={t('training.runs')}>
        {hasExperiment ? (
          <RunsTable
            entityRef={entityRef}
            query={training.query}
            runs={runs.value}
            isPending={runs.isPending}
            filterError={training.filterError}
          />
        ) : (
          <EmptyState
            reason="no-experiment"
            annotation={`${MLFLOW_EXPERIMENT_NAME_ANNOTATION}: ${name}`}
          />
        )}
      </Section>
      <Section title={t('training.modelVersions')}>
        {hasRegisteredModel ? (
          <ModelVersionsTable
            versions={versions.value}
            isPending={versions.isPending}
            paging={training.versionsPaging}
          />
        ) : (
          <EmptyState
            reason="no-registered-model"
            annotation={`${MLFLOW_REGISTERED_MODEL_ANNOTATION}: ${name}`}
          />
        )}
      </Section>
    </Flex>
  );
}

/** The Training tab of the entity whose page it is on. */
export function TrainingTab() {
  const entityRef = stringifyEntityRef(useEntity().entity);
  return <Training key={entityRef} entityRef={entityRef} />;
}

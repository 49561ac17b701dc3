import {
  useApi,
  useRouteRef,
  useTranslationRef,
} from '@backstage/frontend-plugin-api';
import { parseEntityRef } from '@backstage/catalog-model';
import {
  ButtonLink,
  Card,
  CardBody,
  CardHeader,
  Flex,
  Text,
} from '@backstage/ui';
import { RiAddLine } from '@remixicon/react';
import type {
  MlflowInstanceError,
  MlflowListResponse,
  MlflowModelSummary,
} from '@greenroom/plugin-mlflow-common';
import { useId } from 'react';
import { isUnknown, mlflowApiRef } from '../../api';
import { usePaging } from '../../hooks/usePaging';
import { usePolledResource } from '../../hooks/usePolledResource';
import { catalogEntityRouteRef, createModelRouteRef } from '../../routes';
import { mlflowTranslationRef } from '../../translations';
import { AttentionList, type AttentionRow } from '../Attention';
import { EmptyState, getFailureReason } from '../EmptyState';
import { InstanceAlerts } from '../InstanceAlerts';
import { Pager } from '../Pager';
import styles from './ModelsWidget.module.css';
import { ModelsTable } from './ModelsTable';

const TEMPLATE = { namespace: 'default', templateName: 'model-service' };

function isChanging({ items }: MlflowListResponse<MlflowModelSummary>) {
  return items.some(
    ({ overview: { errors, lastRun } }) =>
      lastRun?.status === 'RUNNING' ||
      lastRun?.status === 'SCHEDULED' ||
      (!lastRun && !isUnknown(errors)),
  );
}

function getErrors(models: MlflowListResponse<MlflowModelSummary>) {
  const errors = new Map<string, MlflowInstanceError>();
  for (const error of [
    ...models.errors,
    ...models.items.flatMap(({ overview }) => overview.errors),
  ]) {
    errors.set(`${error.instance}:${error.code}`, error);
  }
  return [...errors.values()];
}

function useModelUrl() {
  const entityRoute = useRouteRef(catalogEntityRouteRef);
  return (entityRef: string) => {
    const { kind, namespace, name } = parseEntityRef(entityRef);
    return entityRoute?.({
      kind: kind.toLocaleLowerCase('en-US'),
      namespace,
      name,
    });
  };
}

/** The signed-in user's models: what needs attention, then all of them. */
export function ModelsWidget() {
  const { t } = useTranslationRef(mlflowTranslationRef);
  const titleId = useId();
  const api = useApi(mlflowApiRef);
  const createUrl = useRouteRef(createModelRouteRef)?.(TEMPLATE);
  const getModelUrl = useModelUrl();
  const paging = usePaging('models');
  const { pageToken } = paging;
  const { error, isPending, retry, value } = usePolledResource({
    key: pageToken ?? '',
    load: signal => api.listModels({ pageToken }, { signal }),
    isChanging,
  });

  const models = value?.items ?? [];
  const rows = models
    .flatMap(({ attention, entityRef, title }) =>
      attention
        // One instance that fails is one alert, not a row for each model.
        .filter(({ reason }) => reason !== 'instance-unavailable')
        .map((item): AttentionRow => ({
          attention: item,
          model: { title, url: getModelUrl(entityRef) },
        })),
    )
    .sort((a, b) => (b.attention.since ?? 0) - (a.attention.since ?? 0));
  const count = new Set(rows.map(({ model }) => model?.url ?? model?.title))
    .size;
  const summary =
    count > 0 ? t('home.attention', { count }) : t('home.noAttention');

  const isEmpty =
    value !== undefined && models.length === 0 && paging.page === 1;

  const content = () => {
    if (error && !value) {
      return (
        <EmptyState
          reason={getFailureReason(error)}
          onRetry={retry}
          isRetrying={isPending}
        />
      );
    }
    const errors = value ? getErrors(value) : [];
    return (
      <>
        <InstanceAlerts
          errors={errors}
          staleSince={value?.staleSince}
          failure={error}
          onRetry={retry}
          isRetrying={isPending}
        />
        {rows.length > 0 && (
          <Card>
            <CardHeader>
              <Text as="h3" variant="title-x-small" weight="bold">
                {t('attention.title')}
              </Text>
            </CardHeader>
            <CardBody>
              <AttentionList rows={rows} />
            </CardBody>
          </Card>
        )}
        {models.length > 0 &&
          models.every(({ overview }) => overview.instances.length === 0) && (
            <EmptyState reason="not-configured" />
          )}
        {isEmpty ? (
          <EmptyState reason="no-models" createUrl={createUrl} />
        ) : (
          <Card>
            <CardBody>
              <ModelsTable
                models={value && models}
                getModelUrl={getModelUrl}
                isPending={isPending}
              />
              <Pager paging={paging} nextPageToken={value?.nextPageToken} />
            </CardBody>
          </Card>
        )}
      </>
    );
  };

  return (
    <section aria-labelledby={titleId} className={styles.root}>
      <Flex justify="between" align="center" gap="3" className={styles.header}>
        <Text as="h2" variant="title-small" weight="bold" id={titleId}>
          {t('home.title')}
          {value && models.length > 0 && (
            <span className={styles.summary}> · {summary}</span>
          )}
        </Text>
        {createUrl && !isEmpty && (
          <ButtonLink href={createUrl} iconStart={<RiAddLine />}>
            {t('home.createModel')}
          </ButtonLink>
        )}
      </Flex>
      <Flex direction="column" gap="4">
        {content()}
      </Flex>
    </section>
  );
}

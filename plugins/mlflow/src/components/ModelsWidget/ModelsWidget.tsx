// SPDX-License-Identifier: Apache-2.0
import { useRouteRef, useTranslationRef } from '@backstage/frontend-plugin-api';
import { parseEntityRef } from '@backstage/catalog-model';
import {
  ButtonLink,
  Card,
  CardBody,
  CardHeader,
  Flex,
  SearchField,
  Text,
} from '@backstage/ui';
import { RiAddLine } from '@remixicon/react';
import type { MlflowModelSummary } from '@greenroom/plugin-mlflow-common';
import { useId, useState } from 'react';
import { getFailureReason } from '../../api';
import { useSettled } from '../../hooks/useSettled';
import { catalogEntityRouteRef, createModelRouteRef } from '../../routes';
import { mlflowTranslationRef } from '../../translations';
import { AttentionList, type AttentionRow } from '../Attention';
import { EmptyState } from '../EmptyState';
import { InstanceAlerts } from '../InstanceAlerts';
import { Pager } from '../Pager';
import styles from './ModelsWidget.module.css';
import { ModelsTable } from './ModelsTable';
import { useModels } from './useModels';

const TEMPLATE = { namespace: 'default', templateName: 'model-service' };
/** So few models are found by looking. */
const UNSEARCHED = 5;

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

function getRows(
  models: readonly MlflowModelSummary[],
  getModelUrl: (entityRef: string) => string | undefined,
) {
  return models.flatMap(({ attention, entityRef, title }) =>
    attention
      // One instance that fails is one alert, not a row for each model.
      .filter(({ reason }) => reason !== 'instance-unavailable')
      .map((item): AttentionRow => ({
        attention: item,
        model: { title, url: getModelUrl(entityRef) },
      })),
  );
}

/** The signed-in user's models: what needs attention, then all of them. */
export function ModelsWidget() {
  const { t } = useTranslationRef(mlflowTranslationRef);
  const titleId = useId();
  const createUrl = useRouteRef(createModelRouteRef)?.(TEMPLATE);
  const getModelUrl = useModelUrl();
  const [text, setText] = useState('');
  const search = useSettled(text.trim());
  const { error, errors, isPending, paging, retry, value } = useModels(search);

  const models = value?.items ?? [];
  const rows = getRows(models, getModelUrl);
  const count = new Set(rows.map(({ model }) => model?.url ?? model?.title))
    .size;
  const summary =
    count > 0 ? t('home.attention', { count }) : t('home.noAttention');
  const isNone =
    value !== undefined && models.length === 0 && paging.page === 1;
  const isEmpty = isNone && !search && !isPending;
  const hasSearch =
    text !== '' ||
    models.length > UNSEARCHED ||
    paging.page > 1 ||
    value?.nextPageToken !== undefined;

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
    if (isEmpty) {
      return <EmptyState reason="no-models" createUrl={createUrl} />;
    }
    return (
      <>
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
        <Card>
          <CardBody>
            <Flex direction="column" gap="3">
              {hasSearch && (
                <SearchField
                  size="small"
                  aria-label={t('home.search')}
                  placeholder={t('home.search')}
                  value={text}
                  onChange={setText}
                />
              )}
              {isNone && !isPending ? (
                <EmptyState
                  reason="no-model-matches"
                  onClear={() => setText('')}
                />
              ) : (
                <ModelsTable
                  models={value && models}
                  getModelUrl={getModelUrl}
                  isPending={isPending}
                />
              )}
              <Pager paging={paging} nextPageToken={value?.nextPageToken} />
            </Flex>
          </CardBody>
        </Card>
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
        {value && (
          <InstanceAlerts
            errors={errors}
            staleSince={value.staleSince}
            failure={error}
            onRetry={retry}
            isRetrying={isPending}
          />
        )}
        {content()}
      </Flex>
    </section>
  );
}

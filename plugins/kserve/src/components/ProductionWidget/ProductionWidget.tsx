// SPDX-License-Identifier: Apache-2.0
import { parseEntityRef } from '@backstage/catalog-model';
import {
  useApi,
  useRouteRef,
  useTranslationRef,
} from '@backstage/frontend-plugin-api';
import { Card, CardBody, Flex, Skeleton, Text } from '@backstage/ui';
import type { KserveModelSummary } from '@greenroom/plugin-kserve-common';
import { useId } from 'react';
import { useLocale, useSignalledResource } from '@greenroom/ui';
import { getFailureReason, kserveApiRef } from '../../api';
import { catalogEntityRouteRef } from '../../routes';
import { kserveTranslationRef } from '../../translations';
import { BuildProgress, ClusterAlerts } from '../ClusterAlerts';
import { EmptyState } from '../EmptyState';
import { ProductionRow } from './ProductionRow';
import styles from './ProductionWidget.module.css';
import { sortModels } from './sortModels';

function ProductionTable(props: {
  models: readonly KserveModelSummary[];
  label: string;
}) {
  const { t } = useTranslationRef(kserveTranslationRef);
  const locale = useLocale();
  const entityRoute = useRouteRef(catalogEntityRouteRef);
  const getUrl = (entityRef: string) => {
    const { kind, name, namespace } = parseEntityRef(entityRef);
    return entityRoute?.({
      kind: kind.toLocaleLowerCase('en-US'),
      namespace,
      name,
    });
  };
  return (
    <table className={styles.table} aria-label={props.label}>
      <thead>
        <tr>
          <th scope="col">{t('home.model')}</th>
          <th scope="col">{t('home.state')}</th>
          <th scope="col">{t('home.version')}</th>
          <th scope="col">{t('home.traffic')}</th>
          <th scope="col">{t('home.sentence')}</th>
        </tr>
      </thead>
      <tbody>
        {sortModels(props.models, locale).map(model => (
          <ProductionRow
            key={model.entityRef}
            model={model}
            url={getUrl(model.entityRef)}
          />
        ))}
      </tbody>
    </table>
  );
}

/** Which version of the signed-in user's models answers, and how it is. */
export function ProductionWidget() {
  const { t } = useTranslationRef(kserveTranslationRef);
  const api = useApi(kserveApiRef);
  const titleId = useId();
  const { error, isPending, retry, value } = useSignalledResource({
    key: 'models',
    load: signal => api.listModels({ signal }),
    getChannel: ({ signalChannel }) => signalChannel,
  });
  const models = value?.items ?? [];

  const content = () => {
    if (!value) {
      return error ? (
        <EmptyState
          reason={getFailureReason(error)}
          onRetry={retry}
          isRetrying={isPending}
        />
      ) : (
        <Flex direction="column" gap="3" aria-busy="true">
          <Skeleton width="100%" height="1.5rem" />
          <Skeleton width="100%" height="1.5rem" />
          <Skeleton width="100%" height="1.5rem" />
        </Flex>
      );
    }
    return models.length > 0 ? (
      <ProductionTable models={models} label={t('home.title')} />
    ) : (
      <EmptyState reason="no-models" />
    );
  };
  return (
    <section aria-labelledby={titleId} className={styles.root}>
      <Text as="h2" variant="title-small" weight="bold" id={titleId}>
        {t('home.title')}
      </Text>
      {value && (
        <ClusterAlerts
          errors={value.errors}
          failure={error}
          onRetry={retry}
          isRetrying={isPending}
        />
      )}
      {value?.build && <BuildProgress build={value.build} />}
      <Card>
        <CardBody>{content()}</CardBody>
      </Card>
    </section>
  );
}

// SPDX-License-Identifier: Apache-2.0
import { stringifyEntityRef } from '@backstage/catalog-model';
import { useRouteRef, useTranslationRef } from '@backstage/frontend-plugin-api';
import { EntityInfoCard, useEntity } from '@backstage/plugin-catalog-react';
import { Flex, Link, Skeleton, Text } from '@backstage/ui';
import type { KserveInferenceService } from '@greenroom/plugin-kserve-common';
import { Name } from '@greenroom/ui';
import { getFailureReason } from '../../api';
import { useServing } from '../../hooks/useServing';
import { servingRouteRef } from '../../routes';
import { kserveTranslationRef } from '../../translations';
import { BuildProgress, ClusterAlerts } from '../ClusterAlerts';
import { EmptyState, NothingServed } from '../EmptyState';
import { isLastKnown, Sentence } from '../Explanation';
import { Quote } from '../elements';

/** So many inference services are named; the tab has them all. */
const MOST = 3;

function Service(props: {
  service: KserveInferenceService;
  isOnly: boolean;
  isLastKnown: boolean;
}) {
  const { t } = useTranslationRef(kserveTranslationRef);
  const { isOnly, service } = props;
  const { cluster, name, namespace, traffic } = service;
  const [proof] = service.explanation.evidence;
  return (
    <Flex direction="column" gap="2">
      {!isOnly && (
        <Text as="p" color="secondary">
          <Name text={name} /> {t('panel.place', { namespace, cluster })}
        </Text>
      )}
      <Sentence service={service} isLastKnown={props.isLastKnown} />
      {proof && <Quote evidence={proof} />}
      {traffic.mismatch && (
        <Text as="p">
          <Name text={traffic.mismatch} />
        </Text>
      )}
    </Flex>
  );
}

function Content(props: { entityRef: string }) {
  const { t } = useTranslationRef(kserveTranslationRef);
  const { error, isPending, retry, value } = useServing(props.entityRef);
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
        <Skeleton width="90%" height="2.5rem" />
      </Flex>
    );
  }
  const { build, errors, items } = value;
  return (
    <Flex direction="column" gap="3">
      <ClusterAlerts
        errors={errors}
        failure={error}
        onRetry={retry}
        isRetrying={isPending}
      />
      {build && <BuildProgress build={build} />}
      {items.slice(0, MOST).map(service => (
        <Service
          key={`${service.cluster}:${service.namespace}/${service.name}`}
          service={service}
          isOnly={items.length === 1}
          isLastKnown={isLastKnown(service.cluster, {
            errors,
            failure: error,
          })}
        />
      ))}
      {items.length > MOST && (
        <Text as="p" color="secondary">
          {t('card.more', { count: items.length - MOST })}
        </Text>
      )}
      {items.length === 0 && <NothingServed response={value} />}
    </Flex>
  );
}

/** What of a model is in production: one sentence and its proof. */
export function ServingCard() {
  const { t } = useTranslationRef(kserveTranslationRef);
  const servingPath = useRouteRef(servingRouteRef)?.();
  const entityRef = stringifyEntityRef(useEntity().entity);
  return (
    <EntityInfoCard
      title={t('card.title')}
      footerActions={
        servingPath && <Link href={servingPath}>{t('card.open')}</Link>
      }
    >
      <Content key={entityRef} entityRef={entityRef} />
    </EntityInfoCard>
  );
}

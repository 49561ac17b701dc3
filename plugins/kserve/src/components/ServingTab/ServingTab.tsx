// SPDX-License-Identifier: Apache-2.0
import { stringifyEntityRef } from '@backstage/catalog-model';
import { useEntity } from '@backstage/plugin-catalog-react';
import { Flex } from '@backstage/ui';
import { getFailureReason } from '../../api';
import { useServing } from '../../hooks/useServing';
import { BuildProgress, ClusterAlerts } from '../ClusterAlerts';
import { EmptyState, NothingServed } from '../EmptyState';
import { isLastKnown } from '../Explanation';
import { ServingPanel } from './ServingPanel';
import { ServingSkeleton } from './ServingSkeleton';

function Serving(props: { entityRef: string }) {
  const { entityRef } = props;
  const { error, isPending, retry, value } = useServing(entityRef);
  if (!value) {
    return error ? (
      <EmptyState
        reason={getFailureReason(error)}
        onRetry={retry}
        isRetrying={isPending}
      />
    ) : (
      <ServingSkeleton />
    );
  }
  const { build, errors, items, permissions } = value;
  return (
    <Flex direction="column" gap="4">
      <ClusterAlerts
        errors={errors}
        failure={error}
        onRetry={retry}
        isRetrying={isPending}
      />
      {build && <BuildProgress build={build} />}
      {items.map(service => (
        <ServingPanel
          key={`${service.cluster}:${service.namespace}/${service.name}`}
          entityRef={entityRef}
          service={service}
          isLastKnown={isLastKnown(service.cluster, {
            errors,
            failure: error,
          })}
          permissions={permissions}
        />
      ))}
      {items.length === 0 && <NothingServed response={value} />}
    </Flex>
  );
}

/** The Serving tab of the entity whose page it is on. */
export function ServingTab() {
  const entityRef = stringifyEntityRef(useEntity().entity);
  return <Serving key={entityRef} entityRef={entityRef} />;
}

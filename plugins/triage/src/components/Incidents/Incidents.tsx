// SPDX-License-Identifier: Apache-2.0
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Button, Card, CardBody, Flex, Skeleton } from '@backstage/ui';
import { EmptyState } from '@greenroom/ui';
import { useIncidents } from '../../hooks/useIncidents';
import { triageTranslationRef } from '../../translations';
import { FailedState, StaleAlert } from '../FailedState';
import { CauseBlock } from './CauseBlock';
import { groupIncidents } from './groupIncidents';
import { IncidentFilters } from './IncidentFilters';
import { useFilters } from './useFilters';

function IncidentsSkeleton() {
  return (
    <Flex direction="column" gap="4" aria-busy="true">
      {['a', 'b', 'c'].map(key => (
        <Card key={key}>
          <CardBody>
            <Flex direction="column" gap="3">
              <Skeleton width="20%" height="1.25rem" />
              <Skeleton width="75%" height="1.5rem" />
              <Skeleton width="100%" height="2rem" />
            </Flex>
          </CardBody>
        </Card>
      ))}
    </Flex>
  );
}

/** Failed runs by their cause, filtered as the address says; of one entity or of all. */
export function Incidents(props: {
  entityRef?: string;
  getUrl: (id: string) => string | undefined;
}) {
  const { t } = useTranslationRef(triageTranslationRef);
  const { entityRef, getUrl } = props;
  const { clearFilters, filters, setFilter } = useFilters();
  const { error, isPending, retry, showMore, value } = useIncidents({
    entityRef,
    ...filters,
  });
  const isFiltered = Object.values(filters).some(Boolean);

  const content = () => {
    if (!value) {
      return error ? (
        <FailedState error={error} onRetry={retry} isRetrying={isPending} />
      ) : (
        <IncidentsSkeleton />
      );
    }
    if (value.items.length === 0) {
      return isFiltered ? (
        <EmptyState words={t('incidents.noMatch')}>
          <Button variant="secondary" onPress={clearFilters}>
            {t('filters.clear')}
          </Button>
        </EmptyState>
      ) : (
        <EmptyState
          words={t('incidents.empty')}
          hint={t('incidents.emptyNext')}
        />
      );
    }
    return (
      <>
        <StaleAlert error={error} onRetry={retry} isRetrying={isPending} />
        {groupIncidents(value).map(cause => (
          <CauseBlock
            key={cause.key}
            cause={cause}
            getUrl={getUrl}
            hasRepository={entityRef === undefined}
            onChoose={
              filters.signature
                ? undefined
                : signature => setFilter('signature', signature)
            }
          />
        ))}
        {value.nextCursor && (
          <Flex>
            <Button
              variant="secondary"
              onPress={showMore}
              isPending={isPending}
            >
              {t('incidents.more')}
            </Button>
          </Flex>
        )}
      </>
    );
  };
  return (
    <Flex direction="column" gap="4">
      <IncidentFilters
        // A field that was cleared elsewhere is empty.
        key={filters.branch}
        filters={filters}
        setFilter={setFilter}
      />
      {content()}
    </Flex>
  );
}

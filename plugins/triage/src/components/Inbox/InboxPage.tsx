// SPDX-License-Identifier: Apache-2.0
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Card, CardBody, Container, Flex } from '@backstage/ui';
import { EmptyState, Section } from '@greenroom/ui';
import { triageTranslationRef } from '../../translations';
import { FailedState, StaleAlert } from '../FailedState';
import { InboxSkeleton } from './InboxSkeleton';
import { InboxTable } from './InboxTable';
import { useInbox } from './useInbox';

/** Which models need attention: a person's own first, then what else may be seen. */
export function InboxPage() {
  const { t } = useTranslationRef(triageTranslationRef);
  const { error, isPending, retry, value } = useInbox();
  if (!value) {
    return (
      <Container py="4">
        <Card>
          <CardBody>
            {error ? (
              <FailedState
                error={error}
                onRetry={retry}
                isRetrying={isPending}
              />
            ) : (
              <InboxSkeleton />
            )}
          </CardBody>
        </Card>
      </Container>
    );
  }
  const mine = value.items.filter(item => item.mine);
  const others = value.items.filter(item => !item.mine);
  return (
    <Container py="4">
      <Flex direction="column" gap="4">
        <StaleAlert error={error} onRetry={retry} isRetrying={isPending} />
        <Section title={t('inbox.mine', { count: mine.length })}>
          {mine.length > 0 ? (
            <InboxTable label={t('inbox.mineLabel')} items={mine} />
          ) : (
            <EmptyState words={t('inbox.empty')} hint={t('inbox.emptyNext')} />
          )}
        </Section>
        {others.length > 0 && (
          <Section title={t('inbox.others', { count: others.length })}>
            <InboxTable label={t('inbox.othersLabel')} items={others} />
          </Section>
        )}
      </Flex>
    </Container>
  );
}

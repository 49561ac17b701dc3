// SPDX-License-Identifier: Apache-2.0
import { useRouteRef, useTranslationRef } from '@backstage/frontend-plugin-api';
import { Card, CardBody, Flex, Link, Text } from '@backstage/ui';
import { useId } from 'react';
import { EmptyState } from '@greenroom/ui';
import { inboxRouteRef } from '../../routes';
import { triageTranslationRef } from '../../translations';
import { FailedState } from '../FailedState';
import styles from './Inbox.module.css';
import { InboxSkeleton } from './InboxSkeleton';
import { InboxTable } from './InboxTable';
import { useInbox } from './useInbox';

/** So many are named; the Inbox has them all. */
const MOST = 5;

/** The signed-in user's failed pipelines, on the home page. */
export function InboxWidget() {
  const { t } = useTranslationRef(triageTranslationRef);
  const titleId = useId();
  const inboxUrl = useRouteRef(inboxRouteRef)?.();
  const { error, isPending, retry, value } = useInbox();
  const mine = value?.items.filter(item => item.mine) ?? [];
  const content = () => {
    if (value) {
      return mine.length > 0 ? (
        <InboxTable label={t('inbox.mineLabel')} items={mine.slice(0, MOST)} />
      ) : (
        <EmptyState words={t('inbox.empty')} />
      );
    }
    return error ? (
      <FailedState error={error} onRetry={retry} isRetrying={isPending} />
    ) : (
      <InboxSkeleton />
    );
  };
  return (
    <section aria-labelledby={titleId} className={styles.root}>
      <Flex justify="between" align="center" gap="3">
        <Text as="h2" variant="title-small" weight="bold" id={titleId}>
          {t('inbox.widget')}
        </Text>
        {inboxUrl && (
          <Link href={inboxUrl}>
            {mine.length > MOST
              ? t('inbox.openMore', { count: mine.length })
              : t('inbox.open')}
          </Link>
        )}
      </Flex>
      <Card>
        <CardBody>{content()}</CardBody>
      </Card>
    </section>
  );
}

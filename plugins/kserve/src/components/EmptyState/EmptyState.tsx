// SPDX-License-Identifier: Apache-2.0
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Button, ButtonLink, Text } from '@backstage/ui';
import type { ReactNode } from 'react';
import { CopyableLine, EmptyState as Layout } from '@greenroom/ui';
import type { FailureReason } from '../../api';
import { kserveTranslationRef } from '../../translations';

const README_URL =
  'https://github.com/greenroom-dev/greenroom/tree/main/plugins/kserve#readme';

/**
 * Why there is nothing to show. Each has its own words and its own next step;
 * one that failed offers to retry.
 */
export type EmptyStateProps =
  | { reason: 'no-annotation'; annotation: string }
  | { reason: 'none-yet' | 'not-configured' | 'unknown' | 'no-models' }
  | { reason: FailureReason; onRetry: () => void; isRetrying: boolean };

/** What stands where data would, when there is none. */
export function EmptyState(props: EmptyStateProps) {
  const { t } = useTranslationRef(kserveTranslationRef);

  const layout = (words: string, next?: ReactNode) => (
    <Layout words={words}>{next}</Layout>
  );
  const hint = (words: string) => (
    <Text as="p" color="secondary">
      {words}
    </Text>
  );
  const retry = (failure: { onRetry: () => void; isRetrying: boolean }) => (
    <Button
      variant="secondary"
      onPress={failure.onRetry}
      isPending={failure.isRetrying}
    >
      {t('empty.retry')}
    </Button>
  );

  switch (props.reason) {
    case 'no-annotation':
      return layout(
        t('empty.noAnnotation'),
        <>
          {hint(t('empty.addAnnotation'))}
          <CopyableLine line={props.annotation} />
          {hint(t('empty.orLabel'))}
        </>,
      );
    case 'not-configured':
      return layout(
        t('empty.notConfigured'),
        <ButtonLink
          variant="secondary"
          href={README_URL}
          target="_blank"
          rel="noopener noreferrer"
        >
          {t('empty.readme')}
        </ButtonLink>,
      );
    case 'none-yet':
      return layout(t('empty.noneYet'), hint(t('empty.noneYetNext')));
    case 'no-models':
      return layout(t('empty.noModels'), hint(t('empty.noModelsNext')));
    case 'not-allowed':
      return layout(
        t('empty.notAllowed'),
        <>
          {hint(t('empty.notAllowedNext'))}
          {retry(props)}
        </>,
      );
    case 'signed-out':
      return layout(
        t('empty.signedOut'),
        <>
          {hint(t('empty.signedOutNext'))}
          {retry(props)}
        </>,
      );
    case 'not-installed':
      return layout(
        t('empty.notInstalled'),
        <>
          {hint(t('empty.notInstalledNext'))}
          {retry(props)}
        </>,
      );
    case 'backend-unreachable':
      return layout(t('empty.backendUnreachable'), retry(props));
    default:
      return layout(t('empty.unknown'));
  }
}

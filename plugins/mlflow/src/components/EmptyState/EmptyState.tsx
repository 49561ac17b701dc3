// SPDX-License-Identifier: Apache-2.0
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Button, ButtonLink, Text } from '@backstage/ui';
import type { ReactNode } from 'react';
import { CopyableLine, EmptyState as Layout } from '@greenroom/ui';
import type { FailureReason } from '../../api';
import { mlflowTranslationRef } from '../../translations';

const README_URL =
  'https://github.com/greenroom-dev/greenroom/tree/main/plugins/mlflow#readme';

/**
 * Why there is nothing to show. Each has its own words and its own next step;
 * one that failed offers to retry.
 */
export type EmptyStateProps =
  | { reason: 'no-experiment' | 'no-registered-model'; annotation: string }
  | { reason: 'no-models'; createUrl?: string }
  | { reason: 'no-matches' | 'no-model-matches'; onClear: () => void }
  | { reason: 'no-runs' | 'no-versions'; isGated: boolean }
  | { reason: 'not-configured' | 'unknown' | 'no-more' }
  | { reason: FailureReason; onRetry: () => void; isRetrying: boolean };

/** What stands where data would, when there is none. */
export function EmptyState(props: EmptyStateProps) {
  const { t } = useTranslationRef(mlflowTranslationRef);

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
    case 'no-experiment':
    case 'no-registered-model':
      return layout(
        props.reason === 'no-experiment'
          ? t('empty.noExperiment')
          : t('empty.noRegisteredModel'),
        <>
          {hint(t('empty.addAnnotation'))}
          <CopyableLine line={props.annotation} />
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
    case 'no-runs':
      return props.isGated
        ? layout(t('empty.noRunsGated'))
        : layout(t('empty.noRuns'), hint(t('empty.noRunsNext')));
    case 'no-more':
      return layout(t('empty.noMore'));
    case 'no-versions':
      return layout(
        props.isGated ? t('empty.noVersionsGated') : t('empty.noVersions'),
      );
    case 'no-matches':
    case 'no-model-matches':
      return layout(
        props.reason === 'no-matches'
          ? t('empty.noMatches')
          : t('home.noMatches'),
        <Button variant="secondary" onPress={props.onClear}>
          {props.reason === 'no-matches' ? t('filter.clear') : t('home.clear')}
        </Button>,
      );
    case 'no-models':
      return layout(
        t('empty.noModels'),
        <>
          {hint(t('empty.noModelsNext'))}
          {props.createUrl && (
            <ButtonLink href={props.createUrl}>
              {t('home.createModel')}
            </ButtonLink>
          )}
        </>,
      );
    default:
      return layout(t('empty.unknown'));
  }
}

// SPDX-License-Identifier: Apache-2.0
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Button } from '@backstage/ui';
import { EmptyState } from '@greenroom/ui';
import { getErrorWords, getFailureReason } from '../../api';
import { triageTranslationRef } from '../../translations';

/** Why the backend gave no answer, in a person's words, with a retry. */
export function FailedState(props: {
  error: Error;
  onRetry: () => void;
  isRetrying: boolean;
  /** What a 404 means here; without it, that the backend is not installed. */
  notFound?: string;
}) {
  const { t } = useTranslationRef(triageTranslationRef);
  const { error, isRetrying, notFound, onRetry } = props;
  const reason = getFailureReason(error);
  const words = {
    'not-allowed': t('failed.notAllowed'),
    'signed-out': t('failed.signedOut'),
    'not-installed': notFound ?? t('failed.notInstalled'),
    'backend-unreachable': t('failed.unreachable'),
  }[reason];
  const hint = {
    'not-allowed': t('failed.notAllowedNext'),
    'signed-out': t('failed.signedOutNext'),
    'not-installed': notFound ? undefined : t('failed.notInstalledNext'),
    'backend-unreachable': getErrorWords(error).message,
  }[reason];
  return (
    <EmptyState words={words} hint={hint}>
      <Button variant="secondary" onPress={onRetry} isPending={isRetrying}>
        {t('failed.retry')}
      </Button>
    </EmptyState>
  );
}

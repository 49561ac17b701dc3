// SPDX-License-Identifier: Apache-2.0
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Button, Flex, Text } from '@backstage/ui';
import type { ReactNode } from 'react';
import { getErrorWords, getFailureReason } from '../../api';
import { triageTranslationRef } from '../../translations';
import styles from './EmptyState.module.css';

/** What stands where data would, when there is none: why, and the next step. */
export function EmptyState(props: {
  words: string;
  hint?: string;
  children?: ReactNode;
}) {
  const { children, hint, words } = props;
  return (
    <Flex
      direction="column"
      gap="3"
      align="start"
      className={styles.root}
      role="status"
    >
      <Text as="p" variant="body-large">
        {words}
      </Text>
      {hint && (
        <Text as="p" color="secondary">
          {hint}
        </Text>
      )}
      {children}
    </Flex>
  );
}

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

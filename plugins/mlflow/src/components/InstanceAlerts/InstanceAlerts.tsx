// SPDX-License-Identifier: Apache-2.0
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Alert, Button, Flex } from '@backstage/ui';
import type { MlflowInstanceError } from '@greenroom/plugin-mlflow-common';
import { formatSince, useLocale } from '@greenroom/ui';
import { getFailureReason } from '../../api';
import { mlflowTranslationRef } from '../../translations';
import styles from './InstanceAlerts.module.css';

function useInstanceWords() {
  const { t } = useTranslationRef(mlflowTranslationRef);
  const locale = useLocale();
  return (error: MlflowInstanceError): { title: string; detail?: string } => {
    const { instance, message: detail, since } = error;
    switch (error.code) {
      case 'UNREACHABLE':
      case 'TIMEOUT':
        if (error.code === 'TIMEOUT' && since === undefined) {
          return { title: t('instance.timedOut', { instance }), detail };
        }
        return {
          title:
            since === undefined
              ? t('instance.unreachable', { instance })
              : t('instance.unreachableSince', {
                  instance,
                  time: formatSince(since, Date.now(), locale),
                }),
        };
      case 'UNAUTHENTICATED':
        return { title: t('instance.unauthenticated', { instance }), detail };
      case 'NOT_ALLOWED':
        return { title: t('instance.notAllowed', { instance }), detail };
      case 'NOT_FOUND':
        return { title: t('instance.notFound', { instance }), detail };
      case 'BAD_REQUEST':
        return { title: t('instance.badRequest', { instance }), detail };
      case 'RATE_LIMITED':
        return { title: t('instance.rateLimited', { instance }), detail };
      case 'MALFORMED_RESPONSE':
        return { title: t('instance.malformed', { instance }), detail };
      case 'RESPONSE_TOO_LARGE':
        return { title: t('instance.tooLarge', { instance }), detail };
      case 'UNREADABLE_ITEMS':
        return { title: t('instance.unreadableItems', { instance }), detail };
      case 'OTHER_COMPONENT':
        return {
          title: t('instance.otherComponent', { instance }),
          detail: t('reference.askOwner'),
        };
      case 'UNMARKED':
        return {
          title: t('instance.unmarked', { instance }),
          detail: t('reference.mark'),
        };
      case 'INSTANCE_NOT_CONFIGURED':
        return { title: t('instance.notConfigured', { instance }), detail };
      default:
        return { title: t('instance.serverError', { instance }), detail };
    }
  };
}

/**
 * What failed, above the data that is still shown: a row for each MLflow
 * instance, and one if the portal's backend (`failure`) does not answer now.
 */
export function InstanceAlerts(props: {
  errors: readonly MlflowInstanceError[];
  staleSince?: number;
  failure?: Error;
  onRetry: () => void;
  isRetrying: boolean;
}) {
  const { t } = useTranslationRef(mlflowTranslationRef);
  const locale = useLocale();
  const getWords = useInstanceWords();
  const { errors, failure, isRetrying, onRetry, staleSince } = props;

  const rows = new Map(
    errors.map(error => [
      // An outage is said once; two experiments that are missing are two.
      `${error.instance}:${error.code}:${error.retryable ? '' : error.message}`,
      getWords(error),
    ]),
  );
  const stale =
    staleSince === undefined
      ? undefined
      : t('instance.staleSince', {
          time: formatSince(staleSince, Date.now(), locale),
        });
  if (failure) {
    rows.set('portal', {
      title: {
        'not-allowed': t('empty.notAllowed'),
        'signed-out': t('empty.signedOut'),
        'not-installed': t('empty.notInstalled'),
        'backend-unreachable': t('empty.backendUnreachable'),
      }[getFailureReason(failure)],
      detail: t('empty.backendStale'),
    });
  }
  if (rows.size === 0) {
    return null;
  }
  return (
    <Flex direction="column" gap="2">
      {[...rows].map(([key, { title, detail }]) => (
        <Alert
          key={key}
          role="status"
          status="warning"
          icon
          title={title}
          className={styles.alert}
          description={[detail, key === 'portal' ? undefined : stale]
            .filter(Boolean)
            .join(' ')}
          customActions={
            <Button
              size="small"
              variant="secondary"
              onPress={onRetry}
              isPending={isRetrying}
            >
              {t('empty.retry')}
            </Button>
          }
        />
      ))}
    </Flex>
  );
}

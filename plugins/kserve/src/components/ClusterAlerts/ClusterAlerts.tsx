// SPDX-License-Identifier: Apache-2.0
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Alert, Button, Flex } from '@backstage/ui';
import type { KserveClusterError } from '@greenroom/plugin-kserve-common';
import { formatSince, useLocale } from '@greenroom/ui';
import { getFailureReason } from '../../api';
import { kserveTranslationRef } from '../../translations';
import styles from './ClusterAlerts.module.css';

interface Words {
  title: string;
  detail?: string;
  canRetry: boolean;
}

function useClusterWords() {
  const { t } = useTranslationRef(kserveTranslationRef);
  const locale = useLocale();
  return (error: KserveClusterError): Words => {
    const { cluster, message, retryable: canRetry, staleSince } = error;
    const time =
      staleSince === undefined
        ? undefined
        : formatSince(staleSince, Date.now(), locale);
    const stale = time && t('cluster.stale');
    const detail = [message, time && t('cluster.staleSince', { time })]
      .filter(Boolean)
      .join(' ');
    switch (error.code) {
      case 'unreachable':
        return {
          title: time
            ? t('cluster.unreachableSince', { cluster, time })
            : t('cluster.unreachable', { cluster }),
          detail: stale ?? message,
          canRetry,
        };
      case 'timeout':
        return {
          title: time
            ? t('cluster.timeoutSince', { cluster, time })
            : t('cluster.timeout', { cluster }),
          detail: stale ?? message,
          canRetry,
        };
      case 'not-installed':
        return {
          title: t('cluster.notInstalled', { cluster }),
          detail: t('cluster.notInstalledNext'),
          canRetry,
        };
      case 'not-allowed':
        return {
          title: t('cluster.notAllowed', { cluster }),
          detail,
          canRetry,
        };
      case 'unauthenticated':
        return {
          title: t('cluster.unauthenticated', { cluster }),
          detail,
          canRetry,
        };
      case 'not-configured':
        return {
          title: t('cluster.notConfigured', { cluster }),
          detail: t('cluster.checkAnnotation'),
          canRetry,
        };
      case 'not-found':
        return {
          title: t('cluster.notFound', { cluster }),
          detail,
          canRetry,
        };
      case 'other-component':
        return {
          title: t('cluster.otherComponent', { cluster }),
          detail,
          canRetry,
        };
      case 'unmarked':
        return {
          title: t('cluster.unmarked', { cluster }),
          detail: t('cluster.mark'),
          canRetry,
        };
      default:
        return { title: t('cluster.failed', { cluster }), detail, canRetry };
    }
  };
}

/**
 * What failed, above what is still shown: a row for each cluster, and one if the
 * portal's backend (`failure`) does not answer now.
 */
export function ClusterAlerts(props: {
  errors: readonly KserveClusterError[];
  failure?: Error;
  onRetry: () => void;
  isRetrying: boolean;
}) {
  const { t } = useTranslationRef(kserveTranslationRef);
  const getWords = useClusterWords();
  const { errors, failure, isRetrying, onRetry } = props;

  const rows = new Map(
    errors.map(error => [
      // An outage is said once; two references that are missing are two.
      `${error.cluster}:${error.code}:${error.retryable ? '' : error.message}`,
      getWords(error),
    ]),
  );
  if (failure) {
    rows.set('portal', {
      title: {
        'not-allowed': t('empty.notAllowed'),
        'signed-out': t('empty.signedOut'),
        'not-installed': t('empty.notInstalled'),
        'backend-unreachable': t('empty.backendUnreachable'),
      }[getFailureReason(failure)],
      detail: t('empty.backendStale'),
      canRetry: true,
    });
  }
  if (rows.size === 0) {
    return null;
  }
  return (
    <Flex direction="column" gap="2">
      {[...rows].map(([key, { canRetry, detail, title }]) => (
        <Alert
          key={key}
          role="status"
          status="warning"
          icon
          title={title}
          description={detail}
          className={styles.alert}
          customActions={
            canRetry && (
              <Button
                size="small"
                variant="secondary"
                onPress={onRetry}
                isPending={isRetrying}
              >
                {t('empty.retry')}
              </Button>
            )
          }
        />
      ))}
    </Flex>
  );
}

// SPDX-License-Identifier: Apache-2.0
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Alert, Button } from '@backstage/ui';
import { triageTranslationRef } from '../../translations';

/** Above what is still shown: the backend does not answer now. */
export function StaleAlert(props: {
  error: Error | undefined;
  onRetry: () => void;
  isRetrying: boolean;
}) {
  const { t } = useTranslationRef(triageTranslationRef);
  return props.error ? (
    <Alert
      role="status"
      status="warning"
      icon
      title={t('failed.unreachable')}
      description={t('failed.stale')}
      customActions={
        <Button
          size="small"
          variant="secondary"
          onPress={props.onRetry}
          isPending={props.isRetrying}
        >
          {t('failed.retry')}
        </Button>
      }
    />
  ) : null;
}

// SPDX-License-Identifier: Apache-2.0
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Button, Flex, VisuallyHidden } from '@backstage/ui';
import { RiCheckLine, RiFileCopyLine } from '@remixicon/react';
import { useState } from 'react';
import { mlflowTranslationRef } from '../../translations';
import styles from './EmptyState.module.css';

/** A line of text to paste elsewhere. */
export function CopyableLine(props: { line: string }) {
  const { t } = useTranslationRef(mlflowTranslationRef);
  const { line } = props;
  const [isCopied, setIsCopied] = useState(false);

  // Browsers offer the clipboard to secure pages only; the line can be selected.
  const copy = () =>
    navigator.clipboard?.writeText(line).then(
      () => setIsCopied(true),
      () => setIsCopied(false),
    );

  return (
    <Flex align="center" gap="2" className={styles.copyable}>
      <code className={styles.line}>{line}</code>
      <Button
        size="small"
        variant="secondary"
        onPress={copy}
        iconStart={isCopied ? <RiCheckLine /> : <RiFileCopyLine />}
      >
        {isCopied ? t('empty.copied') : t('empty.copy')}
      </Button>
      <VisuallyHidden role="status">
        {isCopied ? t('empty.copied') : ''}
      </VisuallyHidden>
    </Flex>
  );
}

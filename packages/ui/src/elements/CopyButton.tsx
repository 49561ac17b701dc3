// SPDX-License-Identifier: Apache-2.0
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Button, VisuallyHidden } from '@backstage/ui';
import { RiCheckLine, RiFileCopyLine } from '@remixicon/react';
import { useState } from 'react';
import { uiTranslationRef } from '../translations';

/** Copies a text that is shown beside it. @public */
export function CopyButton(props: { text: string }) {
  const { t } = useTranslationRef(uiTranslationRef);
  const { text } = props;
  const [copied, setCopied] = useState<string>();
  const isCopied = copied === text;

  // Browsers offer the clipboard to secure pages only; the text can be selected.
  const copy = () =>
    navigator.clipboard?.writeText(text).then(
      () => setCopied(text),
      () => setCopied(undefined),
    );

  return (
    <>
      <Button
        size="small"
        variant="secondary"
        onPress={copy}
        iconStart={isCopied ? <RiCheckLine /> : <RiFileCopyLine />}
      >
        {isCopied ? t('copy.copied') : t('copy.copy')}
      </Button>
      <VisuallyHidden role="status">
        {isCopied ? t('copy.copied') : ''}
      </VisuallyHidden>
    </>
  );
}

// SPDX-License-Identifier: Apache-2.0
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Flex, Text, ToggleButton, ToggleButtonGroup } from '@backstage/ui';
import { useId, useState } from 'react';
import { CopyButton } from '@greenroom/ui';
import { kserveTranslationRef } from '../../translations';
import { createSnippet, type Language } from './snippets';
import styles from './TryIt.module.css';

const LANGUAGES: ReadonlyArray<[Language, string]> = [
  ['curl', 'curl'],
  ['python', 'Python'],
  ['typescript', 'TypeScript'],
];

/** The same request as a program of one's own. */
export function Snippets(props: { url: string; body: unknown }) {
  const { t } = useTranslationRef(kserveTranslationRef);
  const id = useId();
  const [language, setLanguage] = useState<Language>('curl');
  const snippet = createSnippet(language, props);
  return (
    <Flex direction="column" gap="2">
      <Text as="h3" id={id} variant="body-medium" weight="bold">
        {t('tryIt.snippets')}
      </Text>
      <Flex gap="2" justify="between" align="center" className={styles.row}>
        <ToggleButtonGroup
          aria-labelledby={id}
          selectionMode="single"
          disallowEmptySelection
          selectedKeys={[language]}
          onSelectionChange={keys => {
            const chosen = LANGUAGES.find(([key]) => keys.has(key));
            if (chosen) {
              setLanguage(chosen[0]);
            }
          }}
        >
          {LANGUAGES.map(([key, label]) => (
            <ToggleButton key={key} id={key} size="small">
              {label}
            </ToggleButton>
          ))}
        </ToggleButtonGroup>
        <CopyButton text={snippet} />
      </Flex>
      <pre
        className={styles.text}
        // A frame that scrolls is reached by keyboard.
        // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
        tabIndex={0}
        role="group"
        aria-label={t('tryIt.snippet')}
      >
        {snippet}
      </pre>
    </Flex>
  );
}

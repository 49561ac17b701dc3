// SPDX-License-Identifier: Apache-2.0
import { Flex, Text } from '@backstage/ui';
import type { ReactNode } from 'react';
import styles from './EmptyState.module.css';

/** What stands where data would, when there is none: why, and the next step. @public */
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

// SPDX-License-Identifier: Apache-2.0
import { Flex } from '@backstage/ui';
import { CopyButton } from './CopyButton';
import styles from './CopyableLine.module.css';

/** A line of text to paste elsewhere. @public */
export function CopyableLine(props: { line: string }) {
  const { line } = props;
  return (
    <Flex align="center" gap="2" className={styles.copyable}>
      <code className={styles.line}>{line}</code>
      <CopyButton text={line} />
    </Flex>
  );
}

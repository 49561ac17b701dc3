// SPDX-License-Identifier: Apache-2.0
import { toVisibleText } from '@greenroom/ui';
import styles from './elements.module.css';

/** A name from a log, a commit or a tool, in its own words. */
export function Code(props: { text: string }) {
  return (
    <code className={styles.code}>
      <bdi>{toVisibleText(props.text)}</bdi>
    </code>
  );
}

// SPDX-License-Identifier: Apache-2.0
import { toVisibleText } from '../formatting';
import styles from './elements.module.css';

/**
 * Words that a stranger chose: what is unseen in them is shown, their writing
 * direction ends with them, and they break or are cut where they have no space.
 *
 * @public
 */
export function Name(props: { text: string; isClipped?: boolean }) {
  const { isClipped = false, text } = props;
  return (
    <bdi
      className={isClipped ? styles.clipped : styles.name}
      title={isClipped ? text : undefined}
    >
      {toVisibleText(text)}
    </bdi>
  );
}

// SPDX-License-Identifier: Apache-2.0
import styles from './elements.module.css';

/**
 * A name that a stranger chose: its writing direction ends with it, and it
 * breaks or is cut where it has no space.
 */
export function Name(props: { text: string; isClipped?: boolean }) {
  const { isClipped = false, text } = props;
  return (
    <bdi
      className={isClipped ? styles.clipped : styles.name}
      title={isClipped ? text : undefined}
    >
      {text}
    </bdi>
  );
}

// SPDX-License-Identifier: Apache-2.0
import styles from './elements.module.css';

/**
 * Words that a stranger chose: their writing direction ends with them, and they
 * break where they have no space.
 */
export function Name(props: { text: string }) {
  return <bdi className={styles.name}>{props.text}</bdi>;
}

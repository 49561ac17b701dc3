// SPDX-License-Identifier: Apache-2.0
import { toVisibleText } from '../../formatting';
import styles from './elements.module.css';

/**
 * Words that a stranger chose: what is unseen in them is shown, their writing
 * direction ends with them, and they break where they have no space.
 */
export function Name(props: { text: string }) {
  return <bdi className={styles.name}>{toVisibleText(props.text)}</bdi>;
}

// SPDX-License-Identifier: Apache-2.0
import type { ReactNode } from 'react';
import styles from './Details.module.css';

/** A table that scrolls in a frame of its own, also by keyboard. */
export function TableFrame(props: { label: string; children: ReactNode }) {
  return (
    <div
      className={styles.frame}
      // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
      tabIndex={0}
      role="group"
      aria-label={props.label}
    >
      <table className={styles.table} aria-label={props.label}>
        {props.children}
      </table>
    </div>
  );
}

// SPDX-License-Identifier: Apache-2.0
import type { ReactNode } from 'react';
import { StatusIcon, type Status } from './StatusIcon';
import styles from './elements.module.css';

/** A state as icon and words; its colour only repeats them. @public */
export function StatusLabel(props: {
  status: Status;
  children: ReactNode;
  /** More to know, on hover. */
  title?: string;
}) {
  return (
    <span className={styles.status} title={props.title}>
      <StatusIcon status={props.status} />
      <span>{props.children}</span>
    </span>
  );
}

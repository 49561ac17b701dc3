// SPDX-License-Identifier: Apache-2.0
import type { ReactNode } from 'react';
import styles from './Table.module.css';

/** What people compare; its frame scrolls where it is narrower. */
export function Table(props: {
  label: string;
  columns: readonly string[];
  /** Whether on a phone each row is a block, its cells below each other with their `data-label`. */
  canStack?: boolean;
  children: ReactNode;
}) {
  const { canStack, children, columns, label } = props;
  return (
    <div
      className={`${styles.frame} ${canStack ? styles.stack : ''}`}
      // A frame that scrolls is reached by keyboard.
      // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
      tabIndex={0}
      role="group"
      aria-label={label}
    >
      <table className={styles.table} aria-label={label}>
        <thead>
          <tr>
            {columns.map(column => (
              <th key={column} scope="col">
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </div>
  );
}

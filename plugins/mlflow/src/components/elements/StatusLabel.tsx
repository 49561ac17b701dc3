import {
  RiCheckboxCircleFill,
  RiCloseCircleFill,
  RiErrorWarningFill,
  RiIndeterminateCircleFill,
  RiLoader4Line,
  RiTimeLine,
} from '@remixicon/react';
import type { ReactNode } from 'react';
import styles from './elements.module.css';

export type Status =
  'success' | 'danger' | 'warning' | 'running' | 'waiting' | 'stopped';

const ICONS = {
  success: RiCheckboxCircleFill,
  danger: RiCloseCircleFill,
  warning: RiErrorWarningFill,
  running: RiLoader4Line,
  waiting: RiTimeLine,
  stopped: RiIndeterminateCircleFill,
};

/** A state as icon and words; its colour only repeats them. */
export function StatusLabel(props: { status: Status; children: ReactNode }) {
  const Icon = ICONS[props.status];
  return (
    <span className={styles.status}>
      <Icon
        size={16}
        aria-hidden="true"
        className={`${styles.icon} ${styles[props.status]}`}
      />
      <span>{props.children}</span>
    </span>
  );
}

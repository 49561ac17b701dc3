// SPDX-License-Identifier: Apache-2.0
import {
  RiCheckboxCircleFill,
  RiCloseCircleFill,
  RiErrorWarningFill,
  RiIndeterminateCircleFill,
  RiLoader4Line,
  RiTimeLine,
} from '@remixicon/react';
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

/** A state's icon; words beside it must say the same. */
export function StatusIcon(props: { status: Status }) {
  const Icon = ICONS[props.status];
  return (
    <Icon
      size={16}
      aria-hidden="true"
      className={`${styles.icon} ${styles[props.status]}`}
    />
  );
}

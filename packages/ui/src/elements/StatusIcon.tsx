// SPDX-License-Identifier: Apache-2.0
import {
  RiCheckboxCircleFill,
  RiCloseCircleFill,
  RiErrorWarningFill,
  RiIndeterminateCircleFill,
  RiLoader4Line,
  RiQuestionFill,
  RiTimeLine,
} from '@remixicon/react';
import styles from './elements.module.css';

/** What a colour and an icon can say of a state. @public */
export type Status =
  | 'success'
  | 'danger'
  | 'warning'
  | 'running'
  | 'waiting'
  | 'stopped'
  | 'unknown';

const ICONS = {
  success: RiCheckboxCircleFill,
  danger: RiCloseCircleFill,
  warning: RiErrorWarningFill,
  running: RiLoader4Line,
  waiting: RiTimeLine,
  stopped: RiIndeterminateCircleFill,
  unknown: RiQuestionFill,
};

/** A state's icon; words beside it must say the same. @public */
export function StatusIcon(props: { status: Status; size?: number }) {
  const { size = 16, status } = props;
  const Icon = ICONS[status];
  return (
    <Icon
      size={size}
      aria-hidden="true"
      className={`${styles.icon} ${styles[status]}`}
    />
  );
}

// SPDX-License-Identifier: Apache-2.0
import { formatExactTime, formatRelativeTime } from '../../formatting';
import { useLocale } from '../../hooks/useLocale';

/** How long ago; the exact time on hover. */
export function RelativeTime(props: { time: number }) {
  const locale = useLocale();
  return (
    <time
      dateTime={new Date(props.time).toISOString()}
      title={formatExactTime(props.time, locale)}
    >
      {formatRelativeTime(props.time, Date.now(), locale)}
    </time>
  );
}

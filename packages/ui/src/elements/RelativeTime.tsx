// SPDX-License-Identifier: Apache-2.0
import { formatExactTime, formatRelativeTime } from '../formatting';
import { useLocale } from '../hooks/useLocale';

/** How long ago; the exact time on hover. `time` is in ms since 1970, or as ISO 8601 writes it. @public */
export function RelativeTime(props: { time: number | string }) {
  const locale = useLocale();
  const time = new Date(props.time);
  return (
    <time
      dateTime={time.toISOString()}
      title={formatExactTime(time.getTime(), locale)}
    >
      {formatRelativeTime(time.getTime(), Date.now(), locale)}
    </time>
  );
}

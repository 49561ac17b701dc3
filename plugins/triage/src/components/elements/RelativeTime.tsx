// SPDX-License-Identifier: Apache-2.0
import { formatExactTime, formatRelativeTime } from '../../formatting';
import { useLocale } from '../../hooks/useLocale';

/** How long ago; the exact time on hover. `time` is as ISO 8601 writes it. */
export function RelativeTime(props: { time: string }) {
  const locale = useLocale();
  const time = Date.parse(props.time);
  return (
    <time dateTime={props.time} title={formatExactTime(time, locale)}>
      {formatRelativeTime(time, Date.now(), locale)}
    </time>
  );
}

// SPDX-License-Identifier: Apache-2.0
import type { ReportedMetric } from '@greenroom/plugin-triage-common';
import { formatSince, useLocale } from '@greenroom/ui';
import { formatMeasure } from '../../formatting';
import styles from './MetricGraph.module.css';

/** Of the drawing; it is stretched to the width that there is. */
const WIDTH = 600;
const HEIGHT = 120;

type Points = ReportedMetric['series'][number]['points'];

function getRange(values: number[]): [low: number, high: number] {
  const [low, high] = values.reduce(
    ([least, most], value) => [Math.min(least, value), Math.max(most, value)],
    [Infinity, -Infinity],
  );
  // From zero where it is near: half of nothing looks like much.
  const bottom = low >= 0 && low < high / 2 ? 0 : low;
  return bottom === high ? [bottom - 1, high + 1] : [bottom, high];
}

/** The series of one expression over time, with the time at which the alert began. */
export function MetricGraph(props: {
  label: string;
  series: ReadonlyArray<{ name: string; points: Points }>;
  /** Milliseconds since 1970. */
  startsAt?: number;
  endsAt?: number;
}) {
  const locale = useLocale();
  const { endsAt, label, series, startsAt } = props;
  const points = series.flatMap(each => each.points);
  const [from, to] = getRange(points.map(([time]) => time));
  const times = [
    Math.min(...points.map(([time]) => time)),
    Math.max(...points.map(([time]) => time)),
  ];
  const [start, end] = times[0] === times[1] ? [from, to] : times;
  const [low, high] = getRange(points.map(([, value]) => value));
  const x = (time: number) => ((time - start) / (end - start)) * WIDTH;
  const y = (value: number) => HEIGHT - ((value - low) / (high - low)) * HEIGHT;
  const format = (value: number) => formatMeasure(value, label, locale);
  const marks = [startsAt, endsAt].filter(
    time => time !== undefined && time >= start && time <= end,
  );
  return (
    <div className={styles.graph}>
      <div className={styles.axis}>
        <span>{format(high)}</span>
        <span>{format(low)}</span>
      </div>
      <svg
        role="img"
        aria-label={label}
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        preserveAspectRatio="none"
        className={styles.plot}
      >
        {startsAt !== undefined && startsAt < end && (
          <rect
            x={Math.max(x(startsAt), 0)}
            width={x(Math.min(endsAt ?? end, end)) - Math.max(x(startsAt), 0)}
            height={HEIGHT}
            className={styles.firing}
          />
        )}
        {marks.map(time => (
          <line
            key={time}
            x1={x(time ?? start)}
            x2={x(time ?? start)}
            y2={HEIGHT}
            className={styles.mark}
          />
        ))}
        {series.map((each, index) => (
          <polyline
            key={each.name}
            points={each.points
              .map(
                ([time, value]) =>
                  `${x(time).toFixed(1)},${y(value).toFixed(1)}`,
              )
              .join(' ')}
            className={`${styles.line} ${styles[`line${index % 4}`]}`}
          />
        ))}
      </svg>
      <div className={styles.times}>
        <span>{formatSince(start, end, locale)}</span>
        <span>{formatSince(end, end, locale)}</span>
      </div>
    </div>
  );
}

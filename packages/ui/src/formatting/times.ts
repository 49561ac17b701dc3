// SPDX-License-Identifier: Apache-2.0
const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const UNITS = [
  ['year', 365 * DAY],
  ['month', 30 * DAY],
  ['week', 7 * DAY],
  ['day', DAY],
  ['hour', HOUR],
  ['minute', MINUTE],
] as const;

/**
 * How long ago or ahead, e.g. `12 minutes ago`, `in 3 days`; less than a minute
 * is `now`.
 *
 * @public
 */
export function formatRelativeTime(time: number, now: number, locale: string) {
  const age = Math.abs(now - time);
  const [unit, length] = UNITS.find(([, ms]) => age >= ms) ?? [
    'second' as const,
    Infinity,
  ];
  return new Intl.RelativeTimeFormat(locale, {
    numeric: unit === 'second' ? 'auto' : 'always',
  }).format(
    // What has passed is counted in whole units; what is to come, to the nearest.
    time > now ? Math.round(age / length) : -Math.floor(age / length),
    unit,
  );
}

/** A duration in its largest unit, in words, e.g. `5 days`. @public */
export function formatAge(duration: number, locale: string) {
  const [unit, length] = UNITS.find(([, ms]) => duration >= ms) ?? [
    'minute' as const,
    MINUTE,
  ];
  return new Intl.NumberFormat(locale, {
    style: 'unit',
    unit,
    unitDisplay: 'long',
  }).format(Math.floor(duration / length));
}

/** The exact time with its zone. @public */
export function formatExactTime(time: number, locale: string) {
  return new Intl.DateTimeFormat(locale, {
    dateStyle: 'medium',
    timeStyle: 'long',
  }).format(time);
}

/** The time of day, with the date unless it is today. @public */
export function formatSince(time: number, now: number, locale: string) {
  const today = new Date(time).toDateString() === new Date(now).toDateString();
  return new Intl.DateTimeFormat(locale, {
    ...(today ? {} : { dateStyle: 'medium' as const }),
    timeStyle: 'short',
  }).format(time);
}

/** A duration in its two largest units, e.g. `1 min 5 sec`, `38 ms`. @public */
export function formatDuration(duration: number, locale: string) {
  const unit = (value: number, name: string, fraction = 0) =>
    new Intl.NumberFormat(locale, {
      style: 'unit',
      unit: name,
      unitDisplay: 'short',
      maximumFractionDigits: fraction,
    }).format(value);
  if (duration < SECOND) {
    return unit(Math.max(duration, 0), 'millisecond');
  }
  if (duration < 10 * SECOND) {
    return unit(duration / SECOND, 'second', 1);
  }
  const rounded = Math.round(duration / SECOND) * SECOND;
  const parts = [
    [Math.floor(rounded / DAY), 'day'],
    [Math.floor((rounded % DAY) / HOUR), 'hour'],
    [Math.floor((rounded % HOUR) / MINUTE), 'minute'],
    [Math.floor((rounded % MINUTE) / SECOND), 'second'],
  ] as const;
  const first = parts.findIndex(([value]) => value > 0);
  return parts
    .slice(first, first + 2)
    .filter(([value]) => value > 0)
    .map(([value, name]) => unit(value, name))
    .join(' ');
}

// SPDX-License-Identifier: Apache-2.0

const UNITS: Record<string, number> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
  y: 31_536_000_000,
};

const MOST_DIGITS = 9;
const WHOLE = new RegExp(`^(?:\\d{1,${MOST_DIGITS}}(?:ms|[smhdwy]))+$`);
const PART = new RegExp(`(\\d{1,${MOST_DIGITS}})(ms|[smhdwy])`, 'g');

/** A duration of Prometheus in ms: `1h30m` is 5,400,000. What is none is NaN. */
function parseDuration(text: string): number {
  if (text === '0') {
    return 0;
  }
  return WHOLE.test(text)
    ? [...text.matchAll(PART)].reduce(
        (sum, [, count, unit]) => sum + Number(count) * UNITS[unit],
        0,
      )
    : NaN;
}

/** The shorter of the two; what is no duration stays, and Prometheus says so. */
export function shortenDuration(duration: string, longest: string): string {
  return parseDuration(duration) > parseDuration(longest) ? longest : duration;
}
